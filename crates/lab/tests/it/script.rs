//! A scripted server plays in order and tells what went wrong.

use std::io;

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use crate::client::send;

async fn server(script: Value) -> Server {
    let exchanges: Vec<Exchange> = serde_json::from_value(script).expect("a script");
    Server::start(exchanges).await.expect("started")
}

#[tokio::test]
async fn a_script_that_is_followed_has_no_complaints() {
    let server = server(json!([
        {"request": "GET /api/now/users?email=ann%40example.com", "answer": {"body": {"result": []}}},
        {"request": "POST /api/now/users", "body": {"email": "ann@example.com", "zip": "1"},
         "answer": {"status": 201, "headers": {"X-Trace": "t1"}, "body": "not json", "delay": 1}},
        {"request": "DELETE /api/now/users/1"},
    ]))
    .await;
    let address = server.address();
    assert_eq!(server.url(), format!("http://{address}"));

    let reply = send(address, "GET /api/now/users?email=ann%40example.com", None).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"result": []})));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    // The order of members does not matter.
    let body = json!({"zip": "1", "email": "ann@example.com"});
    let reply = send(address, "POST /api/now/users", Some(body)).await;
    assert_eq!((reply.status, reply.body.as_str()), (201, "not json"));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(reply.header("x-trace"), Some("t1"));
    let reply = send(address, "DELETE /api/now/users/1", None).await;
    assert_eq!((reply.status, reply.body.as_str(), reply.header("content-type")), (200, "", None));
    assert_eq!(server.finish().await, Ok(()));
}

#[tokio::test]
async fn requests_out_of_order_are_named_and_do_not_use_the_script_up() {
    let server =
        server(json!([{"request": "GET /a?x=%20"}, {"request": "GET /b"}, {"request": "GET /c"}])).await;
    let address = server.address();
    let reply = send(address, "GET /a?x=+", None).await;
    let detail = "wanted GET /a?x=%20, got GET /a?x=+";
    assert_eq!(reply.status, 599);
    assert_eq!(reply.json(), json!({"error": {"message": "unexpected request", "detail": detail}}));
    assert_eq!(send(address, "GET /a?x=%20", None).await.status, 200);
    assert_eq!(send(address, "GET /c", None).await.status, 599);
    assert_eq!(send(address, "POST /b", None).await.status, 599);
    assert_eq!(send(address, "GET /b", None).await.status, 200);
    let complaints = server.finish().await.expect_err("complaints");
    assert_eq!(
        complaints,
        [
            "request 1: wanted GET /a?x=%20, got GET /a?x=+",
            "request 3: wanted GET /b, got GET /c",
            "request 4: wanted GET /b, got POST /b",
            "not asked for: GET /c",
        ]
    );
}

#[tokio::test]
async fn wrong_bodies_and_requests_after_the_end_are_named() {
    let server = server(json!([
        {"request": "PATCH /a", "body": {"active": true}},
        {"request": "PATCH /a", "body": {"active": false}},
    ]))
    .await;
    let address = server.address();
    let reply = send(address, "PATCH /a", Some(json!({"active": "true"}))).await;
    let detail = "PATCH /a: wanted the body {\"active\":true}, got {\"active\":\"true\"}";
    assert_eq!((reply.status, &reply.json()["error"]["detail"]), (599, &json!(detail)));
    assert_eq!(send(address, "PATCH /a", None).await.status, 599);
    assert_eq!(send(address, "PATCH /a", None).await.status, 599);
    let complaints = server.finish().await.expect_err("complaints");
    assert_eq!(complaints[0], format!("request 1: {detail}"));
    assert_eq!(complaints[1], "request 2: PATCH /a: wanted the body {\"active\":false}, got ");
    assert_eq!(complaints[2..], ["request 3: wanted no further request, got PATCH /a"]);
}

#[tokio::test]
async fn a_script_that_cannot_be_played_does_not_start() {
    let exchanges = vec![
        Exchange::new("GET /a", Answer::default()),
        Exchange::new("GET /b", Answer::new(101, Value::Null)),
    ];
    let error = Server::start(exchanges).await.err().expect("refused");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert_eq!(error.to_string(), "exchange 2 (GET /b): the status 101 is not from 200 to 599");
}
