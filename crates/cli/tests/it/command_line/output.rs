//! The forms of output and the exit status.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{KNOWN, NOWHERE, UNKNOWN, system, with_instances, with_system};
use crate::provost::Printed;

const PROFILE_KEY: &str = "IAM.UserProfile(val.email && val.email == obj.email)";
const VENDOR_KEY: &str = "IAM.Vendor(val.instanceName && val.instanceName == obj.instanceName \
                          && val.email && val.email == obj.email)";

#[tokio::test]
async fn one_record_is_an_object_and_several_are_a_list() {
    let (one, two) = (system().await, system().await);
    let provost = with_instances(&[("zebra", &one.url()), ("ant", &two.url())]);
    let only = provost.run(&["iam-get-user", KNOWN, "-o", "json", "--using", "ant"]).await.ended(0).json();
    assert_eq!(only["IAM.Vendor"]["instanceName"], "ant");
    assert_eq!(only.as_object().map(serde_json::Map::len), Some(1));
    let all = provost.run(&["iam-get-user", KNOWN, "-o", "json"]).await.ended(0).json();
    assert_eq!(names(all["IAM.Vendor"].as_array().expect("a list")), ["zebra", "ant"]);
    let entries = provost.run(&["iam-get-user", KNOWN, "-o", "entry"]).await.ended(0).json();
    let contents: Vec<Value> =
        entries.as_array().expect("a list").iter().map(|entry| entry["Contents"].clone()).collect();
    assert_eq!(names(&contents), ["zebra", "ant"]);
}

#[tokio::test]
async fn an_entry_has_the_record_and_the_profile_in_its_context() {
    let (_system, provost) = with_system().await;
    let entry = provost.run(&["iam-get-user", KNOWN, "--output=entry"]).await.ended(0).json();
    let context = entry["EntryContext"].as_object().expect("a context");
    assert_eq!(context.keys().collect::<Vec<_>>(), [PROFILE_KEY, VENDOR_KEY]);
    assert_eq!(context[VENDOR_KEY], entry["Contents"]);
    assert_eq!(context[PROFILE_KEY]["email"], "user0001@example.com");
    assert_eq!((&entry["Type"], &entry["ContentsFormat"]), (&1.into(), &"json".into()));
}

#[tokio::test]
async fn lines_and_tables_hold_one_record_each() {
    let (one, two) = (system().await, system().await);
    let provost = with_instances(&[("one", &one.url()), ("two", &two.url())]);
    let lines = provost.run(&["iam-get-user", KNOWN, "-o", "jsonl"]).await.ended(0).json_lines();
    let mut found = names(&lines);
    found.sort_unstable();
    assert_eq!(found, ["one", "two"]);
    let markdown = provost.run(&["iam-get-user", KNOWN, "-o", "markdown", "--using=one"]).await.ended(0);
    let lines: Vec<&str> = markdown.stdout.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "### Get User Results (Hello IAM World)",
            "|brand|instanceName|success|active|id|username|email|details|",
            "|---|---|---|---|---|---|---|---|",
        ]
    );
    assert!(lines[3].starts_with("| Hello IAM World | one | true | true | 1001 |"), "{markdown:#?}");
    assert_eq!(lines.len(), 4, "{markdown:#?}");
    let table = provost.run(&["iam-get-user", KNOWN]).await.ended(0);
    for expected in ["RESULT", "INSTANCE", "found", "one", "two", "1001", "givenname", "User"] {
        assert!(table.stdout.contains(expected), "{expected}: {table:#?}");
    }
}

#[tokio::test]
async fn the_exit_status_says_how_it_went() {
    let (_system, provost) = with_system().await;
    let cases: [(&[&str], i32); 10] = [
        (&["iam-get-user", KNOWN], 0),
        (&["iam-get-user", UNKNOWN], 1),
        (&["iam-disable-user", UNKNOWN], 0),
        (&["get-mapping-fields"], 0),
        (&["test-module"], 0),
        (&["!test-module"], 0),
        (&["--version"], 0),
        (&["--help"], 0),
        (&["iam-get-user"], 2),
        (&[], 2),
    ];
    for (words, exit) in cases {
        let printed = provost.run(words).await;
        assert_eq!(printed.exit, exit, "{words:?}: {printed:#?}");
    }
    let half = with_instances(&[("dead", NOWHERE), ("app", &system().await.url())]);
    let printed = half.run(&["test-module", "-o", "json"]).await;
    assert_eq!(printed.exit, 1, "{printed:#?}");
}

#[tokio::test]
async fn answers_without_a_record_come_in_every_form() {
    let (_system, provost) = with_system().await;
    let fields = provost.run(&["get-mapping-fields", "-o", "json"]).await.ended(0).json();
    assert_eq!(fields["User Profile"]["email"], "Mail address, unique");
    let table = provost.run(&["get-mapping-fields"]).await.ended(0);
    assert!(table.stdout.contains("Mail address, unique"), "{table:#?}");
    let lines = provost.run(&["get-mapping-fields", "-o", "jsonl"]).await.ended(0).json_lines();
    assert_eq!(lines[0]["app"]["User Profile"]["zip"], "Postal code");
    assert_eq!(provost.run(&["test-module"]).await.ended(0).stdout, "ok\n");
    assert_eq!(provost.run(&["test-module", "-o", "json"]).await.ended(0).json(), "ok");
    let entry = provost.run(&["test-module", "-o", "entry"]).await.ended(0).json();
    assert_eq!((&entry["Contents"], &entry["ContentsFormat"]), (&"ok".into(), &"text".into()));
}

