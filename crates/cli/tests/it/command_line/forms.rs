//! The ways to write one command.

use serde_json::{Value, json};

use super::{NOWHERE, with_instances, with_system};
use crate::provost::Provost;

const PROFILE: &str = r#"{"email": "user0001@example.com"}"#;

/// One of the commands that the project began with, letter for letter.
const GET: &str = r#"!iam-get-user user-profile=`{"email": "demistotest@paloaltonetworks.com"}`"#;
const CREATE: &str = r#"!iam-create-user user-profile=`{"email": "demistotest@paloaltonetworks.com", "givenname": "test", "surname": "test"}`"#;
const UPDATE: &str = r#"!iam-update-user user-profile=`{"email": "demistotest@paloaltonetworks.com", "givenname": "John"}` allow-enable=true"#;
const DISABLE: &str = r#"!iam-disable-user user-profile=`{"email": "demistotest@paloaltonetworks.com"}`"#;

#[tokio::test]
async fn every_form_is_the_same_command() {
    let (_system, provost) = with_system().await;
    let provost = provost.file("people/ann.json", &format!("\u{feff}{PROFILE}\n")).input(PROFILE);
    let usual = ["iam-get-user", "--user-profile", PROFILE];
    let wanted = provost.run(&with_json(&usual)).await.ended(0).json();
    assert_eq!(wanted["IAM.Vendor"]["email"], "user0001@example.com");
    let flags: [&[&str]; 9] = [
        &["iam-get-user", r#"--user-profile={"email": "user0001@example.com"}"#],
        &["iam-get-user", "--user_profile", PROFILE],
        &["iam_get_user", r#"--user_profile={"email": "user0001@example.com"}"#],
        &["iam-get-user", "--user-profile=@people/ann.json"],
        &["iam-get-user", "--user-profile", "-"],
        &["iam-get-user", "--user-profile=-", "--using=app"],
        &["iam-get-user", "--using", "APP", "--user-profile", PROFILE],
        &["iam-get-user", "--using-brand", "hello iam world", "--user-profile", PROFILE],
        &["iam-get-user", "--using_brand=Hello IAM World", "--user-profile", PROFILE],
    ];
    for words in flags {
        assert_eq!(provost.run(&with_json(words)).await.ended(0).json(), wanted, "{words:?}");
    }
    let lines: [&[&str]; 11] = [
        &[r#"!iam-get-user user-profile=`{"email": "user0001@example.com"}`"#],
        &[r#"!iam-get-user user-profile="{\"email\": \"user0001@example.com\"}""#],
        &[r#"!iam-get-user user-profile={"email":"user0001@example.com"}"#],
        &[r#"!iam_get_user user_profile=`{"email": "user0001@example.com"}`"#],
        &[r#"  !iam-get-user   user-profile=`{"email": "user0001@example.com"}`  "#],
        &["!iam-get-user\n  user-profile=`{\n  \"email\": \"user0001@example.com\"\n}`"],
        &[r#"!iam-get-user using="app" user-profile=`{"email": "user0001@example.com"}`"#],
        &[r#"!iam-get-user using-brand="Hello IAM World" user-profile=@people/ann.json"#],
        &["!iam-get-user user-profile=- using=app"],
        &["!iam-get-user", r#"user-profile=`{"email": "user0001@example.com"}`"#, "using=app"],
        &["!iam-get-user", r#"user-profile={"email": "user0001@example.com"}"#, "using=app"],
    ];
    for words in lines {
        assert_eq!(provost.run(&with_json(words)).await.ended(0).json(), wanted, "{words:?}");
    }
}

#[tokio::test]
async fn options_may_follow_a_line() {
    let (_system, provost) = with_system().await;
    let line = r#"!iam-get-user user-profile=`{"email": "user0001@example.com"}`"#;
    for options in [vec!["--output=json"], vec!["--output", "json"], vec!["-o", "json"], vec!["-ojson"]] {
        let words: Vec<&str> = std::iter::once(line).chain(options).collect();
        let printed = provost.run(&words).await;
        assert_eq!(printed.exit, 0, "{words:?}: {printed:#?}");
        assert_eq!(printed.json()["IAM.Vendor"]["success"], true, "{words:?}");
    }
}

#[tokio::test]
async fn the_first_four_commands_do_the_main_job() {
    let (_system, provost) = with_system().await;
    let absent = record(&provost, GET, 1).await;
    assert_eq!(absent["errorMessage"], "User does not exist");
    let created = record(&provost, CREATE, 0).await;
    assert_eq!((&created["action"], &created["active"]), (&json!("create"), &json!(true)));
    assert_eq!(created["details"]["first_name"], "test");
    let updated = record(&provost, UPDATE, 0).await;
    assert_eq!((&updated["action"], &updated["id"]), (&json!("update"), &created["id"]));
    assert_eq!(
        (&updated["details"]["first_name"], &updated["details"]["last_name"]),
        (&json!("John"), &json!("test"))
    );
    let disabled = record(&provost, DISABLE, 0).await;
    assert_eq!((&disabled["action"], &disabled["active"]), (&json!("disable"), &json!(false)));
    let again = record(&provost, DISABLE, 0).await;
    assert_eq!((&again["skipped"], &again["reason"]), (&json!(true), &json!("User is already disabled.")));
    let found = record(&provost, GET, 0).await;
    assert_eq!((&found["active"], &found["id"]), (&json!(false), &created["id"]));
    let back = record(&provost, UPDATE, 0).await;
    assert_eq!((&back["action"], &back["active"]), (&json!("update"), &json!(true)));
}

#[tokio::test]
async fn an_unreadable_line_or_profile_says_why() {
    let provost = with_instances(&[("app", NOWHERE)]);
    let cases: [(&[&str], &str); 7] = [
        (&[r#"!iam-get-user user-profile=`{"email": "a"}"#], "begins with ` but does not end with it"),
        (&[r#"!iam-get-user user-profile="{"#], "begins with \" but does not end with it"),
        (&[r#"!iam-get-user {"email": "a"}"#], "has no name"),
        (&["!iam-get-user"], "--user-profile"),
        (&["iam-get-user", "--user-profile=@nobody.json"], "nobody.json"),
        (&["iam-get-user", "--user-profile=ann@example.com"], "Unable to parse JSON string."),
        (&["iam-get-user", "--user-profile="], "--user-profile"),
    ];
    for (words, expected) in cases {
        let printed = provost.run(words).await;
        assert_eq!(printed.exit, 2, "{words:?}: {printed:#?}");
        assert!(printed.stderr.contains(expected), "{words:?}: {printed:#?}");
        assert_eq!(printed.stdout, "", "{words:?}");
    }
}

fn with_json<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["--output", "json"].iter().chain(words).copied().collect()
}

/// The record of a line.
async fn record(provost: &Provost, line: &str, exit: i32) -> Value {
    provost.run(&["--output", "json", line]).await.ended(exit).json()["IAM.Vendor"].clone()
}
