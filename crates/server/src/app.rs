//! What every request finds.

use std::sync::Arc;
use std::time::Duration;

use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, Random};
use provost_store::{Store, Vault, Write};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::oidc::LogIn;
use crate::access::{KeyCache, Limits};
use crate::fleet::Fleet;
use crate::jobs::{Envelopes, Held};
use crate::work::{Backlog, Lanes, Live};

/// What a server is made of.
pub struct Parts {
    /// What it remembers.
    pub store: Store,
    /// Whom it can ask.
    pub fleet: Arc<dyn Fleet>,
    /// What seals secrets.
    pub vault: Vault,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
    /// What tells it from other servers at the store.
    pub node: String,
    /// Who vouches for people, if anybody does.
    pub log_in: Option<LogIn>,
    /// What can be chosen.
    pub options: Options,
}

/// What can be chosen about a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many requests a second each caller may send; `None` for no bound.
    pub requests_a_second: Option<f64>,
    /// How long a stopping server waits for what is under way.
    pub grace: Duration,
    /// How many lines of batches it works on side by side; 0 for a server that leaves them to others.
    pub workers: usize,
    /// How long a server that says nothing keeps the lines that it has begun.
    pub lease: Duration,
    /// How many connections are open at once.
    pub connections: usize,
    /// Whether it is reached by TLS, so that cookies can be kept to it.
    pub is_secure: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests_a_second: None,
            grace: Duration::from_secs(30),
            workers: 8,
            lease: Duration::from_secs(30),
            connections: 4096,
            is_secure: false,
        }
    }
}

/// The running server.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) fleet: Arc<dyn Fleet>,
    pub(crate) vault: Vault,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) node: String,
    pub(crate) log_in: Option<LogIn>,
    pub(crate) options: Options,
    pub(crate) keys: KeyCache,
    pub(crate) limits: Limits,
    /// People about whom something is being written.
    pub(crate) lanes: Lanes,
    /// The keys of batches that are under way.
    pub(crate) envelopes: Envelopes,
    /// Runs that have taken an idempotency key.
    pub(crate) live: Live,
    /// What was done, and is not written down yet.
    pub(crate) backlog: Backlog,
    /// The tasks of batches that are under way here.
    pub(crate) held: Held,
    /// Rings when there may be something in the queue.
    pub(crate) wake: Notify,
    /// Runs that are under way; a stopping server waits for them.
    pub(crate) running: TaskTracker,
    /// Whether it is stopping.
    pub(crate) stopping: CancellationToken,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        crate::metrics::begin();
        let Parts { store, fleet, vault, random, node, log_in, options } = parts;
        Arc::new(Self {
            limits: Limits::new(options.requests_a_second),
            keys: KeyCache::default(),
            lanes: Lanes::default(),
            envelopes: Envelopes::default(),
            live: Live::default(),
            backlog: Backlog::default(),
            held: Held::default(),
            wake: Notify::new(),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
            store,
            fleet,
            vault,
            random,
            node,
            log_in,
            options,
        })
    }

    /// What the button says that leads to the identity provider, at `/login/oidc?next=`; nothing
    /// where there is none. The button is a link: a form may not lead to another site.
    pub(crate) fn log_in_label(&self) -> Option<&str> {
        self.log_in.as_ref().map(LogIn::label)
    }

    /// An event that is about the server itself, or that a caller begins with.
    pub(crate) fn event(&self, kind: AuditKind, actor: &Actor, what: impl Into<String>) -> AuditEvent {
        AuditEvent::new(self.store.now(), kind, actor, self.node.as_str(), what)
    }

    /// The server as somebody who does something.
    pub(crate) fn itself() -> Actor {
        Actor { kind: ActorKind::System, id: "provost".to_owned(), name: "Provost".to_owned() }
    }

    /// Writes one event down.
    pub(crate) async fn note(&self, event: AuditEvent) -> Result<(), provost_store::StoreError> {
        self.store.commit(vec![Write::Event(Box::new(event))]).await.map(|_| ())
    }
}
