//! The forms of output and the exit status.

use serde_json::Value;

use super::{KNOWN, NOWHERE, UNKNOWN, system, with_instances, with_system};

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

fn names(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["instanceName"].as_str().expect("a name")).collect()
}
