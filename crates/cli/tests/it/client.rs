//! `provost --server`: the same commands, carried out by a server.

mod batch;
mod faulty;
mod other;
mod refused;
mod same;
mod tls;

use crate::provost::{Lab, Printed, Provost};
use crate::serve::server::Server;

/// Somebody whom every system knows.
const PERSON: &str = r#"--user-profile={"email": "user0001@example.com"}"#;

/// The lab's systems, the program that asks them itself, and the one that has a server ask them.
pub(crate) struct Both {
    pub(crate) local: Provost,
    pub(crate) remote: Provost,
    pub(crate) server: Server,
    _lab: Lab,
}

impl Both {
    /// Starts the lab, and a server with the lab's configuration.
    pub(crate) async fn start() -> Self {
        let local = Provost::new();
        let lab = local.lab(&["--people", "9"]).await;
        let server = Server::start(&local, &["--config=try/provost.yaml"]).await;
        let remote = Provost::new()
            .variable("PROVOST_SERVER", &format!("http://{}", server.address))
            .variable("PROVOST_API_KEY", server.key());
        Self { local, remote, server, _lab: lab }
    }

    /// Runs a command here and at the server.
    pub(crate) async fn run(&self, words: &[&str]) -> (Printed, Printed) {
        let here = self.local.run(&[&["--config=try/provost.yaml"], words].concat()).await;
        (here, self.remote.run(words).await)
    }

    /// Makes a key of a role.
    pub(crate) async fn key(&self, role: &str) -> (String, String) {
        let body = format!(r#"{{"name": "test", "role": "{role}"}}"#);
        let made = self.server.ask("POST /api/v1/keys", &body).await.ended(201).json();
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        (text("id"), text("key"))
    }
}
