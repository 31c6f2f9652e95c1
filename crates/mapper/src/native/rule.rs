//! From a written rule to a compiled field. Errors are for people.

use provost_core::{Verb, did_you_mean};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::effects::{Generate, Ref, Unique};
use super::written::{LongRule, OnMissing, Span};
use crate::operators::{self, Operator};
use crate::plan::{Field, Filter, Left, Missing, Pipeline, Rule, Source, Step, Valid};
use crate::tables::Tables;
use crate::xsoar::value::{filled, place, source as xsoar_source};
use crate::{Condition, Expression, Path, Place};

pub(super) type Result<T> = std::result::Result<T, String>;

/// The keys of a condition in `where`.
const CONDITION_KEYS: [&str; 4] = ["left", "is", "right", "ignore-case"];

/// A target's rules: those under `rules`, or the one that stands there.
pub(super) fn compile(target: String, mut written: LongRule, tables: &Tables) -> Result<Field> {
    let rules = match written.rules.take() {
        None => vec![rule(&written, tables)?],
        Some(_) if written != LongRule::default() => {
            return Err("beside `rules` stands nothing else; each rule has its own keys".to_owned());
        }
        Some(rules) => {
            let each = rules.iter().enumerate();
            each.map(|(at, one)| one_of(&one.0, tables).map_err(|why| format!("rule {}: {why}", at + 1)))
                .collect::<Result<_>>()?
        }
    };
    Ok(Field { target, rules })
}

fn one_of(written: &LongRule, tables: &Tables) -> Result<Rule> {
    if written.rules.is_some() {
        Err("a rule holds no further `rules`".to_owned())
    } else {
        rule(written, tables)
    }
}

fn rule(written: &LongRule, tables: &Tables) -> Result<Rule> {
    let condition = |text: &str| Condition::of_mapper(text, tables).map_err(|error| error.to_string());
    let when = written.when.as_deref().map(condition).transpose()?;
    let unique = written.unique.as_ref().map(Unique::compile).transpose()?;
    let is_made_once = unique.is_some() || written.generate.is_some();
    Ok(Rule {
        // A name that is taken by nobody, or a secret, is for a new account if nothing else is said.
        on: if is_made_once && written.on.0.is_empty() { vec![Verb::Create] } else { written.on.0.clone() },
        when,
        valid: valid(written.valid.as_ref(), tables)?,
        strength: written.strength,
        source: source(written, tables)?,
        unique,
        missing: missing(written, tables)?,
    })
}

/// The one place that the value comes from.
fn source(rule: &LongRule, tables: &Tables) -> Result<Source> {
    if rule.from.is_none() && (!rule.filters.is_empty() || rule.take.is_some() || !rule.then.is_empty()) {
        return Err("`where`, `take` and `then` need a `from`".to_owned());
    }
    let sources = [
        rule.value.as_ref().map(|value| literal(value, tables)),
        rule.from.as_ref().map(|from| pipeline(from, rule)),
        rule.clear.then(|| Ok(Source::Constant(Value::Null))),
        rule.xsoar.as_ref().map(|value| Ok(xsoar_source(value)?.unwrap_or(Source::Constant(Value::Null)))),
        rule.generate.as_ref().map(Generate::compile),
        rule.reference.as_ref().map(|reference| reference.compile(tables)),
    ];
    let mut given = sources.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(source), None) => source,
        _ => Err("a rule has one of `value`, `from`, `clear`, `xsoar`, `generate` and `ref`".to_owned()),
    }
}

/// A text is an expression, lists and objects are made of them, the rest stands for itself.
pub(super) fn literal(value: &Value, tables: &Tables) -> Result<Source> {
    Ok(match value {
        Value::String(text) if is_plain_path(text) => {
            Source::Path(Path::parse(text).map_err(|error| error.to_string())?)
        }
        Value::String(text) => {
            Source::Expression(Expression::of_mapper(text, tables).map_err(|error| error.to_string())?)
        }
        Value::Array(items) => {
            Source::List(items.iter().map(|item| literal(item, tables)).collect::<Result<_>>()?)
        }
        Value::Object(members) if is_reference(members) => reference(&members["ref"], tables)?,
        Value::Object(members) => Source::Object(
            members
                .iter()
                .map(|(name, member)| Ok((name.clone(), literal(member, tables)?)))
                .collect::<Result<_>>()?,
        ),
        constant => Source::Constant(constant.clone()),
    })
}

/// Whether an object stands for what somebody's account has: `{ref: {where: ...}}`.
fn is_reference(members: &Map<String, Value>) -> bool {
    members.len() == 1 && members.get("ref").is_some_and(|inner| inner.get("where").is_some())
}

