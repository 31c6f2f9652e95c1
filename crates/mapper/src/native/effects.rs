//! From written effects to compiled ones. Errors are for people.

use indexmap::IndexMap;
use provost_core::{At as _, Flaw, read};
use serde::Deserialize;
use serde_json::Value;

use super::rule::{Compiler, Result};
use crate::effects::{self, Class};
use crate::plan::Source;
use crate::{Expression, Path};

/// The most values that are tried.
const MOST_TRIES: u32 = 1_000;

/// `unique`: the value gets a suffix until no other account has it.
#[derive(Deserialize)]
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
#[derive(Deserialize)]
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
#[derive(Deserialize)]
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

#[derive(Deserialize, Default, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    User,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Nobody {
    #[default]
    Skip,
    Error,
}

/// A suffix that is counted up.
pub(super) fn unique(written: &Value) -> Result<effects::Unique> {
    let Unique { by, suffix, from, max, length } = read(written.clone())?;
    if max < from || max - from >= MOST_TRIES {
        let message = format!("`unique` tries at most {MOST_TRIES} suffixes, from `from` to `max`");
        return Err(Flaw::new(message));
    }
    if length == Some(0) {
        return Err(Flaw::new("the `length` of `unique` is at least 1").at("length"));
    }
    let suffix = Expression::parse(&suffix).map_err(Flaw::from).at("suffix")?;
    if let Some(name) = suffix.names().iter().find(|name| *name != "n") {
        let message = format!("the `suffix` of `unique` knows `n` only, not `{name}`");
        return Err(Flaw::new(message).on_words(name).at("suffix"));
    }
    if suffix.names().is_empty() {
        return Err(
            Flaw::new("the `suffix` of `unique` must name `n`, or it is always the same").at("suffix")
        );
    }
    Ok(effects::Unique { by, suffix, from, max, length })
}

pub(super) fn generate(written: &Value) -> Result<Source> {
    let Generate { length, classes } = read(written.clone())?;
    if !effects::Secret::LENGTHS.contains(&length) {
        let (least, most) = effects::Secret::LENGTHS.into_inner();
        return Err(Flaw::new(format!("the `length` of `generate` is from {least} to {most}")).at("length"));
    }
    let classes = if classes.is_empty() { Class::ALL.to_vec() } else { classes };
    Ok(Source::Secret(effects::Secret { length, classes }))
}

pub(super) fn reference(written: &Value, compiler: Compiler<'_>) -> Result<Source> {
    let written: Ref = read(written.clone())?;
    if written.find.is_empty() {
        return Err(Flaw::new("`where` of `ref` names at least one attribute").at("where"));
    }
    Path::parse(&written.take).map_err(Flaw::from).at("take")?;
    let one = |(name, value): (&String, &Value)| Ok((name.clone(), compiler.literal(value).at(name)?));
    Ok(Source::Reference(Box::new(effects::Reference {
        find: Flaw::collect(written.find.iter().map(one)).at("where")?,
        take: written.take,
        must_exist: written.missing == Nobody::Error,
    })))
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
