//! `provost integration`: what there is, a folder from nothing, its cases, and the kit.

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::provost::{Printed, Provost, send};

#[tokio::test]
async fn a_new_folder_passes_at_once() {
    let provost = Provost::new();
    provost.run(&["integration", "init", "integrations/my-app"]).await.ended(0);
    provost.run(&["integration", "check", "integrations/my-app"]).await.ended(0);
    let tested = provost.run(&["integration", "test", "integrations/my-app"]).await.ended(0).stdout;
    assert!(tested.contains("2 tests of mappers passed, 0 failed"), "{tested}");
    assert!(tested.contains("4 cases passed, 0 failed"), "{tested}");
    assert!(tested.contains("every word of the fault table is provoked"), "{tested}");
    let shown = provost.run(&["integration", "show", "my-app", "-o", "json"]).await.ended(0).json();
    assert_eq!(shown["commands"][1]["rights"], "people.write", "{shown}");
    let again = provost.run(&["integration", "init", "integrations/my-app"]).await.ended(2).stderr;
    assert!(again.contains("is there already"), "{again}");
}

#[tokio::test]
async fn what_differs_from_a_case_is_told() {
    let provost = Provost::new();
    provost.run(&["integration", "init", "my-app"]).await.ended(0);
    let cases =
        provost.read("my-app/cases/exchanges.yaml").replace("/v1/people/p-17/lock", "/v1/people/p-17/shut");
    let mapper = provost.read("my-app/mapper-in.yaml").replace("givenname: Ann", "givenname: Bo");
    let provost = provost.file("my-app/cases/exchanges.yaml", &cases).file("my-app/mapper-in.yaml", &mapper);
    let Printed { stdout, stderr, .. } = provost.run(&["integration", "test", "my-app"]).await.ended(1);
    assert!(
        stdout.contains("1 tests of mappers passed, 1 failed") && stdout.contains("3 cases passed, 1 failed"),
        "{stdout}"
    );
    assert!(stderr.contains("exchanges.yaml disable") && stderr.contains("p-17/lock"), "{stderr}");
    let manifest = provost.read("my-app/integration.yaml").replace("lookup:", "lokup:");
    let provost = provost.file("my-app/integration.yaml", &manifest);
    let refused = provost.run(&["integration", "check", "my-app"]).await.ended(2).stderr;
    assert!(refused.contains("did you mean `lookup`?"), "{refused}");
}

#[tokio::test]
async fn mistakes_are_told_with_what_to_do() {
    for (words, expected) in [
        (vec!["show", "okta"], "known are"),
        (vec!["init", "My-App"], "small letters"),
        (vec!["test"], "name an integration's folder"),
        (vec!["test", "nowhere/my-app"], "there is no folder"),
        (vec!["check", "."], "holds no integration"),
    ] {
        let words: Vec<&str> = ["integration"].into_iter().chain(words).collect();
        let said = Provost::new().run(&words).await.ended(2).stderr;
        assert!(said.contains(expected), "{words:?}: {said}");
    }
}

/// The emulators and our client are of one hand, so this proves the kit rather than them.
#[tokio::test]
async fn every_emulated_system_passes_the_kit() {
    let provost = Provost::new();
    let _lab = provost.lab(&["--people", "5"]).await;
    let password = provost.read("try/lab-password");
    for instance in ["hello", "okta", "servicenow", "scim"] {
        let words = ["integration", "test", "--instance", instance, "-o", "jsonl"];
        let unasked = provost.run_in("try", &words).await.ended(2).stderr;
        assert!(unasked.contains("--yes"), "{unasked}");
        let words: Vec<&str> = words.into_iter().chain(["--yes"]).collect();
        let tested = provost.run_in("try", &words).await.ended(0);
        assert!(!tested.holds(password.trim()), "{instance} shows the password");
        let found = tested.json_lines();
        let undeclared = found.iter().filter(|finding| finding["result"] == "not declared").count();
        assert_eq!(undeclared, if instance == "hello" { 2 } else { 0 }, "{instance}: {found:#?}");
        let note = |check: &str| {
            let finding = found.iter().find(|finding| finding["check"] == check);
            finding.and_then(|finding| finding["note"].as_str()).unwrap_or_default().to_owned()
        };
        assert_eq!(note("update-same"), "User already has these values.");
        assert!(note("hostile").contains("values found nobody"), "{}", note("hostile"));
    }
}

/// A kit that finds nothing wrong at a system that is wrong proves nothing.
#[tokio::test]
async fn a_wrong_system_fails_the_kit() {
    let provost = Provost::new();
    // Nothing can be changed there.
    let _lab = provost.lab(&["--only", "scim", "--fault", "403:1:PATCH"]).await;
    let words = ["integration", "test", "--instance", "scim", "--yes", "-o", "jsonl"];
    let found = provost.run_in("try", &words).await.ended(1).json_lines();
    let failed: Vec<&Value> = found
        .iter()
        .filter(|finding| finding["result"] == "failed")
        .map(|finding| &finding["check"])
        .collect();
    assert!(
        failed.contains(&&Value::from("update")) && failed.contains(&&Value::from("put-away")),
        "{failed:?}"
    );
    assert!(!failed.contains(&&Value::from("create")), "{failed:?}");
}

#[tokio::test]
async fn an_interrupt_takes_out_of_use_what_was_made() {
    let provost = Provost::new();
    let _lab = provost.lab(&["--only", "scim", "--people", "0", "--fault", "slow@50ms:1"]).await;
    let mut kit =
        provost.start(&["integration", "test", "--config=try/provost.yaml", "--instance=scim", "--yes"]);
    let mut found = BufReader::new(kit.stdout.take().expect("a pipe")).lines();
    let mut text = String::new();
    while !text.contains("create-twice") {
        text += &found.next_line().await.expect("readable").expect("a line");
    }
    send("INT", &kit).await;
    while let Some(line) = found.next_line().await.expect("readable") {
        text += &line;
    }
    assert_eq!(kit.wait().await.expect("it ends").code(), Some(1), "{text}");
    assert!(text.contains("people were made") && !text.contains("page-token"), "{text}");
    let words = ["--config=try/provost.yaml", "iam-list-users", "--using=scim", "-o", "jsonl"];
    let left = provost.run(&words).await.ended(0).json_lines();
    assert!(left.len() >= 2 && left.iter().all(|record| record["active"] == false), "{left:#?}");
}
