//! `provost audit export`. The chain is computed here once more, from the lines alone.

use std::process::Stdio;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use tokio::process::Command;

use super::{with_changes, with_events};
use crate::pages::page;
use crate::provost::Provost;

/// The head that follows from lines, each of which continues the one before.
fn proven(lines: &str) -> String {
    let mut before = String::new();
    for line in lines.lines() {
        let data: Value = serde_json::from_str(line).expect("a line is JSON");
        let (_, event) = line.split_once(r#","event":"#).expect("an event");
        let event = event.strip_suffix('}').expect("it stands last");
        let text = format!("{before}\n{}\n{event}", data["seq"]);
        let hash = hexadecimal(digest(&SHA256, text.as_bytes()).as_ref());
        assert_eq!((&data["previous"], &data["hash"]), (&json!(before), &json!(hash)), "{line}");
        before = hash;
    }
    format!("{}:{before}", lines.lines().count())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

async fn head(provost: &Provost) -> String {
    let data = provost.run(&["audit", "verify", "-o", "json"]).await.ended(0).json();
    data["head"].as_str().expect("a head").to_owned()
}

#[tokio::test]
async fn the_chain_can_be_computed_by_anybody() {
    let provost = with_events(1203).await;
    let all = provost.run(&["audit", "export"]).await.ended(0).stdout;
    assert_eq!(all.lines().count(), 1203);
    assert_eq!(proven(&all), head(&provost).await);
    assert!(all.contains("\u{1f600}"));
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
async fn the_script_of_the_guide_proves_an_export() {
    let text = page("docs/audit.md");
    let script =
        text.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a script");
    let provost = with_events(30).await.file("verify.py", script);
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status().await;
    if python.is_err() {
        eprintln!("left out: there is no python3");
        return;
    }
    let line = "provost audit export > audit.jsonl && python3 verify.py audit.jsonl";
    let shown = provost.in_shell(line).await.ended(0);
    assert_eq!(shown.stdout.trim(), head(&provost).await);
    let line = "sed 's/née 0007/née 0070/' audit.jsonl > other.jsonl && python3 verify.py other.jsonl";
    let shown = provost.in_shell(line).await.ended(1);
    assert!(shown.stderr.contains("event 7"), "{shown:#?}");
}

#[tokio::test]
async fn an_export_goes_on_where_the_last_one_ended() {
    let provost = with_events(1100).await;
    let first = provost.run(&["audit", "export", "--until", "2026-03-02T09:00:01Z"]).await.ended(0).stdout;
    assert_eq!(first.lines().count(), 1100);
    let rest = provost.run(&["audit", "export", "--after", "1098"]).await.ended(0);
    let seqs: Vec<_> = rest.json_lines().iter().map(|line| line["seq"].clone()).collect();
    assert_eq!(seqs, [1099, 1100]);
    assert!(first.ends_with(&rest.stdout));
    let words = ["audit", "export", "--instance", "crm", "--after", "1096"];
    let some = provost.run(&words).await.ended(0);
    let lines = some.json_lines();
    assert_eq!(lines.iter().map(|line| line["seq"].clone()).collect::<Vec<_>>(), [1098, 1100]);
    assert_eq!(
        lines[0]["previous"],
        serde_json::from_str::<Value>(first.lines().nth(1096).unwrap()).unwrap()["hash"]
    );
    for words in [["--after", "1100"], ["--subject", "bo@example.com"], ["--kind", "server"]] {
        assert_eq!(provost.run(&[&["audit", "export"], &words[..]].concat()).await.ended(0).stdout, "");
    }
}

#[tokio::test]
async fn whoever_has_read_enough_ends_an_export() {
    let provost = with_events(3000).await;
    let shown = provost.in_shell("provost audit export | head -n 1").await.ended(0);
    assert_eq!((shown.stdout.lines().count(), shown.stderr.as_str()), (1, ""));
}

#[tokio::test]
async fn changes_of_accounts_are_account_changes_of_ocsf() {
    let provost = with_changes().await;
    let words = ["audit", "export", "--format", "ocsf", "--kind", "change.ended"];
    let lines = provost.run(&words).await.ended(0).json_lines();
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (line["type_uid"].as_u64(), line["status_id"].as_u64(), line["type_name"].as_str()))
        .collect();
    let name = Some("Account Change: Disable");
    assert_eq!(shown, [(Some(300_105), Some(1), name), (Some(300_105), Some(0), name)]);
    assert_eq!(lines[0]["user"]["email_addr"], "Ann@example.com");
    assert_eq!(lines[0]["actor"]["user"]["uid"], "k1");
}
