//! `provost serve`: the parts of a server, put together.

mod fleet;
pub(crate) mod key;
mod limit;
mod oidc;
mod practice;
mod tls;
mod views;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, ExposeSecret as _, Random};
use provost_server::{Options, Parts, Role, Scopes, Server, key_made, mint};
use provost_store::{Location, Store, StoreError, Write};
use tokio::net::TcpListener;

use crate::args::{Global, ServeArgs};
use crate::clock::SystemClock;
use crate::config;
use crate::interrupt::Interrupt;
use crate::output::{self, Hinted};
use crate::random::SystemRandom;

use self::fleet::Configured;
use self::practice::Practice;

/// Serves until it is told to stop.
pub(crate) async fn run(global: &Global, arguments: ServeArgs) -> anyhow::Result<ExitCode> {
    let mut interrupt = Interrupt::listen();
    let listener = listen(&arguments).await?;
    let tls = tls::acceptor(&arguments)?;
    let store = open(&arguments.store.place.store).await?;
    let vault = key::vault(&arguments.store, store.location())?;
    let practice = if arguments.lab { Some(Practice::start().await?) } else { None };
    let fleet = match &practice {
        Some(practice) => Configured::file(practice.file()),
        None => match global.config.clone().map_or_else(config::find, |file| Ok(Some(file)))? {
            Some(file) => Configured::file(file),
            None => Configured::store(store.clone(), vault.clone()),
        },
    };
    // A configuration that cannot be read is told at once, not by the first request.
    fleet.read().await?;
    let options = Options {
        requests_a_second: arguments.rate,
        workers: arguments.workers,
        lease: Duration::from_secs(arguments.lease),
        connections: limit::connections(),
        is_secure: tls.is_some(),
        ..Options::default()
    };
    let place = listener.local_addr().context("could not tell where the server listens")?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{place}");
    // Nobody's browser goes to all addresses at once.
    let own = Some(&*address).filter(|_| !place.ip().is_unspecified());
    let log_in = arguments.oidc.as_deref().map(|file| oidc::log_in(file, own)).transpose()?;
    let node = node();
    let key = first_key(&store, &node).await?;
    let parts = Parts {
        store: store.clone(),
        fleet: Arc::new(fleet),
        vault,
        random: Arc::new(SystemRandom),
        node,
        log_in,
        options,
    };
    let stop = async {
        interrupt.received().await;
        output::tell("Stopping: what is under way is finished.");
    };
    let server = Server::new(parts);
    server.begin().await.map_err(told)?;
    output::say(&welcome(&address, &store, practice.as_ref(), key.as_deref()));
    server.serve(listener, tls, stop).await;
    store.close().await;
    if let Some(practice) = practice {
        practice.stop().await;
    }
    Ok(ExitCode::SUCCESS)
}

async fn listen(arguments: &ServeArgs) -> anyhow::Result<TcpListener> {
    let address = arguments.listen;
    if !address.ip().is_loopback() && arguments.tls_cert.is_none() {
        output::warn(&format!("{address} is reached from other machines, and keys travel in plain text"));
        output::hint("give --tls-cert and --tls-key, or put a server with TLS before it");
    }
    TcpListener::bind(address).await.map_err(|error| {
        Hinted::new(format!("could not listen on {address}: {error}"))
            .hint("name another address with --listen, such as 127.0.0.1:0 for a free port")
            .into()
    })
}

/// Opens the store that an argument names.
pub(crate) async fn open(place: &str) -> anyhow::Result<Store> {
    open_at(&Location::parse(place)).await
}

/// Opens the store at a place.
pub(crate) async fn open_at(location: &Location) -> anyhow::Result<Store> {
    Store::open(location, Arc::new(SystemClock), Arc::new(SystemRandom)).await.map_err(|error| {
        let problem = Hinted::new(format!("could not open the store {location}: {error}"));
        match error.hint() {
            Some(hint) => problem.hint(hint).into(),
            None => problem.into(),
        }
    })
}

/// A failure of the store, with what to do.
#[expect(clippy::needless_pass_by_value, reason = "it takes the place of the error")]
pub(crate) fn told(error: StoreError) -> anyhow::Error {
    let problem = Hinted::new(error.to_string());
    match error.hint() {
        Some(hint) => problem.hint(hint).into(),
        None => problem.into(),
    }
}

/// The key of a store that has none: nobody could use it otherwise.
async fn first_key(store: &Store, node: &str) -> anyhow::Result<Option<String>> {
    if !store.keys().await.map_err(told)?.is_empty() {
        return Ok(None);
    }
    let actor = Actor { kind: ActorKind::System, id: "provost".to_owned(), name: "Provost".to_owned() };
    let new = mint("first key", Role::Admin, &Scopes::default(), (store.now(), &actor), None, &SystemRandom);
    let event = AuditEvent::new(store.now(), AuditKind::Access, &actor, node, "");
    let event = Write::Event(Box::new(key_made(&new.kept, event)));
    store.commit(vec![event, Write::AddKey(Box::new(new.kept.clone()))]).await.map_err(told)?;
    Ok(Some(new.key.expose_secret().to_owned()))
}

fn node() -> String {
    let mut bytes = [0; 6];
    SystemRandom.fill(&mut bytes);
    bytes.iter().fold("node-".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

fn welcome(address: &str, store: &Store, practice: Option<&Practice>, key: Option<&str>) -> String {
    let place = store.location();
    let serves = format!("Provost serves at {address}, and keeps what it knows in {place}.\n");
    let practice = practice.map_or_else(String::new, |practice| {
        format!("Emulated systems to practise against: {}.\n", practice.names().join(", "))
    });
    let key = key.map_or_else(String::new, |key| {
        format!(
            "\nThe first key is shown this once. It may do everything:\n\n  {key}\n\
             \nSign in with it in a browser, or try:\n\n  \
             curl {address}/api/v1/commands/iam-get-user -H 'Authorization: Bearer {key}' \\\n    \
             -H 'Content-Type: application/json' -d '{{\"user-profile\": {{\"email\": \"ann@example.com\"}}}}'\n"
        )
    });
    format!("{serves}{practice}{key}\nCtrl-C stops it.")
}
