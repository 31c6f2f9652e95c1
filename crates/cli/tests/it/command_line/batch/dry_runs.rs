//! Dry runs: look-ups and decisions, and never a write.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use super::super::{KNOWN, with_instances, with_system};
use super::BATCH;
use crate::provost::CANARY;

const LOOK_UP: &str = "GET /api/now/users?email=ann%40example.com";

fn nobody() -> Answer {
    Answer::new(200, json!({"result": []}))
}

fn account(active: bool) -> Answer {
    let account = json!({"user_id": "7", "user_name": "ann", "active": active, "email": "ann@example.com"});
    Answer::new(200, json!({"result": [account]}))
}

#[tokio::test]
async fn a_dry_run_sends_no_write() {
    let cases = [
        ("create", nobody(), "create", "Dry run: would create the account."),
        ("create", account(true), "update", "Dry run: would update the account."),
        ("update", account(false), "update", "Dry run: would enable, then update the account."),
        ("update", nobody(), "create", "Dry run: would create the account."),
        ("disable", account(true), "disable", "Dry run: would disable the account."),
        ("disable", account(false), "disable", "User is already disabled."),
        ("enable", account(false), "enable", "Dry run: would enable the account."),
    ];
    let profile = json!({"email": "ann@example.com", "title": "Sales", "password": CANARY});
    let line =
        |verb: &str| format!("{}\n", json!({"command": format!("iam-{verb}-user"), "user-profile": profile}));
    let text: String = cases.iter().map(|(verb, ..)| line(verb)).collect();
    let exchanges = cases.iter().map(|(_, answer, ..)| Exchange::new(LOOK_UP, answer.clone())).collect();
    let system = Server::start(exchanges).await.expect("it starts");
    let provost = with_instances(&[("app", &system.url())]).file("people.jsonl", &text);
    let words = [&BATCH[..], &["--dry-run", "--concurrency", "1", "-v"]].concat();
    let printed = provost.run(&words).await.ended(0);
    system.finish().await.expect("look-ups and nothing else");
    assert!(!printed.holds(CANARY), "{printed:#?}");
    assert!(!provost.folder().join("people.jsonl.journal").exists(), "a dry run finishes nothing");
    let records = printed.json_lines();
    for (record, (_, _, action, reason)) in records.iter().zip(&cases) {
        assert_eq!((&record["action"], &record["reason"]), (&json!(action), &json!(reason)));
        assert_eq!((&record["skipped"], &record["success"]), (&json!(true), &json!(true)));
    }
    assert_eq!(records[0]["details"], json!({"email": "ann@example.com", "title": "Sales"}));
    let (id, state, details) = (&records[2]["id"], &records[2]["active"], &records[2]["details"]);
    assert_eq!((id, state, &details["active"]), (&json!("7"), &json!(false), &json!(true)));
    assert!(printed.stderr.contains("would enable account 7 (active), because"), "{printed:#?}");
}

#[tokio::test]
async fn a_dry_run_shows_what_the_mapper_asks_for() {
    let mapper = "mapper: App (Outgoing)\ndirection: outgoing\nfields:\n  email: email\n  \
                  user_name: {value: \"email | split('@') | first\", unique: {by: username}, on: create}\n";
    let taken = json!({"user_id": "9", "user_name": "ann", "active": true, "email": "other@example.com"});
    let by_name = |name: &str, found: Value| {
        Exchange::new(
            format!("GET /api/now/users?username={name}"),
            Answer::new(200, json!({"result": found})),
        )
    };
    let exchanges =
        vec![Exchange::new(LOOK_UP, nobody()), by_name("ann", json!([taken])), by_name("ann2", json!([]))];
    let system = Server::start(exchanges).await.expect("it starts");
    let provost = with_instances(&[("app", &system.url())]).file("out.yaml", mapper);
    let text = provost.read("provost.yaml") + "    mapper-out: out.yaml\n";
    let provost = provost.file("provost.yaml", &text);
    let words =
        ["iam-create-user", r#"--user-profile={"email": "ann@example.com"}"#, "--dry-run", "-o", "json"];
    let record = &provost.run(&words).await.ended(0).json()["IAM.Vendor"];
    assert_eq!(record["details"], json!({"email": "ann@example.com", "user_name": "ann2"}));
    system.finish().await.expect("look-ups and nothing else");
}

#[tokio::test]
async fn single_commands_have_dry_runs_too() {
    let (_system, provost) = with_system().await;
    let line = "!iam-disable-user user-profile=`{\"email\": \"user0001@example.com\"}` dry-run=true";
    let shown = provost.run(&[line]).await.ended(0);
    assert!(shown.stdout.contains("Dry run: would disable the account."), "{shown:#?}");
    let state = provost.run(&["iam-get-user", KNOWN, "-o", "json"]).await.ended(0).json();
    assert_eq!(state["IAM.Vendor"]["active"], json!(true));
}
