//! A manifest as it is written. Checking and compiling is next door.

use indexmap::IndexMap;
use provost_core::Verb;
use provost_core::yaml::{Located, OneOrMany};
use serde::Deserialize;
use serde_json::Value;

/// A text that may hold `{{ }}`, with its place.
pub(super) type Text = Located<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) integration: String,
    pub(super) brand: String,
    #[serde(default)]
    pub(super) summary: String,
    pub(super) parameters: IndexMap<String, Parameter>,
    pub(super) http: Http,
    pub(super) account: Account,
    pub(super) lookup: Located<Lookup>,
    pub(super) operations: Operations,
    #[serde(default)]
    pub(super) faults: Vec<FaultRule>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    pub(super) base: Text,
    #[serde(default)]
    pub(super) auth: Option<Located<Auth>>,
    /// Statuses that are no error; every 2xx where it is not said.
    #[serde(default)]
    pub(super) good: OneOrMany<u16>,
    #[serde(default)]
    pub(super) fault: FaultText,
}

/// Which parameter holds the credentials, and how they are sent.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Auth {
    Basic(String),
    Bearer(String),
    Header { name: String, value: Text },
}

/// How an error body is read.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultText {
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
}

/// The attributes that find an account, in the order in which they are tried; with where
/// they are in an account, if that is not under their name.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Lookup {
    Names(Vec<String>),
    Places(IndexMap<String, String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operations {
    pub(super) test: Located<Operation>,
    pub(super) find: Located<Operation>,
    #[serde(default)]
    pub(super) create: Option<Located<Operation>>,
    #[serde(default)]
    pub(super) update: Option<Located<Operation>>,
    #[serde(default)]
    pub(super) enable: Option<Located<Operation>>,
    #[serde(default)]
    pub(super) disable: Option<Located<Operation>>,
    #[serde(default)]
    pub(super) fields: Option<Located<Operation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    #[serde(default)]
    pub(super) get: Option<Text>,
    #[serde(default)]
    pub(super) post: Option<Text>,
    #[serde(default)]
    pub(super) put: Option<Text>,
    #[serde(default)]
    pub(super) patch: Option<Text>,
    #[serde(default)]
    pub(super) delete: Option<Text>,
    #[serde(default)]
    pub(super) query: IndexMap<String, Text>,
    #[serde(default)]
    pub(super) body: Option<Located<Value>>,
    /// Where the answer's list is.
    #[serde(default)]
    pub(super) items: Option<Text>,
    /// Where the answer's object is; the whole answer where it is not said.
    #[serde(default)]
    pub(super) item: Option<Text>,
    /// `create`: what is sent after it, to finish the account.
    #[serde(default)]
    pub(super) then: Vec<Located<Operation>>,
    /// `fields`: where a field's name is.
    #[serde(default)]
    pub(super) name: Option<Text>,
    /// `fields`: where its description is.
    #[serde(default)]
    pub(super) description: Option<Text>,
}

/// What certain errors mean here. The first row that fits counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FaultRule {
    #[serde(default)]
    pub(super) on: OneOrMany<Verb>,
    #[serde(default)]
    pub(super) status: OneOrMany<u16>,
    #[serde(default)]
    pub(super) code: OneOrMany<Value>,
    #[serde(default)]
    pub(super) skip: Option<Text>,
    #[serde(default)]
    pub(super) error_entry: bool,
    /// What was to be done is done already.
    #[serde(default)]
    pub(super) done: bool,
    #[serde(default)]
    pub(super) hint: Option<String>,
}
