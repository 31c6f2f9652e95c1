//! Commands that are not about one person.

use super::Both;
use super::same::{FORMS, seen};

const GROUP: &str = r#"--scim={"displayName": "Everyone"}"#;
const NO_GROUP: &str = r#"--scim={"displayName": "Nobody at all"}"#;

#[tokio::test]
async fn questions_are_the_same_in_every_form() {
    let both = Both::start().await;
    let commands: [&[&str]; 13] = [
        &["test-module"],
        &["test-module", "--using=okta"],
        &["get-mapping-fields", "--using=okta"],
        &["get-mapping-fields", "--using=hello,scim"],
        &["iam-list-users", "--using=hello"],
        &["iam-list-users", "--limit=2"],
        &["iam-get-group", GROUP, "--using=okta"],
        &["iam-get-group", GROUP, "--using=okta", "--include-members=false"],
        &["iam-get-group", NO_GROUP, "--using=okta,scim"],
        &["okta-iam-list-applications", "--using=okta"],
        &["okta-iam-list-applications", "--using=scim"],
        &["okta-get-logs"],
        &["iam-get-group", "--scim={}"],
    ];
    for form in FORMS {
        for words in commands {
            if (words[0], form) == ("iam-list-users", "entry") {
                continue;
            }
            let (here, there) = both.run(&[words, &["--output", form]].concat()).await;
            // Answers to questions come as they are there, also in a table.
            let is_sorted = form == "table" && matches!(words[0], "test-module" | "get-mapping-fields");
            let order = if is_sorted { "jsonl" } else { form };
            assert_eq!(seen(&there, order), seen(&here, order), "{words:?} {form}");
        }
    }
}

#[tokio::test]
async fn lists_as_entries_are_refused() {
    let both = Both::start().await;
    let printed = both.remote.run(&["iam-list-users", "--output=entry"]).await.ended(2);
    assert!(printed.stderr.contains("without the profiles"), "{printed:#?}");
}

#[tokio::test]
async fn groups_are_made_changed_and_deleted_by_a_server() {
    let both = Both::start().await;
    let group = r#"--scim={"displayName": "Sales"}"#;
    for command in ["iam-create-group", "iam-get-group", "iam-delete-group"] {
        both.remote.run(&[command, group, "--using=scim"]).await.ended(0);
    }
    both.remote.run(&["iam-get-group", group, "--using=scim"]).await.ended(1);
}
