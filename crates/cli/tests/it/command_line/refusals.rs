//! Commands that cannot begin say why and end with status 2.

use super::{KNOWN, NOWHERE, with_instances};
use crate::provost::{CANARY, Provost};

/// Runs the words; the program must refuse them and say all of this, and no secret.
pub(super) async fn check(provost: &Provost, words: &[&str], expected: &[&str]) {
    let printed = provost.run(words).await;
    assert_eq!(printed.exit, 2, "{words:?}: {printed:#?}");
    assert_eq!(printed.stdout, "", "{words:?}");
    for text in expected {
        assert!(printed.stderr.contains(text), "{words:?} should say `{text}`: {printed:#?}");
    }
    assert!(!printed.holds(CANARY), "{words:?}: {printed:#?}");
    assert!(!printed.holds("panicked"), "{words:?}: {printed:#?}");
}

#[tokio::test]
async fn unknown_words_are_answered_with_near_ones() {
    let provost = with_instances(&[("okta-prod", NOWHERE), ("hello", NOWHERE)]);
    let cases: [(&[&str], &[&str]); 10] = [
        (&["iam-get-usr", KNOWN], &["iam-get-usr", "iam-get-user"]),
        (&["!iam-get-usr user-profile=`{}`"], &["iam-get-usr", "iam-get-user"]),
        (&["iam-get-user", KNOWN, "--usng=hello"], &["--usng", "--using"]),
        (&["iam-get-user", KNOWN, "--output=xml"], &["xml", "json"]),
        (
            &["iam-get-user", KNOWN, "--using=okta-prd"],
            &["no instance `okta-prd`", "did you mean `okta-prod`?"],
        ),
        (&["iam-get-user", KNOWN, "--using=hello,x9"], &["no instance `x9`"]),
        (&["instance", "show", "helo"], &["no instance `helo`", "did you mean `hello`?"]),
        (&["instance", "remove", "helo", "--yes"], &["no instance `helo`", "did you mean `hello`?"]),
        (
            &["iam-get-user", KNOWN, "--using-brand=Okta IAM"],
            &["of the brand `Okta IAM`", "known are `Hello IAM World`", "provost instance list"],
        ),
        (
            &["test-module", "--using-brand=Helo IAM World,Hello IAM World"],
            &["of the brand `Helo IAM World`", "did you mean `Hello IAM World`?"],
        ),
    ];
    for (words, expected) in cases {
        check(&provost, words, expected).await;
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let empty = Provost::new();
    check(&empty, &["iam-get-user", KNOWN], &["there is no provost.yaml", "provost instance add"]).await;
    check(&empty, &["instance", "list"], &["there is no provost.yaml"]).await;
    check(&empty, &["--config=none.yaml", "instance", "list"], &["none.yaml"]).await;
    let provost = with_instances(&[("app", NOWHERE)]);
    check(&provost, &["iam-create-user"], &["--user-profile"]).await;
    check(&provost, &["instance", "show"], &["<NAME>"]).await;
    check(&provost, &["completions"], &["<SHELL>"]).await;
}

#[tokio::test]
async fn the_configuration_is_found_upward_or_named() {
    let provost = with_instances(&[("app", NOWHERE)]).file("deep/er/x", "").file(
        "other.yaml",
        "instances:\n  other: {integration: hello-iam-world, url: \"http://127.0.0.1:1\"}\n",
    );
    let listed = provost.run_in("deep/er", &["instance", "list"]).await.ended(0);
    assert!(listed.stdout.contains("app"), "{listed:#?}");
    let named = provost.run(&["instance", "list", "--config", "other.yaml"]).await.ended(0);
    assert!(named.stdout.contains("other") && !named.stdout.contains("app"), "{named:#?}");
}

#[tokio::test]
async fn an_instance_that_is_switched_off_is_not_asked() {
    let text = "instances:\n  on: {integration: hello-iam-world, url: \"http://127.0.0.1:1\", \
                credentials: {username: app, password: \"env:APP_PASSWORD\"}}\n  \
                off: {integration: hello-iam-world, url: \"http://127.0.0.1:1\", enabled: false, \
                credentials: {username: app, password: \"env:APP_PASSWORD\"}}\n";
    let provost = Provost::configured(text);
    check(
        &provost,
        &["iam-get-user", KNOWN, "--using=off"],
        &["`off` is switched off", "`enabled` is false"],
    )
    .await;
    check(&provost, &["iam-get-user", KNOWN, "--using=on,off"], &["`off` is switched off"]).await;
    check(&provost, &["instance", "test", "off"], &["`off` is switched off"]).await;
    let asked = provost.run(&["iam-get-user", KNOWN, "--output=json"]).await.ended(1).json();
    assert_eq!(asked["IAM.Vendor"]["instanceName"], "on");
    let none = Provost::configured(&text.replace("\"}}\n  off", "\"}, enabled: false}\n  off"));
    check(&none, &["iam-get-user", KNOWN], &["no enabled instance", "provost instance list"]).await;
    check(&none, &["test-module"], &["no enabled instance", "can run test-module"]).await;
    check(&none, &["get-mapping-fields"], &["no enabled instance", "can run get-mapping-fields"]).await;
}

#[tokio::test]
async fn an_instance_named_twice_is_asked_once() {
    let (_system, provost) = super::with_system().await;
    let words = ["iam-create-user", super::UNKNOWN, "--output=json", "--using=app,APP"];
    let answer = provost.run(&words).await.ended(0).json();
    assert_eq!(answer["IAM.Vendor"]["action"], "create", "{answer:#}");
}

#[tokio::test]
async fn a_setting_that_is_wrong_spoils_only_its_own_instance() {
    let (_system, provost) = super::with_system().await;
    let text =
        format!("{}  odd: {{integration: hello-iam-world, timeout: soon}}\n", provost.read("provost.yaml"));
    let provost = provost.file("provost.yaml", &text);
    let answer = provost.run(&["iam-get-user", KNOWN, "--output=json"]).await.ended(1).json();
    let records = answer["IAM.Vendor"].as_array().expect("a list");
    assert_eq!((&records[0]["success"], &records[1]["success"]), (&true.into(), &false.into()), "{answer:#}");
    assert_eq!(records[1]["brand"], "Hello IAM World", "{answer:#}");
}

#[tokio::test]
async fn a_setting_that_is_wrong_in_an_instance_that_is_switched_off_spoils_nothing() {
    let (_system, provost) = super::with_system().await;
    let off = "  off: {integration: helo, timeout: soon, insecure: perhaps, enabled: \"false\"}\n";
    let text = format!("{}{off}", provost.read("provost.yaml"));
    let provost = provost.file("provost.yaml", &text);
    let answer = provost.run(&["iam-get-user", KNOWN, "--output=json"]).await.ended(0).json();
    assert_eq!(answer["IAM.Vendor"]["instanceName"], "app", "{answer:#}");
    check(&provost, &["iam-get-user", KNOWN, "--using=off"], &["`off` is switched off"]).await;
}
