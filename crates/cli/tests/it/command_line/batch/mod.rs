//! `provost batch`: what lines may be, what comes out, and in which order people are worked on.

mod dry_runs;
mod ledger;
mod resuming;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use provost_lab::script::{Answer, Exchange, Server};
use provost_lab::{Faults, hello};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{NOWHERE, system, with_instances, with_system};
use crate::provost::{CANARY, Provost};

const BATCH: [&str; 3] = ["batch", "--file", "people.jsonl"];

/// A line for each of these people: `p1@example.com` and so on.
fn people(count: usize) -> String {
    (1..=count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{{\"email\": \"p{number}@example.com\", \"givenname\": \"Ann\"}}");
        text
    })
}

/// Members of the record of each line, by line.
fn by_line(records: &[Value], members: &[&str]) -> BTreeMap<u64, Vec<Value>> {
    let values = |record: &Value| members.iter().map(|member| record[*member].clone()).collect();
    records.iter().map(|record| (record["line"].as_u64().expect("a number"), values(record))).collect()
}

#[tokio::test]
async fn every_line_has_a_record_with_its_number_and_the_thirteen_keys() {
    let (_system, provost) = with_system().await;
    let disable = json!({"command": "iam-disable-user", "user-profile": {"email": "user0001@example.com"}});
    let provost = provost.file("people.jsonl", &format!("{{\"email\": \"ann@example.com\"}}\n\n{disable}\n"));
    let printed = provost.run(&BATCH).await.ended(0);
    let records = printed.json_lines();
    assert_eq!(records[0].as_object().expect("an object").len(), 14);
    let ended = |action: &str| vec![json!(action), json!(true), json!("app")];
    let expected = [(1, ended("create")), (3, ended("disable"))];
    assert_eq!(by_line(&records, &["action", "success", "instanceName"]), expected.into());
    for word in ["created", "disabled", "2 lines in"] {
        assert!(printed.stderr.contains(word), "{word}: {printed:#?}");
    }
}

