//! Answers that are too large to be written down.

use provost_lab::case::Case;
use serde_json::json;

use super::{differences, play, runtime};

#[test]
fn ten_megabytes_are_refused_in_words() {
    let filler = "x".repeat(10 * 1024 * 1024);
    for body in [json!(filler), json!({"result": [{"user_id": "7", "city": filler}]})] {
        let case: Case = serde_json::from_value(json!({
            "id": "large",
            "about": "An answer that no look-up can need is not kept in memory.",
            "command": "iam-create-user",
            "arguments": {"user-profile": {"email": "ann@example.com"}},
            "exchanges": [{"request": "GET /api/now/users?email=ann%40example.com", "answer": {"body": body}}],
            "expect": {
                "exit": 1,
                "record": {"action": "create", "success": false, "errorCode": 200},
                "message": "the answer is larger than 8 MB",
            },
        }))
        .expect("a case");
        let found = differences(runtime().block_on(play(&case, "hello-iam-world")));
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn a_value_longer_than_an_address_is_refused_in_words() {
    let email = format!("{}@example.com", "a".repeat(70_000));
    let case: Case = serde_json::from_value(json!({
        "id": "long",
        "about": "What can never be sent is neither tried again nor taken for an outage.",
        "command": "iam-get-user",
        "arguments": {"user-profile": {"email": email}},
        "expect": {
            "exit": 1,
            "record": {"action": "get", "success": false},
            "message": "is a value of the profile longer than an address can be?",
        },
    }))
    .expect("a case");
    let begun = std::time::Instant::now();
    let found = differences(runtime().block_on(play(&case, "hello-iam-world")));
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(begun.elapsed().as_millis() < 5_000, "it was tried again");
}
