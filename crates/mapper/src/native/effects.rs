//! From written effects to compiled ones. Errors are for people.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::rule::{Result, literal};
use crate::Expression;
use crate::effects::{self, Class};
use crate::plan::Source;
use crate::tables::Tables;

/// The most values that are tried.
const MOST_TRIES: u32 = 1_000;

/// `unique`: the value gets a suffix until no other account has it.
#[derive(Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Unique {
    /// The attribute that must be free; the target itself where it is not said.
    #[serde(default)]
    by: Option<String>,
    /// The suffix, an expression over `n`.
    #[serde(default = "number")]
    suffix: String,
    /// The first `n`.
    #[serde(default = "two")]
    from: u32,
    /// The last `n`.
    #[serde(default = "ninety_nine")]
    max: u32,
    /// The most characters that the value may have.
    #[serde(default)]
    length: Option<usize>,
}

/// `generate`: a secret that nobody can guess.
#[derive(Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Generate {
    /// How many characters.
    #[serde(default = "twenty_four")]
    length: usize,
    /// Of which classes; all where it is not said.
    #[serde(default)]
    classes: Vec<Class>,
}

/// `ref`: what another person's account has.
#[derive(Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Ref {
    /// What is looked for.
    #[serde(default, rename = "kind")]
    _kind: Kind,
    /// Attributes with their values, tried in turn.
    #[serde(rename = "where")]
    find: IndexMap<String, Value>,
    /// What is taken of the account.
    #[serde(default = "id")]
    take: String,
    /// What happens when nobody is found.
    #[serde(default)]
    missing: Nobody,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    User,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Nobody {
    #[default]
    Skip,
    Error,
}

impl Unique {
    pub(super) fn compile(&self) -> Result<effects::Unique> {
        if self.max < self.from || self.max - self.from >= MOST_TRIES {
            return Err(format!("`unique` tries at most {MOST_TRIES} suffixes, from `from` to `max`"));
        }
        if self.length == Some(0) {
            return Err("the `length` of `unique` is at least 1".to_owned());
        }
        let suffix = Expression::parse(&self.suffix).map_err(|error| error.to_string())?;
        if let Some(name) = suffix.names().iter().find(|name| *name != "n") {
            return Err(format!("the `suffix` of `unique` knows `n` only, not `{name}`"));
        }
        let Self { by, from, max, length, .. } = self;
        Ok(effects::Unique { by: by.clone(), suffix, from: *from, max: *max, length: *length })
    }
}

impl Generate {
    pub(super) fn compile(&self) -> Result<Source> {
        if !effects::Secret::LENGTHS.contains(&self.length) {
            let (least, most) = effects::Secret::LENGTHS.into_inner();
            return Err(format!("the `length` of `generate` is from {least} to {most}"));
        }
        let classes = if self.classes.is_empty() { Class::ALL.to_vec() } else { self.classes.clone() };
        Ok(Source::Secret(effects::Secret { length: self.length, classes }))
    }
}

impl Ref {
    pub(super) fn compile(&self, tables: &Tables) -> Result<Source> {
        if self.find.is_empty() {
            return Err("`where` of `ref` names at least one attribute".to_owned());
        }
        let find = self.find.iter().map(|(name, value)| Ok((name.clone(), literal(value, tables)?)));
        Ok(Source::Reference(Box::new(effects::Reference {
            find: find.collect::<Result<_>>()?,
            take: self.take.clone(),
            must_exist: self.missing == Nobody::Error,
        })))
    }
}

fn number() -> String {
    "n".to_owned()
}

fn two() -> u32 {
    2
}

fn ninety_nine() -> u32 {
    99
}

fn twenty_four() -> usize {
    24
}

fn id() -> String {
    "id".to_owned()
}
