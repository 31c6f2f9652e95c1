//! `provost key`.

use serde_json::json;

use super::with_events;
use crate::provost::Provost;

#[tokio::test]
async fn a_key_is_made_shown_once_and_taken_away() {
    let provost = with_events(1).await;
    let words = ["key", "add", "nightly joiners", "--role", "operator", "--expires", "90d"];
    let scopes = ["--instances", "okta-*,crm", "--commands", "iam-*"];
    let made = provost.run(&[&words[..], &scopes[..]].concat()).await.ended(0);
    let key = made.stdout.trim();
    let id = key.strip_prefix("pv_").and_then(|rest| rest.split('_').next()).expect("a key");
    assert!(made.stderr.contains("shown this once") && !made.stderr.contains(key), "{made:#?}");

    let shown = provost.run(&["key", "list", "-o", "json"]).await.ended(0);
    let listed = &shown.json()[0];
    assert_eq!((&listed["id"], &listed["role"]), (&json!(id), &json!("operator")));
    assert_eq!(listed["scopes"], json!({"instances": ["okta-*", "crm"], "commands": ["iam-*"]}));
    assert!(listed["expires"].is_string() && listed.get("revoked").is_none() && !shown.stdout.contains(key));
    let shown = provost.run(&["key", "list"]).await.ended(0);
    assert!(shown.stdout.contains("nightly joiners") && shown.stdout.contains("until "), "{shown:#?}");

    let shown = provost.run(&["key", "revoke", key]).await.ended(0);
    assert!(shown.stdout.contains("taken away"), "{shown:#?}");
    let shown = provost.run(&["key", "revoke", id]).await.ended(2);
    assert!(shown.stderr.contains("no key") && shown.stderr.contains("key list"), "{shown:#?}");
    let shown = provost.run(&["key", "list"]).await.ended(0);
    assert!(shown.stdout.contains("taken away "), "{shown:#?}");

    let events = provost.run(&["audit", "list", "--kind", "access", "-o", "json"]).await.ended(0);
    let events = events.json();
    assert_eq!(
        (&events[0]["event"]["what"], &events[1]["event"]["what"]),
        (&json!("key taken away"), &json!("key made"))
    );
    assert_eq!(
        (&events[0]["event"]["before"]["id"], &events[1]["event"]["after"]["id"]),
        (&json!(id), &json!(id))
    );
    assert_eq!(events[1]["event"]["actor"]["kind"], "console");
}

#[tokio::test]
async fn the_first_key_may_come_before_the_first_server() {
    let provost = Provost::new();
    for words in [
        &["key", "add", "", "--role", "viewer"][..],
        &["key", "add", "ci", "--role", "viewer", "--expires", "2020-01-01"],
        &["key", "add", "ci", "--role", "king"],
        &["key", "add", "ci"],
    ] {
        provost.run(words).await.ended(2);
    }
    assert_eq!(provost.folder().read_dir().expect("a folder").count(), 0, "nothing was made");
    let made = provost.run(&["key", "add", "ci", "--role", "admin", "-o", "json"]).await.ended(0);
    assert!(made.stderr.contains("There was no store"), "{made:#?}");
    assert!(made.json()["key"].as_str().is_some_and(|key| key.starts_with("pv_")));
    let mut child = provost.start(&["serve", "--lab", "--listen", "127.0.0.1:0"]);
    let said = super::wait_for(&mut child, "Ctrl-C").await;
    assert!(!said.contains("first key"), "{said}");
    child.kill().await.expect("it ends");
}