#[tokio::test]
async fn colours_are_for_terminals_only() {
    let (_system, provost) = with_system().await;
    let commands: [&[&str]; 4] =
        [&["iam-get-user", KNOWN], &["iam-get-user", UNKNOWN, "-v"], &["iam-get-usr"], &["instance", "list"]];
    for words in commands {
        let printed = provost.run(words).await;
        assert!(!printed.holds("\u{1b}"), "{words:?}: {printed:#?}");
    }
    let provost = provost.variable("CLICOLOR_FORCE", "1");
    assert!(provost.run(&["iam-get-user", UNKNOWN, "-v"]).await.holds("\u{1b}"), "forced colours are seen");
    let provost = provost.variable("NO_COLOR", "1");
    for words in commands {
        let printed = provost.run(words).await;
        assert!(!printed.holds("\u{1b}"), "{words:?}: {printed:#?}");
    }
}

#[tokio::test]
async fn the_steps_are_shown_on_request_and_apart_from_the_record() {
    let (_system, provost) = with_system().await;
    let printed = provost.run(&["iam-disable-user", KNOWN, "-v", "-o", "json"]).await.ended(0);
    assert_eq!(printed.json()["IAM.Vendor"]["active"], false);
    for expected in ["look-up", "decide", "http", "GET /api/now/users?email=user0001%40example.com"] {
        assert!(printed.stderr.contains(expected), "{expected}: {printed:#?}");
    }
    let quiet = provost.run(&["iam-disable-user", KNOWN, "-o", "json"]).await.ended(0);
    assert_eq!(quiet.stderr, "");
}

#[tokio::test]
async fn a_hint_names_its_instances_and_is_said_once() {
    let provost = with_instances(&[("one", NOWHERE), ("two", NOWHERE)]);
    let hint = "is `url` right, and is the system up?";
    for format in ["table", "json", "entry"] {
        let printed = provost.run(&["iam-get-user", KNOWN, "-o", format]).await.ended(1);
        assert_eq!(printed.stderr, format!("hint: one, two: {hint}\n"), "{format}");
    }
    for format in ["jsonl", "markdown"] {
        let printed = provost.run(&["iam-get-user", KNOWN, "-o", format]).await.ended(1);
        let expected = ["one", "two"].map(|first| format!("hint: {first}: {hint}\n"));
        assert!(expected.contains(&printed.stderr), "{format}: {printed:#?}");
    }
}

#[tokio::test]
async fn a_system_cannot_command_the_terminal() {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}";
    let good = json!({"result": [{"user_id": "7", "user_name": evil, "active": true, "first_name": evil}]});
    let bad = json!({"error": {"message": evil, "detail": "x"}});
    for (status, body) in [(200, good), (400, bad)] {
        for format in ["table", "markdown", "json", "jsonl"] {
            let answer = Answer::new(status, body.clone());
            let exchange = Exchange::new("GET /api/now/users?email=user0001%40example.com", answer);
            let server = Server::start(vec![exchange]).await.expect("the server starts");
            let provost = with_instances(&[("app", &server.url())]).variable("CLICOLOR_FORCE", "1");
            let printed = provost.run(&["iam-get-user", KNOWN, "-v", "-o", format]).await;
            assert_eq!(printed.exit, i32::from(status != 200), "{printed:#?}");
            assert!(!printed.holds("\u{1b}[2J") && !printed.holds("\u{7}"), "{format}: {printed:#?}");
            let harmless = if format.starts_with("json") { r"\u001b[2J" } else { "\u{fffd}[2J" };
            assert!(printed.stdout.contains(harmless), "{format}: {printed:#?}");
        }
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_stops_no_work() {
    let nobody = Answer { delay: Some(400), ..Answer::new(200, json!({"result": []})) };
    let made = json!({"result": {"user_id": "7", "user_name": "new", "active": true}});
    let slow = Server::start(vec![
        Exchange::new("GET /api/now/users?email=nobody%40example.com", nobody),
        Exchange::new("POST /api/now/users", Answer::new(201, made)),
    ]);
    let (slow, quick) = (slow.await.expect("the server starts"), system().await);
    let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
    let mut child = provost.start(&["iam-create-user", UNKNOWN, "--output=jsonl"]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let first = lines.next_line().await.expect("readable").expect("a line");
    assert!(first.contains("quick"), "{first}");
    drop(lines);
    let printed = Printed::at_the_end_of(child).await.ended(0);
    assert_eq!(printed.stderr, "");
    assert_eq!(slow.finish().await, Ok(()), "the account was made all the same");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn results_that_cannot_be_written_are_no_success() {
    let (_system, provost) = with_system().await;
    for line in [
        format!("provost iam-get-user '{UNKNOWN}'"),
        format!("provost iam-get-user '{KNOWN}'"),
        format!("provost iam-get-user '{KNOWN}' -o jsonl"),
        "provost test-module".to_owned(),
        "provost man".to_owned(),
    ] {
        let printed = provost.in_shell(&format!("{line} > /dev/full")).await.ended(1);
        assert_eq!(printed.stderr.matches("could not write the results").count(), 1, "{printed:#?}");
    }
    let printed = provost.in_shell("{ provost man; echo $? >&2; } | true").await.ended(0);
    assert_eq!(printed.stderr, "0\n");
}

fn names(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["instanceName"].as_str().expect("a name")).collect()
}
