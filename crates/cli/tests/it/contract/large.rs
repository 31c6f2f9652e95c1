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
