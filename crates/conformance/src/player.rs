//! Plays recorded cases at the program itself: words in, an entry out, and in between a server
//! that answers what the case says and nothing else.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use provost_connectors::Manifest;
use provost_lab::case::Case;
use provost_lab::script::{Request, Server};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::entry;
use crate::settings::{KEY_VARIABLE, PASSWORD, PASSWORD_VARIABLE, made_up};

/// Commands of cases that are neither about people nor the integration's own.
const COMMANDS: [&str; 3] = ["get-mapping-fields", "test-module", "fetch-incidents"];

/// A case that takes longer hangs.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Plays cases of one integration.
pub struct Player<'a> {
    /// The `provost` program.
    pub program: &'a Path,
    /// The folders with folders of integrations that are not in the program, the first first.
    pub integrations: &'a [PathBuf],
    /// The integration.
    pub manifest: &'a Manifest,
}

/// What came of a case.
#[derive(Debug)]
pub struct Played {
    /// In which ways it went differently; none if it passed.
    pub differences: Vec<String>,
    /// What was asked of the system.
    pub requests: Vec<Request>,
    /// What the program printed.
    pub printed: Printed,
}

/// What the program left behind.
#[derive(Debug)]
pub struct Printed {
    /// Its exit status; -1 where a signal ended it.
    pub exit: i32,
    /// Its results.
    pub stdout: String,
    /// Everything else that it said.
    pub stderr: String,
}

impl Player<'_> {
    /// Plays a case.
    ///
    /// # Errors
    /// A case that cannot be played: exchanges that cannot be sent, a program that does not
    /// start, or that does not end in half a minute.
    pub async fn play(&self, case: &Case) -> io::Result<Played> {
        if let Some(flaw) = self.flaw(case) {
            return Err(io::Error::other(flaw));
        }
        let server = Server::start(case.exchanges.clone()).await?;
        let printed = self.run(case, &server.url()).await?;
        let entry = serde_json::from_str(&printed.stdout).unwrap_or(Value::Null);
        let mut differences = case.expect.check(&entry, printed.exit, &printed.stderr);
        differences.extend(entry::flaws(&entry));
        differences.extend(leak(&printed));
        let requests = server.requests();
        differences.extend(server.finish().await.err().unwrap_or_default());
        Ok(Played { differences, requests, printed })
    }

    /// What a case must not do: a folder that somebody else wrote is played without a thought.
    fn flaw(&self, case: &Case) -> Option<String> {
        let command = case.command.as_str();
        let is_known = command.starts_with("iam-")
            || COMMANDS.contains(&command)
            || self.manifest.commands.contains_key(command);
        if !is_known {
            return Some(format!("`{command}` is no command of a case"));
        }
        let reads = |(_, value): &(&String, &Value)| reads_elsewhere(value);
        let (name, _) = case.instance.iter().find(reads)?;
        Some(format!("`{name}` is read from elsewhere; a case makes its secrets up"))
    }

    async fn run(&self, case: &Case, url: &str) -> io::Result<Printed> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("provost.yaml"), self.configuration(case, url))?;
        let mut command = Command::new(self.program);
        command.args(words(case)).current_dir(folder.path());
        command.env_clear().env(PASSWORD_VARIABLE, PASSWORD).env(KEY_VARIABLE, private_key()?);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let ended = tokio::time::timeout(TIME_LIMIT, command.output()).await;
        let hangs = |_| io::Error::new(io::ErrorKind::TimedOut, "the program does not end");
        Ok(Printed::of(&ended.map_err(hangs)??))
    }

    /// `provost.yaml` with the one instance `app`. JSON is YAML too.
    fn configuration(&self, case: &Case, url: &str) -> String {
        let mut settings = made_up(self.manifest, url);
        settings.insert("integration".to_owned(), self.manifest.name.as_str().into());
        settings.extend(case.instance.clone());
        // A case takes a setting out by null.
        settings.retain(|_, value| !value.is_null());
        json!({"integrations": self.integrations, "instances": {"app": settings}}).to_string()
    }
}

impl Printed {
    /// Whether this text was printed, in whatever lines.
    pub fn holds(&self, text: &str) -> bool {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = flat(text);
        flat(&self.stdout).contains(&text) || flat(&self.stderr).contains(&text)
    }

    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            exit: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

/// Whether a setting runs a command, or reads a file.
fn reads_elsewhere(value: &Value) -> bool {
    match value {
        Value::String(text) => ["command:", "file:"].iter().any(|kind| text.starts_with(kind)),
        Value::Object(members) => members.values().any(reads_elsewhere),
        Value::Array(items) => items.iter().any(reads_elsewhere),
        _ => false,
    }
}

/// The case as a command line.
fn words(case: &Case) -> Vec<String> {
    let argument = |(name, value): (&String, &Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("--{name}={text}")
    };
    let command = [case.command.clone(), "--output=entry".to_owned()];
    command.into_iter().chain(case.arguments.iter().map(argument)).collect()
}

/// A private key in PEM (RFC 7468).
fn private_key() -> io::Result<String> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let key = key.map_err(|_| io::Error::other("no private key could be made"))?;
    let text = BASE64_STANDARD.encode(key.as_ref());
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"))
}

/// No case may print the password, nor the header that carries it.
fn leak(printed: &Printed) -> Option<String> {
    let header = BASE64_STANDARD.encode(format!("app:{PASSWORD}"));
    let is_shown = |secret: &str| printed.stdout.contains(secret) || printed.stderr.contains(secret);
    [PASSWORD, header.trim_end_matches('=')]
        .into_iter()
        .find(|secret| is_shown(secret))
        .map(|secret| format!("it shows {secret}"))
}
