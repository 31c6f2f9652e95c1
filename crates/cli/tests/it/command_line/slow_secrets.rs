//! Secrets that take their time hold up nobody else.

use serde_json::{Value, json};

use super::refusals::check;
use super::{KNOWN, system, with_instances};
use crate::provost::Provost;

/// The program with the instances `slow`, whose password comes from this command, and
/// `quick`.
fn with_slow(url: &str, command: &str) -> Provost {
    let provost = with_instances(&[("quick", url)]);
    let slow = format!(
        "instances:\n  slow:\n    integration: hello-iam-world\n    url: {url}\n    timeout: 1\n    \
         credentials: {{username: app, password: \"command:{command}\"}}\n"
    );
    let text = provost.read("provost.yaml").replacen("instances:\n", &slow, 1);
    provost.file("provost.yaml", &text).file("secret.txt", crate::provost::CANARY)
}

#[tokio::test]
async fn a_slow_secret_delays_only_its_own_instance() {
    let system = system().await;
    let provost = with_slow(&system.url(), "sleep 0.4; cat secret.txt");
    for words in [&["iam-get-user", KNOWN, "-o", "jsonl"][..], &["test-module", "-o", "jsonl"]] {
        let answers = provost.run(words).await.ended(0).json_lines();
        let names: Vec<&str> = answers.iter().map(name).collect();
        assert_eq!(names, ["quick", "slow"], "{words:?}");
    }
}

#[tokio::test]
async fn a_secret_that_hangs_is_a_failed_record() {
    let system = system().await;
    let provost = with_slow(&system.url(), "exec sleep 600");
    let records = provost.run(&["iam-get-user", KNOWN, "-o", "jsonl"]).await.ended(1).json_lines();
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), ["quick", "slow"]);
    assert_eq!((&records[0]["success"], &records[1]["success"]), (&json!(true), &json!(false)));
    let message = records[1]["errorMessage"].as_str().expect("a text");
    assert!(message.contains("instance `slow`") && message.contains("took longer than 1 s"), "{message}");
    assert_eq!(records[1]["brand"], "Hello IAM World");
}

#[tokio::test]
async fn a_secret_that_hangs_ends_the_command_where_it_is_the_only_one() {
    let provost = with_slow(super::NOWHERE, "exec sleep 600");
    for words in [&["iam-get-user", KNOWN, "--using=slow"][..], &["instance", "test", "slow"]] {
        check(&provost, words, &["took longer than 1 s", "`timeout`"]).await;
    }
}

/// The instance that a line is about: a record's, or the name that an answer stands under.
fn name(line: &Value) -> &str {
    let members = line.as_object().expect("an object");
    match members.get("instanceName") {
        Some(name) => name.as_str().expect("a name"),
        None => members.keys().next().expect("a member"),
    }
}
