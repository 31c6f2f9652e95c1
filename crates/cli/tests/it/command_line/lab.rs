//! The lab: what it writes, what it leaves alone, what its help says.

use std::net::TcpListener;
use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::refusals::check;
use crate::provost::Provost;

/// A lab in the folder `try`. It ends when nobody listens to it.
async fn lab(provost: &Provost) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut lab = provost.start(&["lab", "--dir", "try", "--port", "0", "--people", "1"]);
    let mut lines = BufReader::new(lab.stdout.take().expect("a pipe")).lines();
    let line = lines.next_line().await.expect("readable").expect("a line");
    assert!(line.starts_with("Hello IAM World runs at"), "{line}");
    (lab, lines)
}

#[tokio::test]
async fn another_start_keeps_what_was_added() {
    let provost = Provost::new();
    drop(lab(&provost).await);
    let words = [
        "--config=try/provost.yaml",
        "instance",
        "add",
        "crm",
        "--integration=hello-iam-world",
        "--set=url=https://crm.example.com",
        "--set=credentials.username=app",
        "--set=credentials.password=env:APP_PASSWORD",
    ];
    provost.run(&words).await.ended(0);
    let before = provost.read("try/provost.yaml");
    let _lab = lab(&provost).await;
    let after = provost.read("try/provost.yaml");
    let but_address = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("url: http://127")).map(str::to_owned).collect()
    };
    assert_ne!(before, after, "the port is another");
    assert_eq!(but_address(&before), but_address(&after));
    let words = ["--config=try/provost.yaml", "instance", "test", "hello"];
    assert_eq!(provost.run(&words).await.ended(0).stdout, "ok\n");
}

#[cfg(unix)]
#[tokio::test]
async fn the_password_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let provost = Provost::new().file("try/lab-password", "old");
    let _lab = lab(&provost).await;
    let file = provost.folder().join("try/lab-password");
    let mode = std::fs::metadata(file).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_port_in_use_leaves_nothing_behind() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let provost = Provost::new();
    check(&provost, &["lab", "--dir", "try", "--port", &port], &["is in use", "--port"]).await;
    assert!(!Path::new(provost.folder()).join("try").exists());
}

#[tokio::test]
async fn only_what_was_chosen_runs() {
    let provost = Provost::new();
    let mut lab = provost.start(&["lab", "--dir", "try", "--port", "0", "--only", "scim,okta"]);
    let mut lines = BufReader::new(lab.stdout.take().expect("a pipe")).lines();
    let mut said = String::new();
    while !said.contains("is ready") {
        said += &lines.next_line().await.expect("readable").expect("a line");
    }
    assert!(!said.contains("Hello IAM World") && !said.contains("ServiceNow"), "{said}");
    let words = ["--config=try/provost.yaml", "test-module"];
    let said = provost.run(&words).await.ended(0).stdout;
    // Each says so as soon as it has answered.
    let answered: std::collections::BTreeSet<&str> = said.lines().collect();
    assert_eq!(answered, ["okta: ok", "scim: ok"].into());
    check(&provost, &["lab", "--only", "slack"], &["slack", "servicenow"]).await;
}

#[tokio::test]
async fn no_proxy_is_in_the_way() {
    let provost = Provost::new().variable("HTTP_PROXY", "http://127.0.0.1:1");
    let provost = provost.variable("http_proxy", "http://127.0.0.1:1");
    provost.run(&["demo"]).await.ended(0);
    let _lab = lab(&provost).await;
    provost.run(&["--config=try/provost.yaml", "test-module"]).await.ended(0);
}

#[tokio::test]
async fn the_help_lists_the_faults_and_no_option_without_meaning() {
    let provost = Provost::new();
    let help = provost.run(&["lab", "--help"]).await.ended(0).stdout;
    for word in [
        "429",
        "500",
        "reset",
        "lost",
        "html",
        "cut",
        "slow@500ms",
        "502-html",
        "drip",
        "stale",
        "again",
        "#3",
        "free ones",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for word in ["[default: ]", "[default: \"\"]", "first port"] {
        assert!(!help.contains(word), "{word}: {help}");
    }
    for command in ["lab", "demo", "man", "completions"] {
        let help = provost.run(&[command, "--help"]).await.ended(0).stdout;
        for option in ["--output", "--verbose", "--config"] {
            assert!(!help.contains(option), "{command} {option}: {help}");
        }
    }
    assert!(provost.run(&["test-module", "--help"]).await.ended(0).stdout.contains("--output"));
    // Hidden is not refused: a script may give it everywhere.
    provost.run(&["completions", "bash", "-o", "json", "-v"]).await.ended(0);
}

#[tokio::test]
async fn the_manual_has_every_commands_options() {
    let page = Provost::new().run(&["man"]).await.ended(0).stdout.replace('\\', "");
    for option in ["--user-profile", "--allow-enable", "--using-brand", "--integration", "--fault", "--yes"] {
        assert!(page.contains(option), "{option}");
    }
    for command in ["provost iam-get-user", "provost instance add", "provost lab", "provost man"] {
        assert!(page.contains(&format!(".SS \"{command}\"")), "{command}: {page}");
    }
    assert_eq!(page.matches(".TH ").count(), 1);
}
