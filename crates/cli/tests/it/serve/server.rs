//! A server of the tests.

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;

use super::http::{Answer, try_request};
use crate::provost::Provost;

/// A server that runs. It ends with this.
pub(crate) struct Server {
    pub(crate) child: Child,
    /// Where it listens, without a scheme.
    pub(crate) address: String,
    /// The key that it printed, if it did.
    pub(crate) key: Option<String>,
}

impl Server {
    /// Starts a server on a free port, with these further words.
    pub(crate) async fn start(provost: &Provost, words: &[&str]) -> Self {
        Self::of(provost.start(&[&["serve", "--listen", "127.0.0.1:0"], words].concat())).await
    }

    /// The same after a command of the shell that changes what the server finds.
    pub(crate) async fn start_after(provost: &Provost, command: &str, words: &[&str]) -> Self {
        let line = format!("{command} && exec provost serve --listen 127.0.0.1:0 {}", words.join(" "));
        Self::of(provost.start_in_shell(&line)).await
    }

    async fn of(mut child: Child) -> Self {
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (mut address, mut key) = (None, None);
        while let Some(line) = lines.next_line().await.expect("readable") {
            if let Some((_, rest)) = line.split_once("Provost serves at http") {
                let place = rest.trim_start_matches('s').trim_start_matches("://");
                address = place.split(',').next().map(str::to_owned);
            }
            if line.trim().starts_with("pv_") {
                key = Some(line.trim().to_owned());
            }
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        // What is printed later is not read by anybody, and need not be.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, address: address.expect("the server says where it is"), key }
    }

    /// The key that it printed.
    pub(crate) fn key(&self) -> &str {
        self.key.as_deref().expect("the first server prints a key")
    }

    /// Sends a request with its key.
    pub(crate) async fn ask(&self, line: &str, body: &str) -> Answer {
        self.ask_as(self.key(), line, &[], body).await
    }

    /// Sends a request with a key, and these further headers.
    pub(crate) async fn ask_as(&self, key: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut all = vec![("Authorization", bearer.as_str())];
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) && !body.is_empty() {
            all.push(("Content-Type", "application/json"));
        }
        all.extend(headers);
        try_request(&self.address, line, &all, body).await.expect("the server answers")
    }
}

/// The address of a new database of a PostgreSQL server, which is thrown away with the server.
pub(crate) async fn database(address: &str) -> String {
    let name = format!("serve_{}_{}", std::process::id(), fastrand::u32(..));
    let (server, _) = address.rsplit_once('/').expect("an address with a database");
    let bin = std::env::var("PROVOST_BED_POSTGRES_BIN").unwrap_or_default();
    let psql = if bin.is_empty() { "psql".to_owned() } else { format!("{bin}/psql") };
    let statement = format!("CREATE DATABASE {name}");
    let made = tokio::process::Command::new(psql).args(["-q", "-c", &statement, address]).status().await;
    assert!(made.expect("psql runs").success());
    format!("{server}/{name}")
}

/// Tells people what a test has found out, or that it checks nothing here.
#[expect(clippy::print_stderr, reason = "it is for those who read what tests print")]
pub(crate) fn tell(text: &str) {
    eprintln!("{text}");
}