#[tokio::test]
async fn a_bad_line_is_a_failed_record_and_ends_nothing() {
    let (_system, provost) = with_system().await;
    let long = format!("{{\"email\": \"{}\"}}", "x".repeat(10 * 1024 * 1024));
    let lines: Vec<(&[u8], &str)> = vec![
        (b"{\"email\": ", "no JSON object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (long.as_bytes(), "more than 1048576 bytes"),
        (b"[1]", "this is a list"),
        (b"{}", "You must provide the user profile data."),
        (
            br#"{"command": "iam-delete-user", "user-profile": {"email": "a"}}"#,
            "no command `iam-delete-user`",
        ),
        (br#"{"command": "iam-disable-user", "email": "user0002@example.com"}"#, "no `email`"),
        (br#"{"user-profile": {"email": "a"}, "using": "ap"}"#, "no instance `ap`"),
        (br#"{"email": "user0001@example.com"}"#, ""),
    ];
    let text: Vec<u8> = lines.iter().flat_map(|(line, _)| [line, b"\n".as_slice()].concat()).collect();
    std::fs::write(provost.folder().join("people.jsonl"), text).expect("written");
    let words = [&BATCH[..], &["--command", "iam-get-user"]].concat();
    let records = provost.run(&words).await.ended(1).json_lines();
    let seen = by_line(&records, &["success", "errorMessage", "instanceName"]);
    assert_eq!(seen.len(), lines.len());
    for (number, (_, expected)) in (1..).zip(&lines) {
        let [success, message, instance] = seen[&number].as_slice() else { panic!("three members") };
        let is_good = expected.is_empty();
        assert!(message.as_str().is_some_and(|text| text.contains(expected)), "line {number}: {message}");
        assert_eq!((success, instance == "app"), (&json!(is_good), is_good), "line {number}");
    }
    let table = provost.run(&[&words[..], &["-o", "table"]].concat()).await.ended(1);
    assert!(table.stderr.contains("line 2: the line is not UTF-8"), "{table:#?}");
    assert!(table.stdout.contains("found") && table.stdout.contains("failed"), "{table:#?}");
}

#[tokio::test]
async fn a_table_is_read_by_its_header() {
    let (_system, provost) = with_system().await;
    let text = "Email,Given Name,Title,command\r\nann@example.com,Ann,\"Head, of Sales\",\r\n\
                user0001@example.com,,,iam-disable-user\r\nbo@example.com,Bo\r\n";
    let words = ["batch", "--file", "-", "--format", "csv"];
    let records = provost.input(text).run(&words).await.ended(1).json_lines();
    let seen = by_line(&records, &["action", "success", "details"]);
    let ann = &seen[&2][2];
    assert_eq!((&ann["first_name"], &ann["title"]), (&json!("Ann"), &json!("Head, of Sales")));
    assert_eq!(seen[&3][..2], [json!("disable"), json!(true)]);
    assert_eq!(seen[&4][..2], [json!("create"), json!(false)]);
}

#[tokio::test]
async fn each_instance_has_a_record_of_each_line() {
    let (one, two) = (system().await, system().await);
    let provost = with_instances(&[("one", &one.url()), ("two", &two.url()), ("dead", NOWHERE)]);
    let text = people(5) + r#"{"user-profile": {"email": "p1@example.com"}, "using": "two"}"#;
    let words = [&BATCH[..], &["--using", "one,two"]].concat();
    let records = provost.file("people.jsonl", &text).run(&words).await.ended(0).json_lines();
    let of = |name: &str| records.iter().filter(|record| record["instanceName"] == name).count();
    assert_eq!((of("one"), of("two"), of("dead")), (5, 6, 0));
}

#[tokio::test]
async fn an_instance_that_cannot_be_connected_fails_line_by_line_among_others() {
    let alive = system().await;
    let instance = |name: &str, url: &str, variable: &str| {
        format!(
            "  {name}:\n    integration: hello-iam-world\n    url: {url}\n    \
             credentials: {{username: app, password: \"env:{variable}\"}}\n"
        )
    };
    let good = instance("alive", &alive.url(), "APP_PASSWORD");
    let text = format!("instances:\n{good}{}", instance("broken", NOWHERE, "UNSET"));
    let provost = Provost::configured(&text).file("people.jsonl", &people(3));
    let records = provost.run(&BATCH).await.ended(1).json_lines();
    let failed: Vec<&Value> = records.iter().filter(|record| record["success"] == json!(false)).collect();
    assert_eq!((records.len(), failed.len()), (6, 3));
    assert!(failed.iter().all(|record| record["instanceName"] == "broken"), "{failed:#?}");
    let only = provost.run(&[&BATCH[..], &["--using", "broken", "--journal", "j"]].concat()).await.ended(2);
    assert!(only.stderr.contains("`UNSET` is not set"), "{only:#?}");
}

#[tokio::test]
async fn lines_about_one_person_are_carried_out_in_order() {
    let options = hello::Options {
        user: "app".to_owned(),
        password: CANARY.to_owned(),
        faults: "slow@3ms:0.3".parse::<Faults>().expect("faults"),
        ..hello::Options::default()
    };
    let system = hello::start(options).await.expect("the emulator starts");
    let commands = [("create", "one"), ("update", "two"), ("update", "three"), ("disable", "four")];
    let mut text = String::new();
    for person in 0..20 {
        for (verb, title) in commands {
            let profile = json!({"email": format!("p{person}@example.com"), "title": title});
            let command = json!({"command": format!("iam-{verb}-user"), "user-profile": profile});
            let _ = writeln!(text, "{command}");
        }
    }
    let provost = with_instances(&[("app", &system.url())]).file("people.jsonl", &text);
    let words = [&BATCH[..], &["--concurrency", "16"]].concat();
    let records = provost.run(&words).await.ended(0).json_lines();
    assert_eq!(records.len(), 80);
    let actions: Vec<Value> = by_line(&records, &["action"]).into_values().flatten().collect();
    assert!(
        actions.chunks(4).all(|person| person == ["create", "update", "update", "disable"]),
        "{actions:?}"
    );
    let mut last = records.iter().filter(|record| record["action"] == "disable");
    assert!(last.all(|record| record["details"]["title"] == "three"), "{records:?}");
}

#[tokio::test]
async fn a_slow_instance_holds_up_no_other() {
    let answer = Answer { delay: Some(600_000), ..Answer::default() };
    let exchange = Exchange::new("GET /api/now/users?email=p1%40example.com", answer);
    let slow = Server::start(vec![exchange]).await.expect("the server starts");
    let quick = system().await;
    let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
    let provost = provost.file("people.jsonl", &people(100));
    let mut child = provost.start(&[&BATCH[..], &["--concurrency", "1"]].concat());
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for _ in 0..100 {
        let line = lines.next_line().await.expect("readable").expect("a line");
        let record: Value = serde_json::from_str(&line).expect("a record");
        assert_eq!(record["instanceName"], "quick");
    }
    child.kill().await.expect("it can be ended");
}

#[tokio::test]
async fn what_cannot_begin_says_so() {
    let (_system, provost) = with_system().await;
    let provost = provost.file("people.jsonl", &people(1)).file("twice.csv", "email,E-Mail\n");
    let provost = provost.file("empty.csv", "\n");
    let cases: [(&[&str], &str); 9] = [
        (&["--file", "nobody.jsonl"], "could not read `nobody.jsonl`"),
        (&["--file", "people.jsonl", "--command", "iam-get-group"], "no command `iam-get-group`"),
        (&["--file", "people.jsonl", "--using", "ap"], "did you mean `app`"),
        (&["--file", "people.jsonl", "-o", "json"], "prints `table` or `jsonl`"),
        (&["--file", "people.jsonl", "--concurrency", "0"], "0 is not in"),
        (&["--file", "people.jsonl", "--resume"], "there is no journal"),
        (&["--file", "-", "--resume"], "can be read only once"),
        (&["--file", "twice.csv"], "two columns"),
        (&["--file", "empty.csv"], "no header"),
    ];
    for (words, expected) in cases {
        let printed = provost.run(&[&["batch"], words].concat()).await.ended(2);
        assert!(printed.stderr.contains(expected), "{words:?}: {printed:#?}");
    }
}

#[tokio::test]
async fn what_a_line_wrote_stays_though_the_system_shows_it_late() {
    let options = hello::Options {
        user: "app".to_owned(),
        password: CANARY.to_owned(),
        // The third look-up shows what was there before the second line.
        faults: "stale:#3:GET:/api/now/users".parse::<Faults>().expect("faults"),
        ..hello::Options::default()
    };
    let system = hello::start(options).await.expect("the emulator starts");
    let line = |title: &str| format!("{}\n", json!({"email": "ann@example.com", "title": title}));
    let text = [line("One"), line("Two"), line("One")].concat();
    let provost = with_instances(&[("app", &system.url())]).file("people.jsonl", &text);
    let records = provost.run(&BATCH).await.ended(0).json_lines();
    let skipped: Vec<Value> = by_line(&records, &["skipped"]).into_values().flatten().collect();
    assert_eq!(skipped, [false, false, false], "{records:#?}");
    let got =
        provost.run(&["iam-get-user", "--user-profile={\"email\": \"ann@example.com\"}", "-o", "json"]).await;
    assert_eq!(got.ended(0).json()["IAM.Vendor"]["details"]["title"], "One");
}
