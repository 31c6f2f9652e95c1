//! A manifest as it is written. Checking and compiling is next door.

mod auth;
mod commands;
mod merge;
mod operation;

use indexmap::IndexMap;
use provost_core::Verb;
use provost_core::yaml::{Located, OneOrMany};
use serde::Deserialize;
use serde_json::Value;

use super::Dialect;
pub(super) use auth::{Assertion, Auth, Client, Limits, Oauth, PathLimit, Session};
pub use commands::{Argument, ArgumentType};
pub(super) use commands::{Columns, Command, Events, Output};
pub(super) use operation::{Groups, Member, Operation, Operations, Paging, Ways};

/// A text that may hold `{{ }}`, with its place.
pub(super) type Text = Located<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) integration: Located<String>,
    /// The integration that fills what is not said here.
    #[serde(default)]
    pub(super) extends: Option<Located<String>>,
    /// Operations of that one which this system does not have.
    #[serde(default)]
    pub(super) without: Vec<Located<String>>,
    /// The same of all that it stands on.
    #[serde(skip)]
    pub(super) left_out: Vec<String>,
    pub(super) brand: String,
    #[serde(default)]
    pub(super) summary: String,
    #[serde(default)]
    pub(super) parameters: IndexMap<String, Parameter>,
    /// The kind of directory that it is, where it is one.
    #[serde(default)]
    pub(super) ldap: Option<Located<Dialect>>,
    #[serde(default)]
    pub(super) http: Http,
    #[serde(default)]
    pub(super) account: Option<Located<Account>>,
    #[serde(default)]
    pub(super) lookup: Option<Located<Lookup>>,
    /// What is asked once, and its answer told to every operation as `system`.
    #[serde(default)]
    pub(super) system: Option<Located<Operation>>,
    #[serde(default)]
    pub(super) operations: Operations,
    #[serde(default)]
    pub(super) groups: Option<Located<Groups>>,
    /// The commands that only this system has.
    #[serde(default)]
    pub(super) commands: IndexMap<String, Located<Command>>,
    /// What happens in the system.
    #[serde(default)]
    pub(super) events: Option<Located<Events>>,
    /// The rights that each operation needs, in the system's words.
    #[serde(default)]
    pub(super) permissions: IndexMap<String, Located<String>>,
    #[serde(default)]
    pub(super) faults: Vec<FaultRule>,
}

impl File {
    /// The first word that only an HTTP system has a use for.
    pub(super) fn word_of_http(&self) -> Option<&'static str> {
        let words = [
            ("http", self.http.base.is_some() || self.http.auth.is_some()),
            ("account", self.account.is_some()),
            ("system", self.system.is_some()),
            ("operations", self.operations.test.is_some() || self.operations.find.is_some()),
            ("groups", self.groups.is_some()),
            ("commands", !self.commands.is_empty()),
            ("events", self.events.is_some()),
            ("faults", !self.faults.is_empty()),
        ];
        words.into_iter().find(|(_, is_said)| *is_said).map(|(word, _)| word)
    }
}

/// Something that each instance sets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What kind of value it takes.
    pub r#type: ParameterType,
    /// Whether an instance must set it.
    #[serde(default)]
    pub required: bool,
    /// The value where an instance does not set it.
    #[serde(default)]
    pub default: Option<Value>,
    /// What it means, for people.
    #[serde(default)]
    pub help: String,
    /// A value to show.
    #[serde(default)]
    pub example: String,
}

/// The kinds of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// An `http:` or `https:` address.
    Url,
    /// An `ldap:` or `ldaps:` address, or several in the order of preference.
    Ldap,
    /// A text, or a list of them.
    List,
    /// Any text.
    Text,
    /// A text that nobody may see.
    Secret,
    /// A user name and a password.
    Basic,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    #[serde(default)]
    pub(super) base: Option<Text>,
    #[serde(default)]
    pub(super) auth: Option<Located<OneOrMany<Auth>>>,
    /// Headers of every request.
    #[serde(default)]
    pub(super) headers: IndexMap<String, Text>,
    #[serde(default)]
    pub(super) limits: Option<Located<Limits>>,
    /// Statuses that are no error; every 2xx where it is not said.
    #[serde(default)]
    pub(super) good: OneOrMany<u16>,
    #[serde(default)]
    pub(super) fault: FaultText,
}

/// How an error body is read.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultText {
    /// Which good answers are errors all the same.
    #[serde(default)]
    pub(super) when: Option<Text>,
    #[serde(default)]
    pub(super) code: Option<Text>,
    #[serde(default)]
    pub(super) message: Option<Text>,
}

/// Where an account's parts are: a path, or an expression over `account`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) id: Text,
    #[serde(default)]
    pub(super) username: Option<Text>,
    #[serde(default)]
    pub(super) email: Option<Text>,
    #[serde(default)]
    pub(super) active: Option<Text>,
    /// Whether its making was begun and not finished.
    #[serde(default)]
    pub(super) unfinished: Option<Text>,
    #[serde(default)]
    pub(super) attributes: Option<Text>,
}

/// The attributes that find an account, in the order in which they are tried; with where
/// they are in an account, if that is not under their name.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Lookup {
    Names(Vec<String>),
    Places(IndexMap<String, String>),
}

/// What certain errors mean here. The first row that fits counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table, each word with a column")]
pub(super) struct FaultRule {
    #[serde(default)]
    pub(super) on: OneOrMany<Verb>,
    #[serde(default)]
    pub(super) status: OneOrMany<u16>,
    #[serde(default)]
    pub(super) code: OneOrMany<Value>,
    /// What else must hold of the answer.
    #[serde(default)]
    pub(super) when: Option<Text>,
    #[serde(default)]
    pub(super) skip: Option<Text>,
    #[serde(default)]
    pub(super) error_entry: bool,
    /// What was to be done is done already.
    #[serde(default)]
    pub(super) done: bool,
    /// What was asked for is not there.
    #[serde(default)]
    pub(super) absent: bool,
    /// It came too often; it is sent again later.
    #[serde(default)]
    pub(super) limited: bool,
    #[serde(default)]
    pub(super) hint: Option<String>,
}
