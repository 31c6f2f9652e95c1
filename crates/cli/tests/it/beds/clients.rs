//! Clients that others wrote, at our emulated systems: these keep the emulators honest.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::bed::leave_out;
use crate::provost::{Printed, Provost};

#[tokio::test]
async fn pysnc_reads_and_writes_servicenow() {
    run("pysnc", "servicenow", "servicenow.py").await;
}

#[tokio::test]
async fn scim2_tester_finds_nothing_wrong() {
    run("scim2-tester", "scim", "scim.py").await;
}

/// Runs a script of this folder, in the Python that has the client's library, at a system of
/// the lab.
async fn run(client: &'static str, system: &str, script: &str) {
    let variable = format!("PROVOST_BED_{}_PYTHON", client.replace('-', "_").to_uppercase());
    let Some(python) = std::env::var_os(variable) else {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "no client is called `{client}`");
        return leave_out(&format!("there is no client `{client}`; `cargo xtask test` installs it"));
    };
    let provost = Provost::new();
    let lab = provost.lab(&["--only", system]).await;
    let said = lab.first.split(" runs at ").nth(1).and_then(|rest| rest.split(',').next());
    let url = said.expect("an address");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/beds").join(script);
    let mut command = Command::new(python);
    command.arg(script).env_clear();
    command.env("URL", url).env("PASSWORD", provost.read("try/lab-password").trim());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Printed::at_the_end_of(command.spawn().expect("Python starts")).await.ended(0);
}
