//! Tokens: fetched once, made new when they are worn, and never shown.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use crate::provost::Provost;

const SECRET: &str = "canary-client-secret";
const TOKENS: [&str; 2] = ["canary-token-1", "canary-token-2"];
const FIND: &str = "GET /Users?filter=userName+eq+%22ann%22";

/// A server of SCIM with its own token end point.
async fn server(exchanges: Vec<Value>) -> Server {
    let exchanges =
        exchanges.into_iter().map(|exchange| serde_json::from_value(exchange).expect("an exchange"));
    Server::start(exchanges.collect::<Vec<Exchange>>()).await.expect("the script can be played")
}

fn configured(server: &Server) -> Provost {
    let instance = json!({
        "integration": "scim", "url": server.url(), "discover": false, "scopes": "users",
        "client-id": "app", "client-secret": "env:SECRET", "token-url": format!("{}/token", server.url()),
    });
    Provost::configured(&json!({"instances": {"app": instance}}).to_string()).variable("SECRET", SECRET)
}

/// The request for a token, and its answer. The header is `app:canary-client-secret`.
fn log_in(token: &str) -> Value {
    json!({
        "request": "POST /token",
        "headers": {"authorization": "Basic YXBwOmNhbmFyeS1jbGllbnQtc2VjcmV0"},
        "body": "grant_type=client_credentials&scope=users",
        "answer": {"body": {"access_token": token, "token_type": "Bearer", "expires_in": 3600}},
    })
}

fn asked(token: &str, answer: &Value) -> Value {
    json!({"request": FIND, "headers": {"authorization": format!("Bearer {token}")}, "answer": answer})
}

#[tokio::test]
async fn a_worn_token_is_made_new_once() {
    let echo = json!({"detail": format!("{} has expired", TOKENS[0])});
    let refused = json!({"status": 401, "body": echo});
    let found =
        json!({"body": {"totalResults": 1, "Resources": [{"id": "1", "userName": "ann", "active": true}]}});
    let written = json!({
        "request": "PATCH /Users/1", "headers": {"authorization": format!("Bearer {}", TOKENS[1])},
        "answer": {"status": 204},
    });
    let exchanges = vec![
        log_in(TOKENS[0]),
        asked(TOKENS[0], &refused),
        log_in(TOKENS[1]),
        asked(TOKENS[1], &found),
        written,
    ];
    let server = server(exchanges).await;
    let words = ["iam-disable-user", "--user-profile={\"username\": \"ann\"}", "-v"];
    let printed = configured(&server).run(&words).await.ended(0);
    server.finish().await.expect("two tokens, the second for all that follows");
    for secret in [SECRET, TOKENS[0], TOKENS[1], "YXBwOmNhbmFyeS"] {
        assert!(!printed.holds(secret), "{secret}: {printed:#?}");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_twice_stays_refused() {
    let refused = json!({"status": 401, "body": {"detail": format!("{} is unknown", TOKENS[1])}});
    let exchanges =
        vec![log_in(TOKENS[0]), asked(TOKENS[0], &refused), log_in(TOKENS[1]), asked(TOKENS[1], &refused)];
    let server = server(exchanges).await;
    let words = ["iam-get-user", "--user-profile={\"username\": \"ann\"}", "--output=json"];
    let printed = configured(&server).run(&words).await.ended(1);
    server.finish().await.expect("no third token");
    assert_eq!(printed.json()["IAM.Vendor"]["errorMessage"], "[secret] is unknown");
}

#[tokio::test]
async fn a_refused_log_in_is_told_in_the_systems_words() {
    let cases = [
        (
            json!({"error": "invalid_client", "error_description": SECRET}),
            "invalid_client",
            "check the id and the secret",
        ),
        (json!({"error": "invalid_scope"}), "invalid_scope", "grant the scopes"),
        (json!("<html>"), "refused with 400", "check the instance's credentials"),
    ];
    for (body, words, hint) in cases {
        let server =
            server(vec![json!({"request": "POST /token", "answer": {"status": 400, "body": body}})]).await;
        let printed = configured(&server)
            .run(&["iam-get-user", "--user-profile={\"username\": \"ann\"}"])
            .await
            .ended(1);
        server.finish().await.expect("one log-in");
        assert!(printed.stdout.contains(words) && printed.stderr.contains(hint), "{printed:#?}");
        assert!(!printed.holds(SECRET), "{printed:#?}");
    }
}

#[tokio::test]
async fn a_log_in_that_is_down_is_no_system_that_says_nothing_of_itself() {
    let down = json!({"request": "POST /token", "answer": {"status": 503, "body": "busy"}});
    let server = server(vec![down.clone(), down.clone(), down]).await;
    let instance = json!({
        "integration": "scim", "url": server.url(), "scopes": "users",
        "client-id": "app", "client-secret": "env:SECRET", "token-url": format!("{}/token", server.url()),
    });
    let provost = Provost::configured(&json!({"instances": {"app": instance}}).to_string());
    let words = ["iam-create-user", "--user-profile={\"username\": \"ann\"}", "--output=json"];
    let printed = provost.variable("SECRET", SECRET).run(&words).await.ended(1);
    let place = format!("no token could be had from {}/token: ", server.address());
    server.finish().await.expect("three log-ins, and nothing else");
    let message = printed.json()["IAM.Vendor"]["errorMessage"].to_string();
    assert!(message.contains(&place), "{message}");
}

#[tokio::test]
async fn without_credentials_the_ways_are_named() {
    let server = Server::start(vec![Exchange::new("GET /x", Answer::default())]).await.expect("it starts");
    let instance = json!({"integration": "okta-iam", "url": server.url(), "client-id": "app"});
    let provost = Provost::configured(&json!({"instances": {"okta": instance}}).to_string());
    let printed = provost.run(&["iam-get-user", "--user-profile={\"username\": \"ann\"}"]).await.ended(2);
    assert!(
        printed.stderr.contains("set `api-token`, or `client-id` and `private-key`"),
        "{}",
        printed.stderr
    );
}
