//! The client of a directory: several servers, a pool of connections, a deadline on every
//! operation, and the same politeness and repetitions as for HTTP.

mod connection;
mod failure;
mod operation;
mod pages;
mod pool;
mod referral;
mod refusal;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use provost_core::{Clock, ExposeSecret as _, Fault, FaultKind, Redactor, Retry, Secret, Stage, Trace};
use rustls::ClientConfig;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

pub use operation::{Changing, Entry, Modification, Operation, Reply, Scope, Search};
pub use refusal::{PolicyError, Refusal};

use crate::client::LONGEST_CONNECT;
use crate::gate::{Gate, Pass, Patience};
use crate::retry::Pauses;
use crate::{Settings, SettingsError};
use connection::{Can, Connection, Failed};
use failure::explain;
use pages::{Asked, Pages};
use pool::Pool;

/// Where a directory is and how it is entered.
pub struct Address {
    /// Its servers, in the order of preference: `ldap:` and `ldaps:`.
    pub servers: Vec<Url>,
    /// Whether a connection to an `ldap:` address is turned into TLS before anything is said.
    pub start_tls: bool,
    /// Whether other servers are asked where these ones say so. They are told the password too.
    pub follow_referrals: bool,
    /// Who signs in: a DN, or what else the server takes.
    pub name: String,
    /// With which password.
    pub password: Secret,
}

/// Who signs in.
struct Login {
    name: String,
    password: Secret,
}

/// How connections are made.
struct Setup {
    start_tls: bool,
    /// `None` where nothing is expected to be said by TLS.
    tls: Option<Arc<ClientConfig>>,
    /// Take any certificate.
    insecure: bool,
    connect_limit: Duration,
    limit: Duration,
    read: fn(&Refusal) -> Fault,
}

/// A directory with its credentials.
pub struct Directory {
    pool: Pool,
    pages: Pages,
    login: Login,
    setup: Setup,
    follow_referrals: bool,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
    gate: Gate,
    patience: Duration,
    can: OnceCell<Can>,
}

impl Directory {
    /// Makes a client. Nothing is sent yet. `read` makes a fault of a refusal.
    ///
    /// # Errors
    /// Settings that cannot work.
    pub fn connect(
        address: Address,
        settings: &Settings,
        mut redactor: Redactor,
        clock: Arc<dyn Clock>,
        read: fn(&Refusal) -> Fault,
    ) -> Result<Self, SettingsError> {
        redactor.add(address.password.expose_secret());
        let speaks_tls = address.start_tls || address.follow_referrals;
        let speaks_tls = speaks_tls || address.servers.iter().any(|url| url.scheme() == "ldaps");
        let config = || tls::config(settings.authorities.as_deref());
        let tls = (speaks_tls && !settings.insecure).then(config).transpose()?;
        Ok(Self {
            pool: Pool::new(&address.servers),
            pages: Pages::default(),
            login: Login { name: address.name, password: address.password },
            setup: Setup {
                start_tls: address.start_tls,
                tls,
                insecure: settings.insecure,
                connect_limit: settings.timeout.min(LONGEST_CONNECT),
                limit: settings.timeout,
                read,
            },
            follow_referrals: address.follow_referrals,
            redactor,
            clock,
            gate: Gate::new(&settings.limits),
            patience: settings.patience,
            can: OnceCell::new(),
        })
    }

    /// The name that is signed in with.
    pub fn name(&self) -> &str {
        &self.login.name
    }

    /// What must be masked in everything that comes from this directory.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Carries an operation out. What only reads is tried again when a connection breaks; what
    /// writes only where it is certain that nothing was done.
    ///
    /// # Errors
    /// The last attempt's fault.
    pub async fn ask(&self, operation: &Operation, trace: &Trace) -> Result<Reply, Fault> {
        let mut pauses = Pauses::new();
        let mut patience = Patience::new(self.patience);
        loop {
            let pass = self.pass(!operation.reads(), &mut patience, trace).await?;
            let ended = self.traced(operation, trace).await;
            pass.note(None, ended.as_ref().err(), self.clock.now());
            let fault = match ended {
                Ok(reply) => return Ok(reply),
                Err(fault) => fault,
            };
            let Some(pause) = pauses.after(&fault, operation.reads()) else {
                return Err(self.cleaned(fault));
            };
            trace.note(Stage::Ldap, format!("trying again in {:.1} s", pause.as_secs_f32()));
            tokio::time::sleep(pause).await;
        }
    }

