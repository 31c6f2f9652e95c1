//! Hello IAM World keeps its contract.

use std::net::SocketAddr;

use provost_lab::{Running, hello};
use serde_json::{Value, json};

use crate::client::{login, send, send_as, send_text};

async fn world(people: usize) -> (Running, SocketAddr) {
    let running =
        hello::start(hello::Options { people, ..hello::Options::default() }).await.expect("started");
    let address = running.address();
    (running, address)
}

/// The vendor's error, as `status message: detail`.
async fn error(address: SocketAddr, line: &str, body: Option<Value>) -> String {
    let reply = send(address, line, body).await;
    let error = &reply.json()["error"];
    let text = |member: &str| error[member].as_str().expect(member).to_owned();
    format!("{} {}: {}", reply.status, text("message"), text("detail"))
}

#[tokio::test]
async fn an_account_is_made_found_changed_disabled_and_enabled() {
    let (_world, address) = world(0).await;
    let profile = json!({"email": "ann@example.com", "first_name": "Ann", "last_name": "Example"});
    let reply = send(address, "POST /api/now/users", Some(profile)).await;
    let ann = json!({"user_id": "1001", "user_name": "ann", "active": true, "email": "ann@example.com",
                     "first_name": "Ann", "last_name": "Example"});
    assert_eq!((reply.status, reply.json()), (201, json!({"result": ann})));
    assert_eq!(reply.header("content-type"), Some("application/json"));

    for line in ["?email=ann%40example.com", "?email=ANN@example.com", "?username=Ann", "?id=1001"] {
        let reply = send(address, &format!("GET /api/now/users{line}"), None).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"result": [ann]})), "{line}");
    }
    for line in ["?email=an", "?email=", "?id=1002", "?id=1001&username=ben", "?username=ann&username=x"] {
        let reply = send(address, &format!("GET /api/now/users{line}"), None).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"result": []})), "{line}");
        assert_eq!(reply.header("x-total-count"), Some("0"));
    }

    let reply = send(address, "PATCH /api/now/users/1001", Some(json!({"active": false}))).await;
    assert_eq!((reply.status, &reply.json()["result"]["active"]), (200, &json!(false)));
    let reply = send(address, "PATCH /api/now/users/1001", Some(json!({"city": "Town"}))).await;
    assert_eq!(reply.json()["result"]["active"], json!(false));
    assert_eq!(reply.json()["result"]["city"], json!("Town"));
    let reply = send(address, "PATCH /api/now/users/1001", Some(json!({"active": true}))).await;
    let shown = send(address, "GET /api/now/users/1001", None).await;
    assert_eq!((shown.status, shown.json()), (200, reply.json()));
    assert_eq!(shown.json()["result"]["first_name"], json!("Ann"));
}

#[tokio::test]
async fn refusals_are_in_the_vendors_words() {
    let (_world, address) = world(2).await;
    let users = "POST /api/now/users";
    let taken = Some(json!({"email": "USER0001@example.com"}));
    let conflict = "409 User already exists: another user has the email `USER0001@example.com`";
    assert_eq!(error(address, users, taken.clone()).await, conflict);
    assert_eq!(error(address, "PATCH /api/now/users/1002", taken).await, conflict);
    let taken = Some(json!({"email": "ann@example.com", "user_name": "User0001"}));
    let conflict = "409 User already exists: another user has the user_name `User0001`";
    assert_eq!(error(address, users, taken).await, conflict);
    let required = "400 Invalid request: the attribute `email` is required";
    assert_eq!(error(address, users, Some(json!({"city": "Town"}))).await, required);
    let unknown = Some(json!({"email": "ann@example.com", "shoe_size": "40"}));
    assert_eq!(error(address, users, unknown).await, "400 Invalid request: unknown attribute `shoe_size`");
    let missing = "404 Not found: there is no user with the id `77`";
    assert_eq!(error(address, "PATCH /api/now/users/77", Some(json!({}))).await, missing);
    assert_eq!(error(address, "GET /api/now/users/77", None).await, missing);
    let filter = "400 Invalid request: unknown filter `mail`";
    assert_eq!(error(address, "GET /api/now/users?mail=x", None).await, filter);
    for path in ["/", "/api/now", "/api/now/", "/api/now/people", "/api/now/users/1/2", "/users"] {
        let nothing = format!("404 Not found: there is nothing at {path}");
        assert_eq!(error(address, &format!("GET {path}"), None).await, nothing);
    }
    assert!(error(address, "GET /api/now/users/%ff", None).await.starts_with("400 Invalid request: "));
    assert!(error(address, "GET /api/now/users?limit=-1", None).await.contains("`limit` must be"));
    let listed = send(address, "GET /api/now/users", None).await;
    assert_eq!(listed.header("x-total-count"), Some("2"), "nothing was made by a refused request");
}

