//! Nothing that a stranger sends ends the program.

use proptest::prelude::*;
use provost_scim::{Filter, USER, patched};
use serde_json::{Map, Value, json};

/// Pieces of which filters and paths are made, and some that are none.
const PIECES: [&str; 22] = [
    "userName",
    "emails",
    "name.",
    ".value",
    "[",
    "]",
    "(",
    ")",
    " ",
    "eq",
    "pr",
    "and",
    "or",
    "not",
    "\"x\"",
    "\"",
    "\\",
    "true",
    "7",
    "urn:ietf:params:scim:schemas:core:2.0:User:",
    "å",
    "🙂",
];

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..PIECES.len(), 0..12)
        .prop_map(|places| places.into_iter().map(|place| PIECES[place]).collect())
}

proptest! {
    #[test]
    fn filters_are_read_or_refused(text in text()) {
        let ann = json!({"userName": "ann", "emails": [{"value": "ann@example.com"}, "x", null]});
        if let Ok(filter) = text.parse::<Filter>() {
            let _ = filter.named_by(&USER).holds(ann.as_object().expect("an object"));
        }
    }

    #[test]
    fn paths_are_followed_or_refused(path in text(), verb in 0..3_usize) {
        let verb = ["add", "replace", "remove"][verb];
        let operation = json!({"op": verb, "path": path, "value": "x"});
        let ann = Map::from_iter([("userName".to_owned(), Value::from("ann"))]);
        if let Ok(after) = patched(&USER, &ann, &[operation]) {
            prop_assert!(after.contains_key("userName"));
        }
    }
}
