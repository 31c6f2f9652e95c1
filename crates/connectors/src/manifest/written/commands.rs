//! Commands of a system's own and its events, as they are written.

use indexmap::IndexMap;
use provost_core::yaml::{Located, OneOrMany};
use serde::Deserialize;
use serde_json::Value;

use super::{Text, Ways};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::manifest) struct Command {
    /// One sentence about it.
    pub(in crate::manifest) about: String,
    #[serde(default)]
    pub(in crate::manifest) arguments: IndexMap<String, Located<Argument>>,
    /// What is asked of the system; nothing for a command that only looks at what is kept.
    #[serde(default)]
    pub(in crate::manifest) operation: Option<Located<Ways>>,
    /// How many items are shown; all where it gives nothing.
    #[serde(default)]
    pub(in crate::manifest) at_most: Option<Text>,
    /// The number, from 0, of the one page that is shown.
    #[serde(default)]
    pub(in crate::manifest) only_page: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) output: Output,
    #[serde(default)]
    pub(in crate::manifest) table: Table,
    /// What the instance keeps from then on.
    #[serde(default)]
    pub(in crate::manifest) store: Option<Located<Value>>,
}

/// An argument of a command.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// What kind of value it takes.
    #[serde(default)]
    pub r#type: ArgumentType,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// The value where it is not given.
    #[serde(default)]
    pub default: Option<Value>,
    /// What it means, for people.
    #[serde(default)]
    pub help: String,
}

/// The kinds of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentType {
    /// Any text.
    #[default]
    Text,
    /// A whole number that is not negative.
    Number,
    /// A JSON list.
    List,
}

/// Where a command's answer goes in the context.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Output {
    #[serde(default)]
    pub(in crate::manifest) context: String,
    /// The members that tell one object from another.
    #[serde(default)]
    pub(in crate::manifest) keys: Vec<String>,
    /// What an object is made of; the system's own where it is not said.
    #[serde(default)]
    pub(in crate::manifest) item: Option<IndexMap<String, Located<Value>>>,
}

/// What people see.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Table {
    #[serde(default)]
    pub(in crate::manifest) title: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) columns: Option<Located<Columns>>,
    /// Tables under it, by their titles: where their rows are.
    #[serde(default)]
    pub(in crate::manifest) more: IndexMap<String, Text>,
    /// The sentence in the place of a table without rows.
    #[serde(default)]
    pub(in crate::manifest) empty: Option<String>,
}

/// Where what is shown is in an object; with headings, if those are not the same.
#[derive(Deserialize)]
#[serde(untagged)]
pub(in crate::manifest) enum Columns {
    Members(Vec<String>),
    Headings(IndexMap<String, String>),
}

/// What happens in a system.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::manifest) struct Events {
    /// A list of events from one time to another.
    pub(in crate::manifest) operation: Located<Ways>,
    /// How the system writes times.
    #[serde(default)]
    pub(in crate::manifest) time_format: Option<Text>,
    /// Where an event's id is.
    #[serde(default)]
    pub(in crate::manifest) id: Option<Text>,
    /// Where its time is.
    #[serde(default)]
    pub(in crate::manifest) time: Option<Text>,
    /// Where the mail address of the person is whom it is about.
    #[serde(default)]
    pub(in crate::manifest) person: Option<Text>,
    /// How far back the first run looks.
    pub(in crate::manifest) first: Text,
    /// How far a run reaches into the time of the one before.
    #[serde(default)]
    pub(in crate::manifest) overlap: Option<Text>,
    /// How many events a run hands out.
    pub(in crate::manifest) at_most: Text,
    /// When nothing is asked, and why.
    #[serde(default)]
    pub(in crate::manifest) refuse: Vec<Refusal>,
}

/// A reason not to ask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Refusal {
    pub(in crate::manifest) when: Text,
    pub(in crate::manifest) message: String,
    #[serde(default)]
    pub(in crate::manifest) hint: OneOrMany<String>,
}
