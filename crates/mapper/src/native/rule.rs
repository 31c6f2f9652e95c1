//! From a written rule to a compiled field. Errors are for people.

use provost_core::did_you_mean;
use serde_json::{Map, Value};

use super::written::{LongRule, OnMissing, Span};
use crate::operators::{self, Operator};
use crate::plan::{Field, Filter, Left, Missing, Pipeline, Source, Step, Valid};
use crate::xsoar::value::{filled, place, source as xsoar_source};
use crate::{Condition, Expression, Glue, Path, Place};

type Result<T> = std::result::Result<T, String>;

/// The keys of a condition in `where`.
const CONDITION_KEYS: [&str; 4] = ["left", "is", "right", "ignore-case"];

pub(super) fn compile(target: String, rule: &LongRule) -> Result<Field> {
    let when = rule.when.as_deref().map(Condition::parse).transpose().map_err(|error| error.to_string())?;
    Ok(Field {
        target,
        on: rule.on.0.clone(),
        when,
        valid: valid(rule.valid.as_ref())?,
        strength: rule.strength,
        source: source(rule)?,
        missing: missing(rule)?,
    })
}

/// The one place that the value comes from.
fn source(rule: &LongRule) -> Result<Source> {
    let is_pipeline = rule.from.is_some();
    if !is_pipeline && (!rule.filters.is_empty() || rule.take.is_some() || !rule.then.is_empty()) {
        return Err("`where`, `take` and `then` need a `from`".to_owned());
    }
    match (&rule.value, &rule.from, rule.clear, &rule.xsoar) {
        (Some(value), None, false, None) => literal(value),
        (None, Some(from), false, None) => pipeline(from, rule),
        (None, None, true, None) => Ok(Source::Constant(Value::Null)),
        (None, None, false, Some(value)) => Ok(xsoar_source(value)?.unwrap_or(Source::Constant(Value::Null))),
        _ => Err("a rule has one of `value`, `from`, `clear` and `xsoar`".to_owned()),
    }
}

/// A text is an expression, lists and objects are made of them, the rest stands for itself.
fn literal(value: &Value) -> Result<Source> {
    Ok(match value {
        Value::String(text) if is_plain_path(text) => {
            Source::Path(Path::parse(text).map_err(|error| error.to_string())?)
        }
        Value::String(text) if quoted(text).is_some() => Source::Constant(Value::from(quoted(text))),
        Value::String(text) => {
            Source::Expression(Expression::parse(text).map_err(|error| error.to_string())?)
        }
        Value::Array(items) => Source::List(items.iter().map(literal).collect::<Result<_>>()?),
        Value::Object(members) => Source::Object(
            members
                .iter()
                .map(|(name, member)| Ok((name.clone(), literal(member)?)))
                .collect::<Result<_>>()?,
        ),
        constant => Source::Constant(constant.clone()),
    })
}

/// The text of an expression that is a text in quotes and nothing else: a constant.
fn quoted(text: &str) -> Option<&str> {
    let within = |quote: char| text.trim().strip_prefix(quote)?.strip_suffix(quote);
    ['\'', '"'].into_iter().find_map(|quote| within(quote).filter(|text| !text.contains([quote, '\\'])))
}

/// Whether an expression only names a member, so that it need not be evaluated.
fn is_plain_path(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word) && !["true", "false", "none"].contains(&text.to_lowercase().as_str())
}

fn missing(rule: &LongRule) -> Result<Missing> {
    match (&rule.default, rule.missing) {
        _ if rule.clear => Ok(Missing::Clear),
        (Some(_), Some(_)) => Err("a rule has either `default` or `missing`".to_owned()),
        (Some(value), None) => literal(value).map(Missing::Default),
        (None, Some(OnMissing::Clear)) => Ok(Missing::Clear),
        (None, Some(OnMissing::Error)) => Ok(Missing::Error),
        (None, Some(OnMissing::Skip) | None) => Ok(Missing::Skip),
    }
}

fn valid(span: Option<&Span>) -> Result<Valid> {
    let end = |value: Option<&Value>| value.map(literal).transpose();
    match span {
        Some(span) => Ok(Valid { from: end(span.from.as_ref())?, to: end(span.to.as_ref())? }),
        None => Ok(Valid::default()),
    }
}

fn pipeline(from: &str, rule: &LongRule) -> Result<Source> {
    let take = rule.take.as_deref().map(Place::parse).transpose().map_err(|error| error.to_string())?;
    let steps = rule.then.iter().map(step).collect::<Result<Vec<_>>>()?;
    Ok(Source::Pipeline(Box::new(Pipeline {
        root: place(from)?,
        filters: rule.filters.iter().map(filter_group).collect::<Result<_>>()?,
        accessor: take,
        glue: Glue::of(&steps),
        steps,
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
