//! `provost instance` in scripts, where nobody answers questions.

use super::refusals::check;
use super::{KNOWN, system, with_instances};
use crate::provost::{CANARY, Provost};

/// The words that add a working instance.
fn add<'a>(name: &'a str, url: &'a str) -> Vec<&'a str> {
    vec![
        "instance",
        "add",
        name,
        "--integration=hello-iam-world",
        "--set",
        url,
        "--set",
        "credentials.username=app",
        "--set=credentials.password=env:APP_PASSWORD",
    ]
}

#[tokio::test]
async fn an_instance_is_added_tested_used_and_removed() {
    let system = system().await;
    let provost = Provost::new();
    let url = format!("url={}", system.url());
    let added = provost.run(&add("hello", &url)).await.ended(0);
    assert!(added.stdout.contains("`hello` is configured in provost.yaml"), "{added:#?}");
    assert!(added.stderr.contains("provost instance test hello"), "{added:#?}");
    assert_eq!(
        provost.read("provost.yaml"),
        format!(
            "instances:\n  hello:\n    integration: hello-iam-world\n    url: \"{}\"\n    credentials:\n      \
             username: app\n      password: \"env:APP_PASSWORD\"\n",
            system.url()
        )
    );
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    for expected in ["hello", "hello-iam-world", &system.url(), "yes"] {
        assert!(listed.stdout.contains(expected), "{expected}: {listed:#?}");
    }
    let shown = provost.run(&["instance", "show", "hello"]).await.ended(0);
    for expected in ["Hello IAM World", "id, username, email", "app, password env:APP_PASSWORD", "60 s"] {
        assert!(shown.stdout.contains(expected), "{expected}: {shown:#?}");
    }
    assert_eq!(provost.run(&["instance", "test", "hello"]).await.ended(0).stdout, "ok\n");
    provost.run(&["iam-get-user", KNOWN]).await.ended(0);
    provost.run(&add("spare", &url)).await.ended(0);
    let removed = provost.run(&["instance", "remove", "hello", "--yes"]).await.ended(0);
    assert!(removed.stdout.contains("`hello` is no longer configured"), "{removed:#?}");
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(listed.stdout.contains("spare") && !listed.stdout.contains(" hello "), "{listed:#?}");
}

#[tokio::test]
async fn the_last_instance_can_be_removed_and_a_first_one_added_again() {
    let provost = with_instances(&[("app", "http://127.0.0.1:1")]);
    provost.run(&["instance", "remove", "app", "--yes"]).await.ended(0);
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(listed.stdout.is_empty() && listed.stderr.contains("No instance"), "{listed:#?}");
    provost.run(&add("two", "url=http://127.0.0.1:2")).await.ended(0);
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(listed.stdout.contains("two"), "{listed:#?}");
}

#[tokio::test]
async fn a_file_written_by_hand_keeps_its_words() {
    let before = "# ours\ninstances: # two of them\n    # the first\n    one: {integration: hello-iam-world, \
                  url: \"http://127.0.0.1:1\"}\n\n# the end\nintegrations: .\n";
    let provost = Provost::configured(before);
    provost.run(&add("two", "url=http://127.0.0.1:2")).await.ended(0);
    let after = provost.read("provost.yaml");
    assert_ne!(after, before);
    for line in before.lines() {
        assert!(after.lines().any(|kept| kept == line), "`{line}` is lost: {after}");
    }
    provost.run(&["instance", "remove", "two", "--yes"]).await.ended(0);
    assert_eq!(provost.read("provost.yaml"), before);
}

#[tokio::test]
async fn what_cannot_be_added_leaves_the_file_alone() {
    let provost = with_instances(&[("hello", "http://127.0.0.1:1")]);
    let before = provost.read("provost.yaml");
    let good = add("two", "url=http://127.0.0.1:2");
    let with = |more: &'static str| [&good[..], &[more]].concat();
    let cases: [(Vec<&str>, &[&str]); 9] = [
        (vec!["instance", "add", "two"], &["`--integration` is not set", "hello-iam-world"]),
        (good[..4].to_vec(), &["`url` is not set", "--set url=https://hello.example.com"]),
        (
            good[..8].to_vec(),
            &["`credentials.password` is not set", "--set credentials.password=env:TWO_PASSWORD"],
        ),
        (vec!["instance", "add", "two", "--integration=helo"], &["no integration `helo`"]),
        (with("--set=timout=3"), &["no setting `timout`", "did you mean `timeout`?"]),
        (with("--set=timeout"), &["`--set timeout` has no value", "--set name=value"]),
        (add("hello", "url=http://127.0.0.1:2"), &["there is an instance `hello` already"]),
        (add("HELLO", "url=http://127.0.0.1:2"), &["already"]),
        (add("two words", "url=http://127.0.0.1:2"), &["no name for an instance"]),
    ];
    for (words, expected) in cases {
        check(&provost, &words, expected).await;
        assert_eq!(provost.read("provost.yaml"), before, "{words:?}");
    }
    check(&provost, &["instance", "remove", "hello"], &["wants a yes", "--yes"]).await;
    assert_eq!(provost.read("provost.yaml"), before);
}

#[tokio::test]
async fn settings_of_every_kind_can_be_added() {
    let provost = Provost::new();
    let mut words = add("two", "url=http://127.0.0.1:1");
    words.extend([
        "--set=timeout=2.5",
        "--set=create_if_not_exists=false",
        "--set=disable-user-enabled=false",
    ]);
    provost.run(&words).await.ended(0);
    let shown = provost.run(&["instance", "show", "two"]).await.ended(0);
    assert!(shown.stdout.contains("2.5 s") && shown.stdout.contains("disable (off)"), "{shown:#?}");
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(listed.stdout.contains("disable"), "{listed:#?}");
}

#[tokio::test]
async fn a_value_cannot_break_out_of_its_place() {
    let provost = Provost::new();
    let mut words = add("two", "url=http://127.0.0.1:1");
    let hostile = "credentials.username=x\"}, evil: {integration: hello-iam-world} # : [";
    words[7] = hostile;
    provost.run(&words).await.ended(0);
    let shown = provost.run(&["instance", "show", "two"]).await.ended(0);
    assert!(shown.stdout.contains("x\"}, evil: {integration"), "{shown:#?}");
    let listed = provost.run(&["instance", "list"]).await.ended(0);
    assert!(!listed.stdout.contains("evil"), "{listed:#?}");
}

#[tokio::test]
async fn a_test_says_what_is_wrong() {
    let system = system().await;
    let provost =
        with_instances(&[("dead", "http://127.0.0.1:1"), ("wrong", &format!("{}/x", system.url()))]);
    let dead = provost.run(&["instance", "test", "dead"]).await.ended(1);
    assert!(dead.stderr.contains("Verify that the server URL parameter is correct"), "{dead:#?}");
    let wrong = provost.run(&["instance", "test", "wrong"]).await.ended(1);
    assert!(wrong.stderr.contains("404"), "{wrong:#?}");
    let denied = with_instances(&[("app", &system.url())]).variable("APP_PASSWORD", "something else");
    let denied = denied.run(&["instance", "test", "app"]).await.ended(1);
    assert!(denied.stderr.contains("401") && denied.stderr.contains("credentials"), "{denied:#?}");
    assert!(!denied.holds(CANARY), "{denied:#?}");
}