    /// A page of a search: the first, or the one that `next` names; with the name of the one
    /// after it.
    ///
    /// # Errors
    /// What kept it from being read. A page that failed cannot be asked for again; the first is
    /// tried again here.
    pub async fn page(
        &self,
        search: &Search,
        size: i32,
        next: Option<&str>,
        trace: &Trace,
    ) -> Result<(Vec<Entry>, Option<String>), Fault> {
        let mut pauses = Pauses::new();
        let mut patience = Patience::new(self.patience);
        loop {
            let pass = self.pass(false, &mut patience, trace).await?;
            let read = self.read_page(search, size, next, trace).await;
            pass.note(None, read.as_ref().err(), self.clock.now());
            let fault = match read {
                Ok(read) => return Ok(read),
                Err(fault) => fault,
            };
            let Some(pause) = pauses.after(&fault, true).filter(|_| next.is_none()) else {
                return Err(self.cleaned(fault));
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until an operation may leave.
    async fn pass(&self, writes: bool, patience: &mut Patience, trace: &Trace) -> Result<Pass<'_>, Fault> {
        let pass = self.gate.pass("", writes, patience, (Stage::Ldap, trace)).await;
        pass.map_err(|fault| self.cleaned(fault))
    }

    async fn read_page(
        &self,
        search: &Search,
        size: i32,
        next: Option<&str>,
        trace: &Trace,
    ) -> Result<(Vec<Entry>, Option<String>), Fault> {
        let (mut connection, cookie) = match next.map(|token| self.pages.take(token)).transpose()? {
            None => (self.pool.take(&self.login, &self.setup, trace).await?, Vec::new()),
            Some(Asked::New(connection, cookie)) => (connection, cookie),
            Some(Asked::Again(read)) => return Ok(read),
        };
        let begun = Instant::now();
        let page = connection::Page { size, cookie: &cookie };
        let read = connection.search(search, Some(page)).await;
        trace.explain(Stage::Ldap, || {
            let shown = match &read {
                Ok(reply) => format!("{} entries", reply.entries.len()),
                Err(_) => "no answer".to_owned(),
            };
            format!("a page of `{}` -> {shown} in {} ms", search.base, begun.elapsed().as_millis())
        });
        let reply = read.map_err(|failed| explain(failed, &connection.server, &self.setup))?;
        let more = if reply.cookie.is_empty() {
            self.pool.give_back(connection);
            None
        } else {
            Some((connection, reply.cookie))
        };
        Ok(self.pages.keep(next, reply.entries, more))
    }

    async fn traced(&self, operation: &Operation, trace: &Trace) -> Result<Reply, Fault> {
        let begun = Instant::now();
        let result = self.attempt(operation, trace).await;
        trace.explain(Stage::Ldap, || {
            let what = match &result {
                Ok(reply) if operation.reads() => format!("{} entries", reply.entries.len()),
                Ok(_) => "done".to_owned(),
                Err(fault) => fault.message.lines().last().unwrap_or_default().to_owned(),
            };
            self.redactor.text(&format!("{operation} -> {what} in {} ms", begun.elapsed().as_millis()))
        });
        result
    }

    async fn attempt(&self, operation: &Operation, trace: &Trace) -> Result<Reply, Fault> {
        let mut connection = self.pool.take(&self.login, &self.setup, trace).await?;
        let can = self.can(&mut connection).await?;
        match connection.carry_out(operation, can).await {
            Ok(mut reply) => {
                self.pool.give_back(connection);
                self.follow_references(operation, &mut reply, trace).await?;
                Ok(reply)
            }
            Err(Failed::Refused(refusal)) => {
                self.pool.give_back(connection);
                if refusal.referrals.is_empty() {
                    return Err((self.setup.read)(&refusal));
                }
                self.follow(operation, &refusal, trace).await
            }
            Err(failed) => Err(explain(failed, &connection.server, &self.setup)),
        }
    }

    /// What the server can do, which is asked once.
    async fn can(&self, connection: &mut Connection) -> Result<Can, Fault> {
        let server = connection.server.clone();
        let ask = async {
            let controls = vec!["supportedControl".to_owned()];
            let root = Search::entry(String::new(), "(objectClass=*)".to_owned(), controls);
            let reply = connection.search(&root, None).await?;
            let shows = |entry: &Entry| entry.texts("supportedControl").any(|oid| oid == POST_READ);
            Ok(Can { show_after: reply.entries.iter().any(shows) })
        };
        let asked = self.can.get_or_try_init(|| ask).await.copied();
        asked.map_err(|failed| not_sent(explain(failed, &server, &self.setup)))
    }

    fn cleaned(&self, mut fault: Fault) -> Fault {
        fault.message = self.redactor.text(&fault.message);
        fault
    }
}

/// The fault of something that was asked before the operation itself, which was then not sent.
fn not_sent(fault: Fault) -> Fault {
    match fault.kind.retry() {
        Retry::IfRepeatable => Fault { kind: FaultKind::NotSent, ..fault },
        _ => fault,
    }
}

/// The control that shows an entry as it is after its change (RFC 4527).
const POST_READ: &str = "1.3.6.1.1.13.2";
