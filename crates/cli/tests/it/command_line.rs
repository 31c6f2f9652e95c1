//! What cannot be said as one command, one script and one entry.

mod adding;
mod batch;
mod checking;
mod classify;
mod configuration;
mod describe;
mod explain;
mod forms;
mod generated;
mod instances;
mod integrations;
mod interrupted;
mod kit;
mod lab;
mod listing;
mod mapper_diff;
mod mappers;
mod output;
mod parallel;
mod profile_fields;
mod refusals;
mod secrets;
mod shown;
mod slow_secrets;
mod spelling;
mod tls;
mod tokens;
mod vendor;

use std::fmt::Write as _;

use provost_lab::{Running, hello};

use crate::provost::{CANARY, PASSWORD_VARIABLE, Provost};

/// Somebody whom every emulator knows, and somebody whom none does.
const KNOWN: &str = r#"--user-profile={"email": "user0001@example.com"}"#;
const UNKNOWN: &str = r#"--user-profile={"email": "nobody@example.com"}"#;

/// An address where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

/// An emulated system with three accounts.
async fn system() -> Running {
    let options = hello::Options {
        user: "app".to_owned(),
        password: CANARY.to_owned(),
        people: 3,
        ..hello::Options::default()
    };
    hello::start(options).await.expect("the emulator starts")
}

/// The program with these instances of Hello IAM World, by name and address.
fn with_instances(instances: &[(&str, &str)]) -> Provost {
    let mut text = "instances:\n".to_owned();
    for (name, url) in instances {
        let _ = writeln!(
            text,
            "  {name}:\n    integration: hello-iam-world\n    url: {url}\n    \
             credentials: {{username: app, password: \"env:{PASSWORD_VARIABLE}\"}}"
        );
    }
    Provost::configured(&text)
}

/// A system and the program with the one instance `app` of it.
async fn with_system() -> (Running, Provost) {
    let system = system().await;
    let provost = with_instances(&[("app", &system.url())]);
    (system, provost)
}
