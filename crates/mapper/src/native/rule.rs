//! From a written rule to a compiled field. Errors are for people.

use provost_core::did_you_mean;
use serde_json::{Map, Value};

use super::quoted;
use super::written::{LongRule, OnMissing, Span};
use crate::operators::{self, ArgumentKind, Operator};
use crate::plan::{Field, Filter, Left, Missing, Pipeline, Rule, Source, Step, Valid};
use crate::xsoar::value::{filled, place, source as xsoar_source};
use crate::{Condition, Expression, Path, Place};

type Result<T> = std::result::Result<T, String>;

/// The keys of a condition in `where`.
const CONDITION_KEYS: [&str; 4] = ["left", "is", "right", "ignore-case"];

/// The keys of an argument that is filtered and transformed itself.
const PIPELINE_KEYS: [&str; 4] = ["from", "where", "take", "then"];

/// A target's rules: those under `rules`, or the one that stands there.
pub(super) fn compile(target: String, mut written: LongRule) -> Result<Field> {
    let rules = match written.rules.take() {
        None => vec![rule(&written)?],
        Some(_) if written != LongRule::default() => {
            return Err("beside `rules` stands nothing else; each rule has its own keys".to_owned());
        }
        Some(rules) => {
            let each = rules.iter().enumerate();
            each.map(|(at, one)| one_of(&one.0).map_err(|why| format!("rule {}: {why}", at + 1)))
                .collect::<Result<_>>()?
        }
    };
    Ok(Field { target, rules })
}

fn one_of(written: &LongRule) -> Result<Rule> {
    if written.rules.is_some() { Err("a rule holds no further `rules`".to_owned()) } else { rule(written) }
}

fn rule(written: &LongRule) -> Result<Rule> {
    let when =
        written.when.as_deref().map(Condition::parse).transpose().map_err(|error| error.to_string())?;
    Ok(Rule {
        on: written.on.0.clone(),
        when,
        valid: valid(written.valid.as_ref())?,
        strength: written.strength,
        source: source(written)?,
        missing: missing(written)?,
    })
}

/// The one place that the value comes from.
fn source(rule: &LongRule) -> Result<Source> {
    let is_pipeline = !rule.filters.is_empty() || rule.take.is_some() || !rule.then.is_empty();
    if is_pipeline && rule.from.is_none() && rule.value.is_none() {
        return Err("`where`, `take` and `then` need a `from` or a `value`".to_owned());
    }
    match (&rule.value, &rule.from, rule.clear, &rule.xsoar) {
        (Some(value), None, false, None) if is_pipeline => pipeline(literal(value)?, rule),
        (Some(value), None, false, None) => literal(value),
        (None, Some(from), false, None) => pipeline(place(from)?, rule),
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
        Value::String(text) => {
            let expression = Expression::parse(text).map_err(|error| error.to_string())?;
            quoted::text(&expression).map_or(Source::Expression(expression), Source::Constant)
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

/// Whether an expression only names a member, so that it need not be evaluated.
pub(crate) fn is_plain_path(text: &str) -> bool {
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

fn pipeline(root: Source, rule: &LongRule) -> Result<Source> {
    let take = rule.take.as_deref().map(Place::parse).transpose().map_err(|error| error.to_string())?;
    Ok(Source::Pipeline(Box::new(Pipeline {
        root,
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
    let left = match members.get("left") {
        None => Left::Element,
        Some(Value::String(left)) if left.is_empty() || left == "." => Left::Element,
        Some(Value::String(left)) => Left::Within(Place::parse(left).map_err(|error| error.to_string())?),
        Some(other) => Left::Document(argument(other, ArgumentKind::Any)?),
    };
    let right = members.get("right").map(|right| argument(right, ArgumentKind::Any)).transpose()?;
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
        arguments[position] = Some(argument(value, operator.arguments[position].kind)?);
    }
    Ok(Step { operator, arguments })
}

/// An argument: a text with `${...}` holes, `{path: ...}`, `{from: ..., then: ...}`, a value
/// object of an XSOAR file, or any constant.
fn argument(value: &Value, kind: ArgumentKind) -> Result<Source> {
    match value {
        Value::String(text) if kind == ArgumentKind::Raw => Ok(Source::Constant(Value::from(text.as_str()))),
        Value::String(text) => filled(text),
        Value::Object(members) if members.len() == 1 && members.contains_key("path") => {
            place(members["path"].as_str().ok_or("`path` is a text")?)
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("xsoar") => {
            Ok(xsoar_source(&members["xsoar"])?.unwrap_or(Source::Constant(Value::Null)))
        }
        Value::Object(members)
            if members.contains_key("from") && refuse_strangers(members, &PIPELINE_KEYS).is_ok() =>
        {
            let nested: LongRule =
                serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
            source(&nested)
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
