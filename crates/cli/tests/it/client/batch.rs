//! Batches at a server.

use serde_json::Value;

use super::Both;
use crate::provost::Printed;

const PEOPLE: &str = "{\"email\": \"user0001@example.com\", \"title\": \"Engineer\"}\n\
    {\"email\": \"nobody@example.com\", \"username\": \"nobody\", \"surname\": \"N\"}\n\
    no json\n\
    {\"command\": \"iam-disable-user\", \"user-profile\": {\"email\": \"user0002@example.com\"}, \"using\": \"okta\"}\n";

/// Records in the order of lines and instances.
fn sorted(printed: &Printed) -> Vec<Value> {
    let mut records = printed.json_lines();
    records.sort_by_key(|record| (record["line"].as_u64(), record["instanceName"].to_string()));
    records
}

fn with_files(both: &Both) {
    for program in [&both.local, &both.remote] {
        std::fs::write(program.folder().join("people.jsonl"), PEOPLE).expect("a file");
        std::fs::write(program.folder().join("people.csv"), "Email,title\nuser0003@example.com,Chief\n")
            .expect("a file");
    }
}

#[tokio::test]
async fn records_are_those_of_this_machine() {
    let both = Both::start().await;
    with_files(&both);
    for file in ["people.jsonl", "people.csv"] {
        let (here, there) = both.run(&["batch", "--file", file, "--dry-run", "-o", "jsonl"]).await;
        assert_eq!(there.exit, here.exit, "{file}: {there:#?}");
        assert_eq!(sorted(&there), sorted(&here), "{file}");
        let (here, there) = both.run(&["batch", "--file", file, "--dry-run", "-o", "table"]).await;
        assert_eq!((there.exit, there.stdout), (here.exit, here.stdout), "{file}");
    }
}

#[tokio::test]
async fn what_is_written_has_its_reason() {
    let both = Both::start().await;
    with_files(&both);
    let words =
        ["batch", "--file=people.csv", "--command=iam-update-user", "--reason=moved up", "-o", "table"];
    let printed = both.remote.run(&words).await.ended(0);
    assert!(printed.stdout.contains("updated") && printed.stderr.contains("1 line in"), "{printed:#?}");
    let audit = both.server.ask("GET /api/v1/audit", "").await.ended(200);
    assert!(audit.body.contains("moved up"), "{}", audit.body);
}

#[tokio::test]
async fn what_cannot_begin_is_a_usage_error() {
    let both = Both::start().await;
    with_files(&both);
    let cases: [(&[&str], &str); 5] = [
        (&["--file=missing.jsonl"], "could not read `missing.jsonl`"),
        (&["--file=people.csv", "--resume"], "are for batches of this machine"),
        (&["--file=people.csv", "--command=iam-fly"], "iam-fly"),
        (&["--file=people.csv", "--using=okat"], "okat"),
        (&["--file=people.csv", "-o", "json"], "a batch prints `table` or `jsonl`"),
    ];
    for (words, expected) in cases {
        let printed = both.remote.run(&[&["batch"], words].concat()).await.ended(2);
        assert!(printed.stderr.contains(expected), "{expected}: {printed:#?}");
    }
}
