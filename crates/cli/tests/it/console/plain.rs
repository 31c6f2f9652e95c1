//! What is asked of the console without a browser: who gets in, and what is changed by whom.

use crate::provost::Provost;
use crate::serve::http::{Answer, try_request};
use crate::serve::server::Server;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const OWN: (&str, &str) = ("Sec-Fetch-Site", "same-origin");
const PAGE: (&str, &str) = ("Accept", "text/html,*/*");

async fn send(server: &Server, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    try_request(&server.address, line, headers, body).await.expect("the server answers")
}

/// Signs in; the cookie.
async fn sign_in(server: &Server, key: &str) -> String {
    let answer = send(server, "POST /login", &[FORM, OWN, PAGE], &format!("key={key}")).await.ended(303);
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
    cookie.split(';').next().expect("a pair").to_owned()
}

#[tokio::test]
async fn nobody_gets_in_without_a_key_or_from_elsewhere() {
    let provost = Provost::configured("instances: {}\n");
    let server = Server::start(&provost, &[]).await;
    let answer = send(&server, "GET /runs", &[PAGE], "").await.ended(303);
    assert_eq!(answer.header("location"), Some("/login?next=%2Fruns"));
    let right = format!("key={}", server.key());
    for headers in [&[FORM, PAGE][..], &[FORM, PAGE, ("Sec-Fetch-Site", "cross-site")]] {
        let refused = send(&server, "POST /login", headers, &right).await.ended(403);
        assert!(refused.header("set-cookie").is_none(), "{refused:?}");
    }
    let wrong = send(&server, "POST /login", &[FORM, OWN, PAGE], "key=pv_a_b").await.ended(401);
    assert!(wrong.body.contains("role=\"alert\""), "{wrong:?}");
    for (next, expected) in [("/runs", "/runs"), ("//example.com/", "/"), ("https://example.com", "/")] {
        let body = format!("{right}&next={next}");
        let answer = send(&server, "POST /login", &[FORM, OWN, PAGE], &body).await.ended(303);
        assert_eq!(answer.header("location"), Some(expected));
    }
    let cookie = sign_in(&server, server.key()).await;
    let cookie = ("Cookie", cookie.as_str());
    send(&server, "POST /keys", &[FORM, PAGE, cookie, ("Origin", "http://example.com")], "name=x&role=admin")
        .await
        .ended(403);
    let missing = send(&server, "GET /nowhere", &[PAGE, cookie], "").await.ended(404);
    assert!(missing.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{missing:?}");
    send(&server, "POST /logout", &[FORM, OWN, PAGE, cookie], "").await.ended(303);
    send(&server, "GET /", &[PAGE, cookie], "").await.ended(303);
}

#[tokio::test]
async fn a_viewer_looks_and_a_key_that_is_gone_ends_its_sessions() {
    let provost = Provost::new();
    let server = Server::start(&provost, &["--lab"]).await;
    let made =
        server.ask("POST /api/v1/keys", r#"{"name": "looker", "role": "viewer"}"#).await.ended(201).json();
    let cookie = sign_in(&server, made["key"].as_str().expect("a key")).await;
    let cookie = ("Cookie", cookie.as_str());
    let ask = async |line: &str, body: &str| send(&server, line, &[FORM, OWN, PAGE, cookie], body).await;
    ask("GET /keys", "").await.ended(403);
    let page = ask("GET /run", "").await.ended(200);
    assert!(page.body.contains("iam-get-user") && !page.body.contains("iam-create-user"), "{}", page.body);
    ask("POST /run", "verb=get&person=ann%40example.com").await.ended(200);
    let refused = ask("POST /run", "verb=create&person=ann%40example.com").await.ended(403);
    assert!(refused.body.contains("looker is viewer"), "{}", refused.body);
    ask(
        "POST /run",
        "line=!iam-disable-user+user-profile%3D%60%7B%22email%22%3A%22ann%40example.com%22%7D%60",
    )
    .await
    .ended(403);
    ask("POST /people/ann%40example.com/disable", "typed=ann%40example.com").await.ended(403);
    server.ask(&format!("DELETE /api/v1/keys/{}", made["id"].as_str().expect("an id")), "").await.ended(204);
    ask("GET /", "").await.ended(303);
}

#[tokio::test]
async fn instances_are_added_changed_and_removed_by_an_admin() {
    let provost = Provost::new();
    let server = Server::start(&provost, &[]).await;
    let cookie = sign_in(&server, server.key()).await;
    let cookie = ("Cookie", cookie.as_str());
    let ask = async |line: &str, body: &str| send(&server, line, &[FORM, OWN, PAGE, cookie], body).await;
    let form = ask("GET /integrations/hello-iam-world", "").await.ended(200).body;
    assert!(form.contains("name=\"p.url\"") && form.contains("type=\"password\""), "{form}");
    let body = "name=hello&enabled=yes&p.url=http%3A%2F%2F127.0.0.1%3A9&p.credentials.username=app\
                &p.credentials=canary-password&p.insecure=&further=%7B%22timeout%22%3A+7%7D";
    let made = ask("POST /integrations/hello-iam-world", body).await.ended(303);
    assert_eq!(made.header("location"), Some("/instances/hello"));
    let page = ask("GET /instances/hello", "").await.ended(200).body;
    assert!(page.contains("sealed:") && !page.contains("canary-password"), "{page}");
    let edit = ask("GET /instances/hello/edit", "").await.ended(200).body;
    assert!(edit.contains("unchanged: sealed:") && edit.contains("timeout"), "{edit}");
    let body = "revision=1&p.url=http%3A%2F%2F127.0.0.1%3A10&p.credentials.username=app";
    ask("POST /instances/hello/edit", body).await.ended(303);
    let stale = ask("POST /instances/hello/edit", body).await.ended(412).body;
    assert!(stale.contains("changed meanwhile"), "{stale}");
    let page = ask("GET /instances/hello", "").await.ended(200).body;
    assert!(page.contains("127.0.0.1:10") && page.contains("sealed:") && page.contains(">off<"), "{page}");
    ask("POST /instances/hello/remove", "typed=other").await.ended(422);
    ask("POST /instances/hello/remove", "typed=hello").await.ended(303);
    ask("GET /instances/hello", "").await.ended(404);
    let events = server.ask("GET /api/v1/audit?kind=configuration", "").await.ended(200);
    assert!(!events.body.contains("canary-password"), "{}", events.body);
    let what: Vec<String> = events.json()["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["event"]["what"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(what, ["instance removed", "instance changed", "instance made"]);
}
