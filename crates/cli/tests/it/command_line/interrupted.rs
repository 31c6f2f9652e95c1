//! Signals in the middle of a command: what is done is printed, what is not done says so.
#![cfg(unix)]

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use super::{KNOWN, system, with_instances};
use crate::provost::{Printed, Provost, send};

const TEXT: &str = "interrupted; whether it was carried out is not known";

/// Runs the words until the instance `quick` has shown its steps, and then sends the signal.
async fn interrupted(provost: &Provost, signal: &str, words: &[&str]) -> Printed {
    let mut child = provost.start(&[words, &["-v"]].concat());
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while line.trim() != "quick" {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).await.expect("readable"), 0, "it ended by itself");
    }
    send(signal, &child).await;
    let mut printed = Printed::at_the_end_of(child).await;
    stderr.read_to_string(&mut printed.stderr).await.expect("readable");
    printed.ended(1)
}

/// A system that never answers this.
async fn silent(request: &str) -> Server {
    let answer = Answer { delay: Some(600_000), ..Answer::default() };
    Server::start(vec![Exchange::new(request, answer)]).await.expect("the server starts")
}

#[tokio::test]
async fn every_form_shows_what_is_done_and_what_is_not_known() {
    for (signal, format) in [("TERM", "json"), ("INT", "entry"), ("TERM", "table"), ("INT", "jsonl")] {
        let quick = system().await;
        let slow = silent("GET /api/now/users?email=user0001%40example.com").await;
        let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
        let printed = interrupted(&provost, signal, &["iam-disable-user", KNOWN, "-o", format]).await;
        match format {
            "json" => check(&printed.json()["IAM.Vendor"]),
            "entry" => check(&printed.json().as_array().expect("a list").iter().map(contents).collect()),
            "jsonl" => check(&printed.json_lines().into_iter().rev().collect()),
            _ => assert!(printed.stdout.contains("failed") && printed.stdout.contains(TEXT), "{printed:#?}"),
        }
        assert!(printed.stderr.contains("hint: slow: look before repeating"), "{printed:#?}");
    }
}

#[tokio::test]
async fn a_question_that_is_interrupted_has_failed() {
    let (slow, quick) = (silent("GET /api/now/test").await, system().await);
    let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
    let answers = interrupted(&provost, "TERM", &["test-module", "-o", "json"]).await.json();
    assert_eq!(answers, json!({"slow": {"error": {"code": null, "message": TEXT}}, "quick": "ok"}));
}

fn contents(entry: &Value) -> Value {
    entry["Contents"].clone()
}

/// The slow one comes first in the file, and last in lines.
fn check(records: &Value) {
    let seen: Vec<_> =
        records.as_array().expect("a list").iter().map(|r| (&r["instanceName"], &r["success"])).collect();
    assert_eq!(seen, [(&json!("slow"), &json!(false)), (&json!("quick"), &json!(true))], "{records:#}");
    let slow = &records[0];
    assert_eq!((&slow["errorMessage"], &slow["action"]), (&json!(TEXT), &json!("disable")));
    assert_eq!((&slow["errorCode"], &slow["brand"]), (&Value::Null, &json!("Hello IAM World")));
}
