//! The audit log's words: who did what to whom, why, and how it ended.
//!
//! A change of an account has two events: the intent, which is durable before the system is
//! asked, and its ending. An intent without an ending was interrupted.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AccountId, Fault, InstanceName, RunId, words};

/// Somebody or something behind an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Which kind.
    pub kind: ActorKind,
    /// What tells it from others of the kind.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// One event, as it is written into the log. The order of the members is the order in which
/// they are hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When it was written down.
    pub time: Timestamp,
    /// What it is.
    pub kind: AuditKind,
    /// Who is behind it.
    pub actor: Actor,
    /// The server that wrote it.
    pub node: String,
    /// The run that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The line of the batch, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The instance whose system is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceName>,
    /// The person it is about: the mail address, or what else was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The account it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// What was done or is to be done: a command, a kind of change, what was configured.
    pub what: String,
    /// Why: the reason that the caller gave, or the rule that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is written, or was there afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The number of the intent that this event ends or resolves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<u64>,
    /// How it ended.
    pub result: AuditResult,
    /// What failed, or why it was skipped.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The ids that the system gave to the requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
}

impl AuditEvent {
    /// An event of which no more is said yet than who did what, and that it was done.
    pub fn new(
        time: Timestamp,
        kind: AuditKind,
        actor: &Actor,
        node: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self {
            time,
            kind,
            actor: actor.clone(),
            node: node.into(),
            run: None,
            line: None,
            instance: None,
            subject: None,
            account: None,
            what: what.into(),
            why: None,
            before: None,
            after: None,
            refers: None,
            result: AuditResult::Success,
            message: String::new(),
            request_ids: Vec::new(),
        }
    }
}

words!(
    /// The kinds of actors.
    ActorKind {
        /// A program with an API key.
        Key = "key",
        /// A person who signed in.
        Person = "person",
        /// Somebody at the command line of the machine that holds the store.
        Console = "console",
        /// Provost itself.
        System = "system",
    }
);

words!(
    /// The kinds of events.
    AuditKind {
        /// A command that ended at an instance.
        Command = "command",
        /// A change that is about to be made.
        Intent = "change.intended",
        /// How an intended change ended.
        Ending = "change.ended",
        /// What was found out later about a change whose end was not known.
        Resolution = "change.resolved",
        /// A batch that was begun, cancelled, resumed or finished.
        Batch = "batch",
        /// Something in the configuration that was changed.
        Configuration = "configuration",
        /// A key or a session that was given, used wrongly or taken away.
        Access = "access",
        /// The server itself.
        Server = "server",
    }
);

words!(
    /// How what an event tells of ended.
    AuditResult {
        /// It is not known yet.
        Open = "open",
        /// It was done.
        Success = "success",
        /// Nothing was done, for a reason.
        Skipped = "skipped",
        /// It failed.
        Failure = "failure",
        /// Whether it was done is not known.
        Unknown = "unknown",
    }
);

/// A change that is about to be made, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The instance whose system is changed.
    pub instance: InstanceName,
    /// The person it is about.
    pub subject: Option<String>,
    /// What is done, such as `create`.
    pub what: String,
    /// The account or group; `None` for one that does not exist yet.
    pub account: Option<AccountId>,
    /// What is there now.
    pub before: Option<Value>,
    /// What is written.
    pub after: Option<Value>,
    /// The rule that decided it.
    pub why: String,
}

/// How an intended change ended, without secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// The account or group.
    pub account: Option<AccountId>,
    /// What the system says is there now.
    pub after: Option<Value>,
    /// Whether it was done.
    pub result: AuditResult,
    /// What failed.
    pub message: String,
    /// The ids that the system gave to the requests.
    pub request_ids: Vec<String>,
}

/// Where changes are written down before and after they are made. One of these belongs to one
/// run: it knows who is behind it.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Writes down a change that is about to be made. When this answers with the event's
    /// number, the event is durable.
    ///
    /// # Errors
    /// Nothing could be written down: the change must not be made.
    async fn intend(&self, intent: Intent) -> Result<u64, Fault>;

    /// Writes down how it ended.
    ///
    /// # Errors
    /// Nothing could be written down: the change stays open in the log.
    async fn end(&self, intent: u64, ending: Ending) -> Result<(), Fault>;
}
