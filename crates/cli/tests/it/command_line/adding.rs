//! What `instance add` takes, and what it leaves behind.

use std::fs;

use super::refusals::check;
use super::{NOWHERE, with_instances};
use crate::provost::{CANARY, Provost};

/// The words that add `two`, with these in place of the user name and after the rest.
fn add<'a>(username: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec![
        "instance",
        "add",
        "two",
        "--integration=hello-iam-world",
        "--set=url=http://127.0.0.1:1",
        "--set=credentials.password=env:APP_PASSWORD",
        "--set",
        username,
    ];
    words.extend(more);
    words
}

#[tokio::test]
async fn instances_that_are_added_at_once_are_all_there() {
    let provost = Provost::new();
    let names: Vec<String> = (0..12).map(|number| format!("app-{number}")).collect();
    let mut running = Vec::new();
    for name in &names {
        let mut words = add("credentials.username=app", &[]);
        words[2] = name;
        running.push(provost.start(&words));
    }
    for child in running {
        let output = child.wait_with_output().await.expect("it ran");
        assert!(output.status.success(), "{output:?}");
    }
    let listed = provost.run(&["instance", "list", "-o", "jsonl"]).await.ended(0).json_lines();
    assert_eq!(listed.len(), names.len(), "{}", provost.read("provost.yaml"));
}

#[tokio::test]
async fn a_first_instance_that_is_refused_leaves_nothing_behind() {
    let provost = Provost::new();
    check(&provost, &add("credentials.username=app", &["--set=timeout=soon"]), &["number of seconds"]).await;
    assert_eq!(fs::read_dir(provost.folder()).expect("readable").count(), 0);
}

#[tokio::test]
async fn what_cannot_work_is_refused() {
    let provost = with_instances(&[("app", NOWHERE)]);
    let before = provost.read("provost.yaml");
    let with = |more: &'static [&'static str]| add("credentials.username=app", more);
    let cases: [(Vec<&str>, &[&str]); 12] = [
        (add("credentials.usrname=x", &[]), &["`credentials` has no member `usrname`", "`username`?"]),
        (with(&["--set=mapper-out=Nope"]), &["`mapper-out`", "no mapper named `Nope`", "name a file"]),
        (with(&["--set=mapper-in=none.yaml"]), &["could not read `mapper-in`", "none.yaml"]),
        (with(&["--set=ca-file=none.pem"]), &["could not read `ca-file`", "none.pem"]),
        (with(&["--set=credentials=foo"]), &["`credentials` has two members", "--set credentials.username="]),
        (with(&["--set=url.host=foo"]), &["`url` has no members", "--set url="]),
        (with(&["--set=credential.username=x"]), &["no setting `credential`", "did you mean `credentials`?"]),
        (with(&["--set=x: y=z"]), &["no setting `x: y`"]),
        (with(&["--set=a\nb=z"]), &["no setting `a\\nb`"]),
        (add("credentials.username=a\nb", &[]), &["`credentials.username` has a line break"]),
        (with(&["--set=proxy=socks5://127.0.0.1:1"]), &["`proxy` must be", "`http://`"]),
        (with(&["--set=credentials.password=envv:FOO"]), &["`envv:` is no kind", "did you mean `env`?"]),
    ];
    for (words, expected) in cases {
        check(&provost, &words, expected).await;
        assert_eq!(provost.read("provost.yaml"), before, "{words:?}");
    }
    for name in ["null", "~", "true", "123", ".", "-", "a\nb", "--", "a/b"] {
        let mut words = with(&[]);
        // Nothing but a name after `--`, so that one like an option is a name too.
        words.remove(2);
        words.extend(["--", name]);
        check(&provost, &words, &["is no name for an instance", "use letters"]).await;
    }
}

#[tokio::test]
async fn a_text_that_looks_like_a_number_stays_a_text() {
    for username in ["12345", "007", "true", "null", "1e5", "false"] {
        let provost = Provost::new();
        let set = format!("credentials.username={username}");
        provost.run(&add(&set, &["--set=timeout=2.5", "--set=insecure=true"])).await.ended(0);
        let text = provost.read("provost.yaml");
        for line in [&format!("username: \"{username}\""), "timeout: 2.5\n", "insecure: true\n"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        let asked = provost.run(&["instance", "test", "two"]).await.ended(1);
        assert!(!asked.stderr.contains("must be"), "{asked:#?}");
    }
}

#[tokio::test]
async fn a_plain_password_is_warned_of_when_it_is_added() {
    let password = format!("--set=credentials.password={CANARY}");
    let added = Provost::new().run(&add("credentials.username=app", &[&password])).await.ended(0);
    assert!(added.stderr.contains("`credentials.password` of `two` is a secret in plain text"), "{added:#?}");
    assert!(!added.holds(CANARY), "{added:#?}");
    let added = Provost::new().run(&add("credentials.username=app", &[])).await.ended(0);
    assert!(!added.stderr.contains("plain text"), "{added:#?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let provost = Provost::new().file("provost.yaml/x", "");
    let words = add("credentials.username=app", &["--config=provost.yaml"]);
    check(&provost, &words, &["could not read the configuration `provost.yaml`"]).await;
    let words = add("credentials.username=app", &["--config=none/provost.yaml"]);
    check(&provost, &words, &["`none/provost.yaml`"]).await;
    check(&provost, &["lab", "--dir=.", "--port=0"], &["could not read `./provost.yaml`"]).await;
}

#[tokio::test]
async fn an_instance_that_cannot_work_can_be_removed() {
    let text = "instances:\n  # the odd one\n  odd:\n    timeout: soon\n  # the last\n  last: {}\n";
    let provost = Provost::configured(text);
    provost.run(&["instance", "remove", "odd", "--yes"]).await.ended(0);
    assert_eq!(provost.read("provost.yaml"), "instances:\n  # the odd one\n  # the last\n  last: {}\n");
}

#[tokio::test]
async fn a_file_of_comments_takes_a_first_instance() {
    let provost = Provost::configured("# ours\n");
    provost.run(&add("credentials.username=app", &[])).await.ended(0);
    assert!(provost.read("provost.yaml").starts_with("# ours\ninstances:\n  two:\n"));
}
