//! A server with two systems, `near` and `far`, and keys that reach differently far.

use std::time::Duration;

use provost_lab::{Running, okta};
use serde_json::{Value, json};

use super::http::Answer;
use super::killed::events;
use super::server::Server;
use crate::provost::{CANARY, PASSWORD_VARIABLE, Provost};

/// The instances.
const NAMES: [&str; 2] = ["near", "far"];

/// An instance as it is configured.
fn setting(name: &str, url: &str) -> String {
    format!(
        "  {name}:\n    integration: okta-iam\n    url: {url}\n    api-token: env:{PASSWORD_VARIABLE}\n    proxy: false\n"
    )
}

/// A server, and the systems behind it.
pub(crate) struct Two {
    _provost: Provost,
    pub(crate) server: Server,
    systems: Vec<Running>,
}

impl Two {
    /// Starts them, the server with these further words.
    pub(crate) async fn start(words: &[&str]) -> Self {
        let mut systems = Vec::new();
        let mut settings = "instances:\n".to_owned();
        for name in NAMES {
            let options = okta::Options { token: CANARY.to_owned(), people: 3, ..okta::Options::default() };
            let system = okta::start(options).await.expect("the system starts");
            settings += &setting(name, &system.url());
            systems.push(system);
        }
        let provost = Provost::configured(&settings);
        let server = Server::start(&provost, words).await;
        Self { _provost: provost, server, systems }
    }

    /// A new key with these scopes; members of `more` are put into the request.
    pub(crate) async fn key(&self, role: &str, scopes: Value, more: &[(&str, Value)]) -> String {
        let mut wanted = json!({"name": format!("{role} of the tests"), "role": role, "scopes": scopes});
        for (name, value) in more {
            wanted[*name] = value.clone();
        }
        let made = self.server.ask("POST /api/v1/keys", &wanted.to_string()).await.ended(201);
        made.json()["key"].as_str().expect("a key").to_owned()
    }

    /// A request with a key.
    pub(crate) async fn ask(&self, key: &str, line: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.server.ask_as(key, line, &[], &body).await
    }

    /// A batch, once it has ended.
    pub(crate) async fn ended(&self, key: &str, id: &str) -> Value {
        for _ in 0..600 {
            let line = format!("GET /api/v1/batches/{id}");
            let shown = self.ask(key, &line, &Value::Null).await.ended(200).json();
            if shown["ended"].is_string() {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the batch {id} does not end");
    }

    /// How often something was written about somebody at `near` and at `far`.
    pub(crate) async fn written(&self, email: &str) -> [usize; 2] {
        let mut counts = [0; 2];
        for (count, system) in counts.iter_mut().zip(&self.systems) {
            let events = events(system.url().trim_start_matches("http://")).await;
            *count = events.iter().filter(|((_, target), _)| target == email).map(|(_, times)| times).sum();
        }
        counts
    }
}

/// The body of a user command about somebody.
pub(crate) fn about(email: &str) -> Value {
    json!({"user-profile": {"email": email, "username": email, "givenname": "Ann", "surname": "Example"}})
}

/// The id of a key.
pub(crate) fn id_of(key: &str) -> &str {
    key.split('_').nth(1).expect("a key has three parts")
}
