//! The conformance kit at the servers of others. What they do otherwise is theirs, and known.

use serde_json::Value;

use crate::provost::{PASSWORD_VARIABLE, Provost};

/// Checks that do not hold, by server: which, and what the server does instead.
const DIFFERENT: [(&str, &str, &str); 8] = [
    ("django-scim2", "create-twice", "its PATCH changes nothing unless its user writes code for that"),
    ("django-scim2", "update", "the same"),
    ("django-scim2", "update-same", "the same"),
    ("django-scim2", "group-nobody", "its filter for groups fails"),
    ("django-scim2", "group", "the same"),
    ("canaille", "reachable", "it fails over `count`"),
    ("canaille", "unknown-attribute", "it fails over an attribute that it does not know"),
    ("canaille", "group", "a group without members is refused"),
];

/// Runs the kit with the program's one instance at the server, and says what is not as known.
pub(crate) async fn differences(program: Provost, server: &str, token: &str) -> Vec<String> {
    let program = program.variable(PASSWORD_VARIABLE, token);
    let printed = program.run(&["integration", "test", "--instance", "app", "--yes", "-o", "jsonl"]).await;
    let findings = printed.json_lines();
    assert!(findings.len() > 20, "{server}: {findings:#?}");
    let mut found: Vec<String> = findings.iter().filter_map(|finding| difference(server, finding)).collect();
    found.extend(printed.holds(token).then(|| "the kit shows the token".to_owned()));
    found
}

fn difference(server: &str, finding: &Value) -> Option<String> {
    let check = finding["check"].as_str().unwrap_or_default();
    let is_known = DIFFERENT.iter().any(|(known, name, _)| *known == server && *name == check);
    let holds = finding["result"] == "ok";
    (holds == is_known).then(|| format!("the kit's check `{check}`: {}", finding["note"]))
}
