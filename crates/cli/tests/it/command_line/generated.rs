//! What the program can say about itself, and the demo.

use serde_json::Value;

use crate::provost::{Printed, Provost};

const COMMANDS: [&str; 7] = [
    "iam-get-user",
    "iam-create-user",
    "iam-update-user",
    "iam-disable-user",
    "iam-enable-user",
    "get-mapping-fields",
    "test-module",
];

#[tokio::test]
async fn help_completions_and_manual_name_every_command() {
    let provost = Provost::new();
    let pages: [&[&str]; 6] = [
        &["--help"],
        &["man"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["completions", "powershell"],
    ];
    for words in pages {
        let page = provost.run(words).await.ended(0);
        for command in COMMANDS {
            let plain = page.stdout.replace('\\', "");
            assert!(plain.contains(command), "{words:?} does not name {command}");
        }
        assert_eq!(page.stderr, "", "{words:?}");
    }
}

#[tokio::test]
async fn bash_takes_the_completions() {
    let script = Provost::new().run(&["completions", "bash"]).await.ended(0).stdout;
    assert!(script.contains("complete ") && script.contains("_provost"), "{script}");
}

#[tokio::test]
async fn the_demo_plays_every_scene_and_leaves_nothing_behind() {
    let provost = Provost::new();
    let Printed { stdout, stderr, exit } = provost.run(&["demo"]).await;
    assert_eq!((exit, stderr.contains("error")), (0, false), "{stdout}\n{stderr}");
    for expected in
        ["created", "found", "updated", "disabled", "skipped", "failed", "Okta IAM", "ServiceNow IAM", "SCIM"]
    {
        assert!(stdout.contains(expected), "{expected}: {stdout}");
    }
    for command in ["iam-create-user", "iam-get-user", "iam-disable-user", "iam-update-user"] {
        assert!(stdout.contains(&format!("$ provost {command} --user-profile '{{")), "{command}: {stdout}");
    }
    assert!(provost.folder().read_dir().expect("readable").next().is_none());
}

#[tokio::test]
async fn the_lab_writes_a_configuration_that_works() {
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    let provost = Provost::new();
    let mut lab = provost.start(&["lab", "--dir", "try", "--port", "0", "--people", "2"]);
    let stdout = lab.stdout.take().expect("standard output is a pipe");
    // The pipe stays open: the lab ends when nobody listens to it.
    let mut lines = BufReader::new(stdout).lines();
    let line = lines.next_line().await.expect("readable").expect("a line");
    assert!(line.starts_with("Hello IAM World runs at http://127.0.0.1:"), "{line}");
    let profile = r#"--user-profile={"email": "user0002@example.com"}"#;
    let words = ["--config", "try/provost.yaml", "iam-get-user", profile, "-o", "json"];
    let found: Value = provost.run(&words).await.ended(0).json();
    let records = found["IAM.Vendor"].as_array().expect("a record for each system");
    let seen: Vec<_> = records.iter().map(|record| (&record["instanceName"], &record["email"])).collect();
    let email = "user0002@example.com".into();
    let systems = ["hello", "okta", "servicenow", "scim"].map(Value::from);
    assert_eq!(seen, systems.iter().map(|name| (name, &email)).collect::<Vec<_>>());
    lab.kill().await.expect("it can be ended");
    drop(lines);
    let foreign = Provost::configured("instances: {}\n").run(&["lab"]).await.ended(2);
    assert!(foreign.stderr.contains("was not written by the lab"), "{foreign:#?}");
    let fault = Provost::new().run(&["lab", "--fault", "often"]).await.ended(2);
    assert!(fault.stderr.contains("--fault"), "{fault:#?}");
}
