//! The API against its own description, by a tool that reads nothing else.

use std::process::Stdio;

use tokio::process::Command;

use super::server::{Server, tell};
use crate::provost::Provost;

/// For how long requests are made up, in seconds, and how many for each route at most.
const SECONDS: &str = "90";
const EXAMPLES: &str = "15";
/// What an answer is held against.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[tokio::test]
async fn answers_are_as_they_are_described() {
    let Some(program) = std::env::var_os("PROVOST_BED_SCHEMATHESIS") else {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "there is no Schemathesis");
        tell("left out: Schemathesis, which `cargo xtask test` brings");
        return;
    };
    let provost = Provost::new();
    let server = Server::start(&provost, &["--lab"]).await;
    let document = format!("http://{}/api/v1/openapi.json", server.address);
    let key = format!("Authorization: Bearer {}", server.key());
    let mut command = Command::new(program);
    command.args(["--no-color", "run", &document, "--header", &key, "--checks", CHECKS]);
    command.args([
        "--max-examples",
        EXAMPLES,
        "--max-time",
        SECONDS,
        "--request-timeout",
        "20",
        "--seed",
        "1",
    ]);
    // A stream has no end of its own, and a key that is found in the list may be the one in use.
    command.args(["--exclude-path-regex", "/progress$", "--exclude-operation-id", "revoke"]);
    command.args(["--generation-with-security-parameters", "false"]);
    command.current_dir(provost.folder()).stdin(Stdio::null()).kill_on_drop(true);
    let ended = command.output().await.expect("it runs");
    let printed = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{printed}\n{}", String::from_utf8_lossy(&ended.stderr));
    server.ask("GET /readyz", "").await.ended(200);
}
