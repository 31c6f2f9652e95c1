//! Where a server is, and what it is shown.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use provost_core::{ExposeSecret as _, Redactor, Secret};
use provost_net::{Auth, Client, Limits, Proxy, Settings, Url};

use crate::clock::SystemClock;
use crate::config::{Reference, Resolver, address as addresses};
use crate::output::{self, Hinted};

/// The variable that has the key, or where it is.
const KEY: &str = "PROVOST_API_KEY";
/// The variable that has how long a command may take, in seconds.
const TIMEOUT: &str = "PROVOST_TIMEOUT";
/// How long it may take where nothing is said: a server may be kept waiting by its systems.
const LIMIT: Duration = Duration::from_mins(5);
const LONGEST_LIMIT: u64 = 24 * 60 * 60;
/// How long one request may take. A command that takes longer is asked for again.
pub(super) const ONE_REQUEST: Duration = Duration::from_mins(1);
/// How large an answer may be, in bytes: a list of ten thousand accounts is one.
const LARGEST_ANSWER: usize = 256 << 20;
/// How long a command may take that prints the key.
const KEY_LIMIT: Duration = Duration::from_secs(30);

/// The server's address.
pub(super) fn address(text: &str) -> anyhow::Result<Url> {
    let wrong = |what: &str| {
        Hinted::new(format!("`--server` must be {what}")).hint("for example https://provost.example")
    };
    let url = addresses::parse(text.trim())
        .ok_or_else(|| wrong("an address that begins with `https://` or `http://`"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("an address without a user name in it; the key has an option of its own").into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("an address without `?` and `#`").into());
    }
    if url.scheme() == "http" && !is_this_machine(&url) {
        output::warn(&format!("the key travels in plain text to {url}; use https"));
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// The key: what the option says, or the environment.
pub(super) fn key(option: Option<&str>) -> anyhow::Result<Secret> {
    let from_environment = || std::env::var(KEY).ok().filter(|key| !key.trim().is_empty());
    let Some(text) = option.map(str::to_owned).or_else(from_environment) else {
        return Err(Hinted::new("the server wants an API key, and there is none")
            .hint(format!(
                "export {KEY}=..., or say with --api-key where it is: env:NAME, file:PATH or command:LINE"
            ))
            .into());
    };
    let reference = Reference::parse(text.trim())?;
    if option.is_some() && matches!(reference, Reference::Plain(_)) {
        output::warn("everybody on this machine can see a key on the command line");
        output::hint(&format!("export {KEY}=..., or write --api-key env:NAME, file:PATH or command:LINE"));
    }
    let found =
        Resolver { folder: Path::new("."), limit: KEY_LIMIT, sealed: &|_| None }.resolve(&reference)?;
    Ok(found.expose_secret().trim().into())
}

/// How long a command may take.
pub(super) fn limit() -> anyhow::Result<Duration> {
    let Ok(text) = std::env::var(TIMEOUT) else { return Ok(LIMIT) };
    match text.trim().parse() {
        Ok(seconds @ 1..=LONGEST_LIMIT) => Ok(Duration::from_secs(seconds)),
        _ => {
            Err(Hinted::new(format!("`{TIMEOUT}` must be a number of seconds, from 1 to {LONGEST_LIMIT}"))
                .into())
        }
    }
}

/// The client of a server.
pub(super) fn client(
    address: &Url,
    key: &Secret,
    ca_file: Option<&Path>,
    timeout: Duration,
) -> anyhow::Result<Client> {
    let read = |file: &Path| {
        std::fs::read(file).with_context(|| format!("could not read `--ca-file` `{}`", file.display()))
    };
    let settings = Settings {
        timeout,
        insecure: false,
        proxy: Proxy::Environment,
        authorities: ca_file.map(read).transpose()?,
        limits: Limits::default(),
        // What is waited for, and how long, is decided here alone.
        patience: Duration::ZERO,
    };
    let (auth, redactor) = (Auth::bearer(key), Redactor::default());
    let client = Client::connect(address, &settings, auth, redactor, Arc::new(SystemClock))?;
    Ok(client.with_answers_of(LARGEST_ANSWER))
}