fn reference(written: &Value, tables: &Tables) -> Result<Source> {
    let parsed: std::result::Result<Ref, _> = Deserialize::deserialize(written);
    parsed.map_err(|error| format!("`ref`: {error}"))?.compile(tables)
}

/// Whether an expression only names a member, so that it need not be evaluated.
fn is_plain_path(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word)
        && !["true", "false", "none", "clear"].contains(&text.to_lowercase().as_str())
}

fn missing(rule: &LongRule, tables: &Tables) -> Result<Missing> {
    match (&rule.default, rule.missing) {
        _ if rule.clear => Ok(Missing::Clear),
        (Some(_), Some(_)) => Err("a rule has either `default` or `missing`".to_owned()),
        (Some(value), None) => literal(value, tables).map(Missing::Default),
        (None, Some(OnMissing::Clear)) => Ok(Missing::Clear),
        (None, Some(OnMissing::Error)) => Ok(Missing::Error),
        (None, Some(OnMissing::Skip) | None) => Ok(Missing::Skip),
    }
}

fn valid(span: Option<&Span>, tables: &Tables) -> Result<Valid> {
    let end = |value: Option<&Value>| value.map(|value| literal(value, tables)).transpose();
    match span {
        Some(span) => Ok(Valid { from: end(span.from.as_ref())?, to: end(span.to.as_ref())? }),
        None => Ok(Valid::default()),
    }
}

fn pipeline(from: &str, rule: &LongRule) -> Result<Source> {
    let take = rule.take.as_deref().map(Place::parse).transpose().map_err(|error| error.to_string())?;
    Ok(Source::Pipeline(Box::new(Pipeline {
        root: place(from)?,
        filters: rule.filters.iter().map(filter_group).collect::<Result<_>>()?,
        accessor: take,
        steps: rule.then.iter().map(step).collect::<Result<_>>()?,
    })))
}

/// A condition, or `any:` with several of which one is enough.
fn filter_group(written: &Value) -> Result<Vec<Filter>> {
    match written.get("any").and_then(Value::as_array) {
        Some(conditions) => conditions.iter().map(filter).collect(),
        None => Ok(vec![filter(written)?]),
    }
}

fn filter(written: &Value) -> Result<Filter> {
    let members = written.as_object().ok_or("a condition is an object with `left`, `is` and `right`")?;
    refuse_strangers(members, &CONDITION_KEYS)?;
    let operator = operators::find(members.get("is").and_then(Value::as_str).unwrap_or_default())?;
    if !operator.is_filter() {
        return Err(format!("`{}` is no filter", operator.name));
    }
    let left = match members.get("left").and_then(Value::as_str) {
        None | Some("" | ".") => Left::Element,
        Some(left) => Left::Within(Place::parse(left).map_err(|error| error.to_string())?),
    };
    let right = members.get("right").map(argument).transpose()?;
    let ignore_case = members.get("ignore-case") == Some(&Value::Bool(true));
    Ok(Filter { operator, left, right, ignore_case })
}

/// A transformer: its name alone, or its name with its arguments.
fn step(written: &Value) -> Result<Step> {
    let nothing = Map::new();
    let (name, given) = match written {
        Value::String(name) => (name.as_str(), &nothing),
        Value::Object(members) if members.len() == 1 => {
            let (name, given) = members.iter().next().ok_or("a step has a name")?;
            (
                name.as_str(),
                given.as_object().ok_or_else(|| format!("the arguments of `{name}` are an object"))?,
            )
        }
        _ => return Err("a step is a name, or a name with its arguments".to_owned()),
    };
    let operator: &Operator = operators::find(name)?;
    if operator.is_filter() {
        return Err(format!("`{name}` is a filter; it stands under `where`"));
    }
    let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
    for (name, value) in given {
        let known = operator.arguments.iter().map(|argument| argument.name);
        let position = operator.position(name).ok_or_else(|| {
            let hint = did_you_mean(name, known).map(|hint| format!("; {hint}")).unwrap_or_default();
            format!("`{}` has no argument `{name}`{hint}", operator.name)
        })?;
        arguments[position] = Some(argument(value)?);
    }
    Ok(Step { operator, arguments })
}

/// An argument: a text with `${...}` holes, `{path: ...}`, or any constant.
fn argument(value: &Value) -> Result<Source> {
    match value {
        Value::String(text) => filled(text),
        Value::Object(members) if members.len() == 1 && members.contains_key("path") => {
            place(members["path"].as_str().ok_or("`path` is a text")?)
        }
        constant => Ok(Source::Constant(constant.clone())),
    }
}

fn refuse_strangers(members: &Map<String, Value>, known: &[&str]) -> Result<()> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let hint =
                did_you_mean(name, known.iter().copied()).map(|hint| format!("; {hint}")).unwrap_or_default();
            Err(format!("unknown key `{name}`{hint}"))
        }
    }
}
