//! The connections to a directory, which may be several servers with the same content.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use provost_core::{Fault, FaultKind, Stage, Trace};
use tokio::time::Instant;
use url::Url;

use super::connection::{Connection, Failed};
use super::failure::explain;
use super::{Login, Setup};

/// How long a connection may rest and still be trusted: servers and firewalls close those that
/// rest for minutes, and not all of them say so.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// How long a server that could not be reached is asked last.
const COOL_DOWN: Duration = Duration::from_secs(30);

pub(super) struct Pool {
    servers: Vec<Server>,
    idle: Mutex<Vec<Connection>>,
}

struct Server {
    url: Url,
    /// When it last could not be reached.
    failed: Mutex<Option<Instant>>,
}

impl Pool {
    /// The servers, in the order of preference.
    pub(super) fn new(servers: &[Url]) -> Self {
        let server = |url: &Url| Server { url: url.clone(), failed: Mutex::default() };
        Self { servers: servers.iter().map(server).collect(), idle: Mutex::default() }
    }

    /// A connection that nobody else uses: one that rests, or a new one to the first server
    /// that can be reached.
    pub(super) async fn take(
        &self,
        login: &Login,
        setup: &Setup,
        trace: &Trace,
    ) -> Result<Connection, Fault> {
        while let Some(mut connection) = lock(&self.idle).pop() {
            if connection.is_fresh(LONGEST_REST) {
                return Ok(connection);
            }
        }
        let mut faults = Vec::new();
        for server in self.by_preference() {
            match Connection::open(&server.url, login, setup).await {
                Ok(connection) => {
                    *lock(&server.failed) = None;
                    trace.explain(Stage::Ldap, || format!("connected to {}", server.url));
                    return Ok(connection);
                }
                // Another server would say the same.
                Err(Failed::Refused(refusal)) if refusal.kind() != FaultKind::Unavailable => {
                    return Err((setup.read)(&refusal));
                }
                Err(failed) => {
                    *lock(&server.failed) = Some(Instant::now());
                    let fault = explain(failed, &server.url, setup);
                    trace.explain(Stage::Ldap, || format!("{}: {}", server.url, last_line(&fault)));
                    faults.push(fault);
                }
            }
        }
        Err(all(faults))
    }

    /// Those that failed a moment ago come last.
    fn by_preference(&self) -> Vec<&Server> {
        let failed = |server: &&Server| lock(&server.failed).is_some_and(|at| at.elapsed() < COOL_DOWN);
        let (failed, others): (Vec<_>, Vec<_>) = self.servers.iter().partition(failed);
        others.into_iter().chain(failed).collect()
    }

    /// Takes back a connection that is still of use.
    pub(super) fn give_back(&self, connection: Connection) {
        lock(&self.idle).push(connection);
    }
}

/// What went wrong where no server could be reached. One that did not get as far as a
/// connection leaves nothing in doubt.
fn all(mut faults: Vec<Fault>) -> Fault {
    let Some(mut first) = (!faults.is_empty()).then(|| faults.remove(0)) else {
        return Fault::new(FaultKind::Configuration, "the directory has no servers");
    };
    for other in faults {
        first.message = format!("{}\n{}", first.message, last_line(&other));
    }
    if first.kind != FaultKind::Configuration {
        first.kind = FaultKind::NotSent;
    }
    first
}

fn last_line(fault: &Fault) -> &str {
    fault.message.lines().last().unwrap_or_default()
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
