//! What a server refuses, and what cannot be asked of one.

use super::{Both, PERSON};
use crate::provost::{Printed, Provost};

/// A configuration error that says this.
fn check(printed: Printed, expected: &[&str]) -> Printed {
    let printed = printed.ended(2);
    assert_eq!(printed.stdout, "", "{printed:#?}");
    for text in expected {
        assert!(printed.stderr.contains(text), "{text}: {printed:#?}");
    }
    printed
}

/// A program that asks the server with another key.
fn with_key(both: &Both, key: &str) -> Provost {
    Provost::new()
        .variable("PROVOST_SERVER", &format!("http://{}/", both.server.address))
        .variable("PROVOST_API_KEY", key)
}

#[tokio::test]
async fn keys_that_may_not_are_configuration_errors() {
    let both = Both::start().await;
    let (id, key) = both.key("operator").await;
    let operator = with_key(&both, &key);
    operator.run(&["iam-get-user", PERSON]).await.ended(0);
    both.server.ask(&format!("DELETE /api/v1/keys/{id}"), "").await.ended(204);
    let refused = ["refused: the API key is wrong, has expired or was taken away", "PROVOST_API_KEY"];
    let revoked = check(operator.run(&["iam-get-user", PERSON]).await, &refused);
    assert!(!revoked.holds(&key), "{revoked:#?}");
    let wrong = with_key(&both, "pv_abc_defghijkl");
    assert!(!check(wrong.run(&["iam-get-user", PERSON, "-v"]).await, &refused).holds("defghijkl"));

    let (_, key) = both.key("viewer").await;
    let viewer = with_key(&both, &key);
    viewer.run(&["iam-get-user", PERSON]).await.ended(0);
    check(viewer.run(&["iam-disable-user", PERSON]).await, &["viewer", "operator", "hint: whoever runs"]);
}

#[tokio::test]
async fn a_key_is_named_and_never_shown() {
    let both = Both::start().await;
    let key = both.server.key().to_owned();
    let address = format!("http://{}", both.server.address);
    let provost = Provost::new().file("key", &format!("{key}\n")).variable("KEY", &key);
    let ask = async |reference: &str| {
        provost.run(&["-v", "--server", &address, "--api-key", reference, "iam-get-user", PERSON]).await
    };
    for reference in ["env:KEY", "file:key", "command:cat key"] {
        let printed = ask(reference).await.ended(0);
        assert!(!printed.holds(&key) && !printed.stderr.contains("warning"), "{printed:#?}");
    }
    let plain = ask(&key).await.ended(0);
    assert!(plain.stderr.contains("warning: everybody on this machine can see"), "{plain:#?}");
    assert!(!plain.holds(&key), "{plain:#?}");
    check(ask("env:NOT_SET").await, &["`NOT_SET` is not set"]);
    check(ask("fiel:key").await, &["`fiel:` is no kind of reference"]);
    let without = provost.run(&["--server", &address, "iam-get-user", PERSON]).await;
    check(without, &["there is none", "export PROVOST_API_KEY"]);
}

#[tokio::test]
async fn unknown_instances_are_told_with_the_known_ones() {
    let both = Both::start().await;
    let printed = both.remote.run(&["iam-get-user", PERSON, "--using=okat"]).await;
    check(printed, &["there is no instance `okat`", "`okta`"]);
    let long = "x".repeat(1001);
    check(both.remote.run(&["iam-enable-user", PERSON, "--reason", &long]).await, &["more than 1000"]);
}

#[tokio::test]
async fn addresses_are_checked_before_anything_is_sent() {
    let provost = Provost::new().variable("PROVOST_API_KEY", "pv_abc_defghijkl");
    for (address, expected) in [
        ("provost.example", "must be an address that begins with"),
        ("https://ann:secret-word@provost.example", "without a user name"),
        ("https://provost.example?a=1", "without `?` and `#`"),
    ] {
        let printed = provost.run(&["--server", address, "iam-get-user", PERSON]).await;
        assert!(!check(printed, &[expected]).holds("secret-word"), "{address}");
    }
    let slow = Provost::new().variable("PROVOST_API_KEY", "pv_a_b").variable("PROVOST_TIMEOUT", "soon");
    let printed = slow.run(&["--server=http://127.0.0.1:1", "iam-get-user", PERSON]).await;
    check(printed, &["`PROVOST_TIMEOUT` must be a number of seconds"]);
}

#[tokio::test]
async fn commands_of_this_machine_stay_here() {
    let provost = Provost::new().variable("PROVOST_SERVER", "http://127.0.0.1:1");
    for words in [&["instance", "list"][..], &["fetch-incidents"]] {
        check(provost.run(words).await, &["cannot be carried out by a server", "--server ''"]);
    }
    provost.run(&["integration", "list"]).await.ended(0);
    // Without the server the command looks for provost.yaml.
    let printed = provost.run(&["--server=", "instance", "list"]).await.ended(2);
    assert!(printed.stderr.contains("provost.yaml"), "{printed:#?}");
}
