//! Where secrets come from, and that they go nowhere else.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::json;

use super::refusals::check;
use super::{KNOWN, NOWHERE, system, with_instances};
use crate::provost::{CANARY, Provost};

/// The program with an instance whose password is written like this.
fn with_password(url: &str, reference: &str) -> Provost {
    let text = format!(
        "instances:\n  app:\n    integration: hello-iam-world\n    url: {url}\n    \
         credentials: {{username: app, password: {reference:?}}}\n"
    );
    Provost::configured(&text).file("secret.txt", &format!("{CANARY}\r\n")).file("empty.txt", "\n")
}

#[tokio::test]
async fn every_kind_of_reference_is_followed() {
    let system = system().await;
    for reference in
        ["env:APP_PASSWORD", "file:secret.txt", "file:./secret.txt", "command:cat secret.txt", CANARY]
    {
        let provost = with_password(&system.url(), reference);
        let printed = provost.run(&["iam-get-user", KNOWN, "-v", "-o", "entry"]).await;
        assert_eq!(printed.exit, 0, "{reference}: {printed:#?}");
        assert!(!printed.holds(CANARY), "{reference}: {printed:#?}");
        assert_eq!(printed.stderr.contains("plain text"), reference == CANARY, "{reference}: {printed:#?}");
    }
}

#[tokio::test]
async fn a_reference_that_leads_nowhere_says_so() {
    let cases: [(&str, &[&str]); 8] = [
        ("env:UNSET", &["`UNSET` is not set", "export UNSET=..."]),
        ("env:EMPTY", &["`env:EMPTY` gives an empty secret"]),
        ("file:none.txt", &["none.txt"]),
        ("file:empty.txt", &["`file:empty.txt` gives an empty secret"]),
        ("command:exit 3", &["`exit 3`, which should print a secret, failed", "3"]),
        ("command:true", &["gives an empty secret"]),
        ("command:no-such-program", &["no-such-program"]),
        ("sealed:app", &["`sealed:` secrets are kept by a Provost server", "env:, file: or command:"]),
    ];
    for (reference, expected) in cases {
        let provost = with_password(NOWHERE, reference).variable("EMPTY", "");
        let expected = [expected, &["instance `app`"]].concat();
        check(&provost, &["iam-get-user", KNOWN], &expected).await;
        check(&provost, &["instance", "test", "app"], &expected).await;
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_shown() {
    let system = system().await;
    let provost = with_password(&system.url(), "env:OTHER").variable("OTHER", "wrong-canary-password");
    let printed = provost.run(&["iam-get-user", KNOWN, "-v"]).await.ended(1);
    assert!(printed.holds("401") && !printed.holds(CANARY), "{printed:#?}");
}

#[tokio::test]
async fn the_steps_hide_a_secret_in_an_address_however_it_is_encoded() {
    let system = system().await;
    let secrets = [CANARY, "pa\"ss/w\u{f6}rd&more", "with blanks + plus"];
    let encoded = ["canary-password", "pa%22ss", "with+blanks"];
    let integrations = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/integrations");
    let text = format!(
        "integrations: {integrations}\ninstances:\n  app:\n    integration: mock-query\n    url: {}\n    \
         credentials: {{username: app, password: \"env:KEY\"}}\n",
        system.url()
    );
    for (secret, encoded) in secrets.into_iter().zip(encoded) {
        let provost = Provost::configured(&text).variable("KEY", secret);
        let printed = provost.run(&["iam-get-user", KNOWN, "-v"]).await.ended(1);
        assert!(printed.stderr.contains("GET /users?email="), "{printed:#?}");
        assert!(!printed.holds(secret) && !printed.holds(encoded), "{secret}: {printed:#?}");
    }
}

#[tokio::test]
async fn a_secret_that_the_system_repeats_is_masked_however_it_is_quoted_or_cut() {
    let secret = "pa\"ss\\word-of-the-app";
    let quoted = json!({"unusual": format!("wrong: {secret}")});
    let cut = format!("<p>{}{secret}</p>", "x".repeat(185));
    let mut leaks = Vec::new();
    for (status, body) in [(400, quoted), (400, json!(cut)), (200, json!(cut))] {
        let exchange =
            Exchange::new("GET /api/now/users?email=user0001%40example.com", Answer::new(status, body));
        let server = Server::start(vec![exchange]).await.expect("the server starts");
        let provost = with_password(&server.url(), "env:OTHER").variable("OTHER", secret);
        let printed = provost.run(&["iam-get-user", KNOWN, "-v", "-o", "jsonl"]).await.ended(1);
        let message = printed.json()["errorMessage"].as_str().unwrap_or_default().to_owned();
        // A part of it is too much already.
        leaks.extend(["pa\"ss", "word-of"].iter().any(|part| message.contains(part)).then_some(message));
        assert_eq!(server.finish().await, Ok(()));
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[tokio::test]
async fn a_password_in_the_profile_is_masked_where_an_instance_cannot_work() {
    let system = system().await;
    let provost = with_instances(&[("app", &system.url())]);
    let broken = provost.read("provost.yaml").replace("instances:\n", "").replace("APP_PASSWORD", "UNSET");
    let text = format!("{}{}", provost.read("provost.yaml"), broken.replace("app:", "broken:"));
    let provost = Provost::configured(&text);
    let profile = format!(r#"--user-profile={{"email": "ann@example.com", "password": "{CANARY}"}}"#);
    for format in ["json", "jsonl", "entry", "markdown", "table"] {
        let printed = provost.run(&["iam-get-user", &profile, "--output", format]).await.ended(1);
        assert!(printed.holds("broken"), "{format}: {printed:#?}");
        assert!(!printed.holds(CANARY), "{format}: {printed:#?}");
    }
}

#[tokio::test]
async fn plain_secrets_are_masked_where_the_configuration_is_shown() {
    let provost = with_password(NOWHERE, CANARY);
    let shown = provost.run(&["instance", "show", "app"]).await.ended(0);
    assert!(shown.stdout.contains("[plain text]") && !shown.holds(CANARY), "{shown:#?}");
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(!listed.holds(CANARY), "{listed:#?}");
    let shown = with_password(NOWHERE, "env:APP_PASSWORD").run(&["instance", "show", "app"]).await.ended(0);
    assert!(shown.stdout.contains("env:APP_PASSWORD"), "{shown:#?}");
}

#[tokio::test]
async fn a_password_in_an_address_is_masked() {
    let provost =
        with_password(&format!("http://app:{CANARY}@127.0.0.1:1"), "env:OTHER").variable("OTHER", "x-other");
    for words in [&["instance", "show", "app"][..], &["instance", "list"], &["iam-get-user", KNOWN, "-v"]] {
        let printed = provost.run(words).await;
        assert!(!printed.holds(CANARY), "{words:?}: {printed:#?}");
    }
}