#[tokio::test]
async fn wrong_methods_and_bodies_are_refused() {
    let (_world, address) = world(1).await;
    let method = "405 Method Not Allowed: DELETE is not possible at this path";
    assert_eq!(error(address, "DELETE /api/now/users/1001", None).await, method);
    let reply = send(address, "PUT /api/now/users", None).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET,HEAD,POST")));
    for (line, body) in [("POST /api/now/users", "{\"email\":}"), ("PATCH /api/now/users/1001", "")] {
        let reply = send_text(address, line, body).await;
        let detail = reply.json()["error"]["detail"].as_str().expect("detail").to_owned();
        assert_eq!(reply.status, 400);
        assert!(detail.starts_with("the body is no JSON: "), "{detail}");
    }
    let limit = 1024 * 1024;
    let fitting = |length: usize| json!({"city": "x".repeat(length - "{\"city\":\"\"}".len())});
    let reply = send(address, "PATCH /api/now/users/1001", Some(fitting(limit))).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let (_world, address) = world(0).await;
    // Only the head is sent: a server that wanted the body would wait for it.
    let request = format!(
        "POST /api/now/users HTTP/1.1\r\nhost: lab\r\n{}content-length: {}\r\n\r\n",
        login("lab", "lab"),
        1024 * 1024 + 1
    );
    let answer = crate::client::raw(address, &request).await.expect("an answer");
    let answer = String::from_utf8(answer).expect("text");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"detail\":\"the body may have at most 1 MiB\""), "{answer}");
}

#[tokio::test]
async fn only_the_right_credentials_pass() {
    let (_world, address) = world(0).await;
    // `lab:lab` and `lab:other` in Base64.
    for (authorization, status) in [
        ("Basic bGFiOmxhYg==", 200),
        ("basic bGFiOmxhYg==", 200),
        ("Basic bGFiOm90aGVy", 401),
        ("Bearer bGFiOmxhYg==", 401),
        ("Basic", 401),
        ("", 401),
    ] {
        let reply = send_as(address, "GET /api/now/test", authorization).await;
        assert_eq!(reply.status, status, "{authorization}");
    }
    let reply = send_as(address, "GET /api/now/nowhere", "").await;
    assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"Hello IAM World\""));
    let error = json!({"message": "Unauthorized", "detail": "a valid user name and password are required"});
    assert_eq!((reply.status, reply.json()), (401, json!({"error": error})));
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (_world, address) = world(620).await;
    let page = async |query: &str| {
        let reply = send(address, &format!("GET /api/now/users{query}"), None).await;
        assert_eq!((reply.status, reply.header("x-total-count")), (200, Some("620")));
        let users = reply.json()["result"].as_array().expect("a list").clone();
        let id = |user: Option<&Value>| user.map(|user| user["user_id"].as_str().expect("id").to_owned());
        (users.len(), id(users.first()), id(users.last()))
    };
    let expected = |count: usize, first: usize| {
        (count, (count > 0).then(|| first.to_string()), (count > 0).then(|| (first + count - 1).to_string()))
    };
    assert_eq!(page("").await, expected(100, 1001));
    assert_eq!(page("?limit=7&offset=3").await, expected(7, 1004));
    assert_eq!(page("?limit=1000").await, expected(500, 1001));
    assert_eq!(page("?offset=600").await, expected(20, 1601));
    assert_eq!(page("?offset=620").await, expected(0, 0));
    assert_eq!(page("?offset=99999999").await, expected(0, 0));
}

#[tokio::test]
async fn the_schema_names_what_an_account_has() {
    let (_world, address) = world(1).await;
    let reply = send(address, "GET /api/now/schema", None).await;
    let schema = reply.json();
    let fields = schema["result"].as_array().expect("a list");
    assert_eq!(fields.len(), 16);
    assert_eq!(fields[1], json!({"name": "city", "description": "City"}));
    for field in fields {
        let name = field["name"].as_str().expect("a name");
        let reply = send(address, "PATCH /api/now/users/1001", Some(json!({name: "value"}))).await;
        assert_eq!(reply.json()["result"][name], json!("value"));
    }
}
