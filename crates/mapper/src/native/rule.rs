//! From a written rule to a compiled field. Errors are for people. What works on the value
//! of a rule step by step is next door, in `pipeline`.

use provost_core::{At as _, Flaw, Verb, read};
use serde_json::{Map, Value};

use super::written::{LongRule, OnMissing, Rule, Span};
use super::{effects, quoted};
use crate::plan::{self, Field, Missing, Source, Valid};
use crate::tables::Tables;
use crate::xsoar::value::{place, source as xsoar_source};
use crate::{Condition, Expression, Path};

pub(super) type Result<T> = std::result::Result<T, Flaw>;

/// Compiles the rules of a file.
#[derive(Clone, Copy)]
pub(super) struct Compiler<'a> {
    /// What `lookup` looks in.
    pub(super) tables: &'a Tables,
}

impl Compiler<'_> {
    /// What stands behind a target: rules under `rules`, or one rule.
    pub(super) fn field(self, target: &str, written: &Value) -> Result<Field> {
        if written.get("value") == Some(&Value::Null) {
            let flaw = Flaw::new("`value` says nothing").with_hint("write `clear: true` to empty the target");
            return Err(flaw.on_key().at("value"));
        }
        let Rule(mut written) = read(written.clone())?;
        let rules = match written.rules.take() {
            None => vec![self.rule(&written)?],
            Some(_) if written != LongRule::default() => {
                let message = "beside `rules` stands nothing else; each rule has its own keys";
                return Err(Flaw::new(message).on_key().at("rules"));
            }
            Some(rules) => each(&rules, |one| self.one_of(one)).at("rules")?,
        };
        Ok(Field { target: target.to_owned(), rules })
    }

    fn one_of(self, written: &Value) -> Result<plan::Rule> {
        let Rule(written) = read(written.clone())?;
        match written.rules {
            Some(_) => Err(Flaw::new("a rule holds no further `rules`").on_key().at("rules")),
            None => self.rule(&written),
        }
    }

    fn rule(self, written: &LongRule) -> Result<plan::Rule> {
        let condition = |text: &str| Condition::of_mapper(text, self.tables).map_err(Flaw::from);
        let when = written.when.as_deref().map(condition).transpose().at("when");
        let conditions = Flaw::both(when, self.valid(written.valid.as_ref()).at("valid"));
        let unique = written.unique.as_ref().map(effects::unique).transpose().at("unique");
        let values = Flaw::both(self.source(written), Flaw::both(unique, self.missing(written)));
        let ((when, valid), (source, (unique, missing))) = Flaw::both(conditions, values)?;
        let is_made_once = unique.is_some() || matches!(source, Source::Secret(_));
        Ok(plan::Rule {
            // A name that nobody has, or a secret, is for a new account if nothing else is said.
            on: if is_made_once && written.on.0.is_empty() {
                vec![Verb::Create]
            } else {
                written.on.0.clone()
            },
            when,
            valid,
            strength: written.strength,
            source,
            unique,
            missing,
        })
    }

    /// The one place that the value comes from.
    pub(super) fn source(self, rule: &LongRule) -> Result<Source> {
        if rule.is_pipeline() && rule.from.is_none() && rule.value.is_none() {
            return Err(Flaw::new("`where`, `take` and `then` need a `from` or a `value`"));
        }
        let value = |value: &Value| {
            let literal = if rule.is_short { self.literal(value) } else { self.literal(value).at("value") };
            if rule.is_pipeline() { self.pipeline(literal, rule) } else { literal }
        };
        let xsoar = |value| Ok(xsoar_source(value).at("xsoar")?.unwrap_or(Source::Constant(Value::Null)));
        let sources = [
            rule.value.as_ref().map(value),
            rule.from.as_ref().map(|from| self.pipeline(place(from).at("from"), rule)),
            rule.clear.then(|| Ok(Source::Constant(Value::Null))),
            rule.xsoar.as_ref().map(xsoar),
            rule.generate.as_ref().map(|written| effects::generate(written).at("generate")),
            rule.reference.as_ref().map(|written| effects::reference(written, self).at("ref")),
        ];
        let mut given = sources.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(source), None) => source,
            _ => Err(Flaw::new("a rule has one of `value`, `from`, `clear`, `xsoar`, `generate` and `ref`")),
        }
    }

    /// A text is an expression, lists and objects are made of them, the rest stands for
    /// itself.
    pub(super) fn literal(self, value: &Value) -> Result<Source> {
        Ok(match value {
            Value::String(text) if is_plain_path(text) => Source::Path(Path::parse(text)?),
            Value::String(text) => {
                let expression = Expression::of_mapper(text, self.tables)?;
                quoted::text(&expression).map_or(Source::Expression(expression), Source::Constant)
            }
            Value::Array(items) => Source::List(each(items, |item| self.literal(item))?),
            Value::Object(members) if is_reference(members) => {
                effects::reference(&members["ref"], self).at("ref")?
            }
            Value::Object(members) if let Some(name) = stray_effect(members) => {
                let message = format!("`{name}` stands in a rule of its own, not inside a value");
                return Err(Flaw::new(message).on_key().at(name));
            }
            Value::Object(members) => Source::Object(Flaw::collect(
                members.iter().map(|(name, member)| Ok((name.clone(), self.literal(member).at(name)?))),
            )?),
            constant => Source::Constant(constant.clone()),
        })
    }

    fn missing(self, rule: &LongRule) -> Result<Missing> {
        match (&rule.default, rule.missing) {
            _ if rule.clear => Ok(Missing::Clear),
            (Some(_), Some(_)) => {
                Err(Flaw::new("a rule has either `default` or `missing`").on_key().at("missing"))
            }
            (Some(value), None) => self.literal(value).map(Box::new).map(Missing::Default).at("default"),
            (None, Some(OnMissing::Clear)) => Ok(Missing::Clear),
            (None, Some(OnMissing::Error)) => Ok(Missing::Error),
            (None, Some(OnMissing::Skip) | None) => Ok(Missing::Skip),
        }
    }

    fn valid(self, span: Option<&Span>) -> Result<Valid> {
        let end = |value: Option<&Value>| value.map(|value| self.literal(value)).transpose();
        match span {
            Some(span) => {
                Ok(Valid { from: end(span.from.as_ref()).at("from")?, to: end(span.to.as_ref()).at("to")? })
            }
            None => Ok(Valid::default()),
        }
    }
}

/// Whether an object stands for what somebody's account has: `{ref: {where: ...}}`.
fn is_reference(members: &Map<String, Value>) -> bool {
    members.len() == 1 && members.get("ref").is_some_and(|inner| inner.get("where").is_some())
}

/// An effect inside a value, where it would be sent as it is written.
fn stray_effect(members: &Map<String, Value>) -> Option<&'static str> {
    let is_written = |name: &str| members.get(name).is_some_and(Value::is_object);
    match members.len() {
        1 if is_written("generate") => Some("generate"),
        2 if is_written("unique") && ["value", "from"].iter().any(|key| members.contains_key(*key)) => {
            Some("unique")
        }
        _ => None,
    }
}

/// Whether an expression only names a member, so that it need not be evaluated.
pub(crate) fn is_plain_path(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word)
        && !["true", "false", "none", "clear"].contains(&text.to_lowercase().as_str())
}

/// Every item compiled, or all flaws with their numbers.
pub(super) fn each<T>(items: &[Value], compile: impl Fn(&Value) -> Result<T>) -> Result<Vec<T>> {
    Flaw::collect(items.iter().enumerate().map(|(at, item)| compile(item).at(at)))
}
