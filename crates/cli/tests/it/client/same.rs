//! What a script sees is the same with a server and without.

use serde_json::Value;

use super::Both;
use crate::provost::{Printed, Provost};

pub(super) const FORMS: [&str; 5] = ["table", "json", "jsonl", "markdown", "entry"];
const PERSON: &str = r#"--user-profile={"email": "user0001@example.com", "title": "Engineer"}"#;
const NOBODY: &str =
    r#"--user-profile={"email": "nobody@example.com", "username": "nobody", "surname": "N"}"#;

/// Everything that is printed. Forms that print answers as they come have no order.
pub(super) fn seen(printed: &Printed, form: &str) -> (i32, Vec<String>, Vec<String>) {
    let lines = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if matches!(form, "jsonl" | "markdown") {
            lines.sort();
        }
        lines
    };
    (printed.exit, lines(&printed.stdout), lines(&printed.stderr))
}

#[tokio::test]
async fn reads_and_dry_runs_are_the_same_in_every_form() {
    let both = Both::start().await;
    let commands: [&[&str]; 10] = [
        &["iam-get-user", PERSON],
        &["iam-get-user", PERSON, "--using", "okta"],
        &["iam-get-user", PERSON, "--using= scim ,hello"],
        &["iam-get-user", PERSON, "--using-brand", "ServiceNow IAM"],
        &["iam-get-user", NOBODY],
        &["iam-create-user", PERSON, "--dry-run"],
        &["iam-create-user", NOBODY, "--dry-run=true"],
        &["iam-update-user", PERSON, "--dry-run", "--allow-enable=maybe"],
        &["iam-disable-user", PERSON, "--dry-run"],
        &["iam-enable-user", PERSON, "--dry-run"],
    ];
    for form in FORMS {
        for words in commands {
            let (here, there) = both.run(&[words, &["--output", form]].concat()).await;
            assert_eq!(seen(&there, form), seen(&here, form), "{words:?} {form}");
        }
    }
}

/// Records without what differs from one account to the next.
fn outcomes(printed: &Printed) -> Vec<Value> {
    let mut records = printed.json_lines();
    records.sort_by_key(|record| record["instanceName"].to_string());
    for record in &mut records {
        let members = record.as_object_mut().expect("a record");
        for name in ["id", "username", "email", "details"] {
            members.remove(name);
        }
    }
    records
}

#[tokio::test]
async fn writes_end_the_same() {
    let both = Both::start().await;
    let steps =
        ["iam-create-user", "iam-update-user", "iam-disable-user", "iam-disable-user", "iam-enable-user"];
    for command in steps {
        let mut ends = Vec::new();
        for (program, name) in [(&both.local, "ann-local"), (&both.remote, "bo-remote")] {
            let profile = format!(
                r#"--user-profile={{"email": "{name}@example.com", "username": "{name}", "givenname": "A", "surname": "B"}}"#
            );
            let configured = if name == "ann-local" { "--config=try/provost.yaml" } else { "--output=jsonl" };
            let mut words = vec![configured, command, &profile];
            if configured != "--output=jsonl" {
                words.push("--output=jsonl");
            }
            let printed = program.run(&words).await;
            ends.push((printed.exit, outcomes(&printed)));
        }
        assert_eq!(ends[1], ends[0], "{command}");
    }
}

#[tokio::test]
async fn a_profile_comes_from_everywhere() {
    let both = Both::start().await;
    let profile = r#"{"email": "user0001@example.com"}"#;
    std::fs::write(both.remote.folder().join("ann.json"), profile).expect("a file");
    let plain = both.remote.run(&["iam-get-user", "--user-profile", profile]).await.ended(0).stdout;
    let from_file = both.remote.run(&["iam-get-user", "--user-profile", "@ann.json"]).await.ended(0);
    let line = format!("!iam-get-user user_profile=`{profile}`");
    let as_line = both.remote.run(&[&line]).await.ended(0);
    let address = format!("http://{}", both.server.address);
    let piped = Provost::new().input(profile).variable("KEY", both.server.key());
    let words = ["iam_get_user", "--user-profile=-", "--server", &address, "--api-key=env:KEY"];
    let from_input = piped.run(&words).await.ended(0);
    for printed in [from_file, as_line, from_input] {
        assert_eq!((printed.stdout, printed.stderr), (plain.clone(), String::new()));
    }
}

#[tokio::test]
async fn what_is_no_profile_is_told_the_same_before_anybody_is_asked() {
    let both = Both::start().await;
    for profile in ["{", "[]", "{}"] {
        for form in ["json", "entry"] {
            let argument = format!("--user-profile={profile}");
            let (here, there) = both.run(&["iam-create-user", &argument, "--output", form]).await;
            assert_eq!(seen(&there, form), seen(&here, form), "{profile} {form}");
        }
    }
}

#[tokio::test]
async fn the_steps_are_those_of_the_server() {
    let both = Both::start().await;
    let (here, there) = both.run(&["iam-get-user", PERSON, "--using=okta", "-v"]).await;
    assert_eq!(there.stdout, here.stdout);
    let without_times = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" in ").next().unwrap_or_default().to_owned()).collect()
    };
    let (here, there) = (without_times(&here.stderr), without_times(&there.stderr));
    assert!(there[0].starts_with("http://127.0.0.1:"), "{there:?}");
    assert!(there[1].contains("POST /api/v1/commands/iam-get-user -> 200 OK"), "{there:?}");
    assert_eq!(there[2..], here);
}

#[tokio::test]
async fn a_reason_is_kept_by_the_server_alone() {
    let both = Both::start().await;
    let words = ["iam-disable-user", PERSON, "--using=hello", "--reason", "left on Friday"];
    both.remote.run(&words).await.ended(0);
    let audit = both.server.ask("GET /api/v1/audit", "").await.ended(200);
    assert!(audit.body.contains("left on Friday"), "{}", audit.body);
    let here = both.local.run(&[&["--config=try/provost.yaml"], words.as_slice()].concat()).await.ended(0);
    assert!(here.stderr.contains("nobody keeps the `--reason`"), "{}", here.stderr);
}
