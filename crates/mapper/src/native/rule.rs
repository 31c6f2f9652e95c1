//! From a written rule to a compiled field. Errors are for people.

use provost_core::{At as _, Flaw, Verb, did_you_mean, read};
use serde_json::{Map, Value};

use super::effects;
use super::written::{LongRule, OnMissing, Rule, Span};
use crate::operators::{self, Operator};
use crate::plan::{self, Field, Filter, Left, Missing, Pipeline, Source, Step, Valid};
use crate::tables::Tables;
use crate::xsoar::value::{filled, place, source as xsoar_source};
use crate::{Condition, Expression, Path, Place};

pub(super) type Result<T> = std::result::Result<T, Flaw>;

/// The keys of a condition in `where`.
pub(super) const CONDITION_KEYS: [&str; 4] = ["left", "is", "right", "ignore-case"];

/// Compiles the rules of a file.
#[derive(Clone, Copy)]
pub(super) struct Compiler<'a> {
    /// What `lookup` looks in.
    pub(super) tables: &'a Tables,
}

impl Compiler<'_> {
    /// What stands behind a target: rules under `rules`, or one rule.
    pub(super) fn field(self, target: &str, written: &Value) -> Result<Field> {
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
    fn source(self, rule: &LongRule) -> Result<Source> {
        if rule.from.is_none() && (!rule.filters.is_empty() || rule.take.is_some() || !rule.then.is_empty()) {
            return Err(Flaw::new("`where`, `take` and `then` need a `from`"));
        }
        let value = |value: &Value| {
            if rule.is_short { self.literal(value) } else { self.literal(value).at("value") }
        };
        let xsoar = |value| Ok(xsoar_source(value).at("xsoar")?.unwrap_or(Source::Constant(Value::Null)));
        let sources = [
            rule.value.as_ref().map(value),
            rule.from.as_ref().map(|from| pipeline(from, rule)),
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
            Value::String(text) => Source::Expression(Expression::of_mapper(text, self.tables)?),
            Value::Array(items) => Source::List(each(items, |item| self.literal(item))?),
            Value::Object(members) if is_reference(members) => {
                effects::reference(&members["ref"], self).at("ref")?
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
            (Some(value), None) => self.literal(value).map(Missing::Default).at("default"),
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

/// Whether an expression only names a member, so that it need not be evaluated.
fn is_plain_path(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word)
        && !["true", "false", "none", "clear"].contains(&text.to_lowercase().as_str())
}

fn pipeline(from: &str, rule: &LongRule) -> Result<Source> {
    let take = rule.take.as_deref().map(Place::parse).transpose().map_err(Flaw::from).at("take");
    let begin = Flaw::both(place(from).at("from"), each(&rule.filters, filter_group).at("where"));
    let end = Flaw::both(take, each(&rule.then, step).at("then"));
    let ((root, filters), (accessor, steps)) = Flaw::both(begin, end)?;
    Ok(Source::Pipeline(Box::new(Pipeline { root, filters, accessor, steps })))
}

/// A condition, or `any:` with several of which one is enough.
fn filter_group(written: &Value) -> Result<Vec<Filter>> {
    match written.get("any").and_then(Value::as_array) {
        Some(conditions) => each(conditions, filter).at("any"),
        None => Ok(vec![filter(written)?]),
    }
}

fn filter(written: &Value) -> Result<Filter> {
    let no_object = || Flaw::new("a condition is an object with `left`, `is` and `right`");
    let members = written.as_object().ok_or_else(no_object)?;
    refuse_strangers(members, &CONDITION_KEYS)?;
    let name = members.get("is").and_then(Value::as_str);
    let name = name.ok_or_else(|| Flaw::new("a condition names its operator with `is`"))?;
    let operator = operators::known(name).at("is")?;
    if !operator.is_filter() {
        return Err(Flaw::new(format!("`{}` is no filter", operator.name)).at("is"));
    }
    let left = match members.get("left").and_then(Value::as_str) {
        None | Some("" | ".") => Left::Element,
        Some(left) => Left::Within(Place::parse(left).map_err(Flaw::from).at("left")?),
    };
    let right = members.get("right").map(argument).transpose().at("right")?;
    let ignore_case = members.get("ignore-case") == Some(&Value::Bool(true));
    Ok(Filter { operator, left, right, ignore_case })
}

/// A transformer: its name alone, or its name with its arguments.
fn step(written: &Value) -> Result<Step> {
    let nothing = Map::new();
    let (name, given) = match written {
        Value::String(name) => (name.as_str(), &nothing),
        Value::Object(members) if members.len() == 1 => {
            let (name, given) = members.iter().next().ok_or_else(|| Flaw::new("a step has a name"))?;
            let no_object = || Flaw::new(format!("the arguments of `{name}` are an object")).at(name);
            (name.as_str(), given.as_object().ok_or_else(no_object)?)
        }
        _ => return Err(Flaw::new("a step is a name, or a name with its arguments")),
    };
    // The name is the step, or the only key in it.
    let of_name = |flaw: Flaw| if written.is_object() { flaw.on_key().at(name) } else { flaw };
    let operator: &Operator = operators::known(name).map_err(of_name)?;
    if operator.is_filter() {
        return Err(of_name(Flaw::new(format!("`{name}` is a filter; it stands under `where`"))));
    }
    Ok(Step { operator, arguments: arguments(operator, given).at(name)? })
}

fn arguments(operator: &'static Operator, given: &Map<String, Value>) -> Result<Vec<Option<Source>>> {
    let one = |(name, value): (&String, &Value)| {
        let known = operator.arguments.iter().map(|argument| argument.name);
        let position = operator.position(name).ok_or_else(|| {
            let flaw = Flaw::new(format!("`{}` has no argument `{name}`", operator.name)).on_key().at(name);
            flaw.with_optional_hint(did_you_mean(name, known))
        })?;
        Ok((position, argument(value).at(name)?))
    };
    let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
    for (position, source) in Flaw::collect(given.iter().map(one))? {
        arguments[position] = Some(source);
    }
    Ok(arguments)
}

/// An argument: a text with `${...}` holes, `{path: ...}`, or any constant.
fn argument(value: &Value) -> Result<Source> {
    match value {
        Value::String(text) => filled(text),
        Value::Object(members) if members.len() == 1 && members.contains_key("path") => {
            place(members["path"].as_str().ok_or_else(|| Flaw::new("`path` is a text"))?).at("path")
        }
        constant => Ok(Source::Constant(constant.clone())),
    }
}

fn refuse_strangers(members: &Map<String, Value>, known: &[&str]) -> Result<()> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Flaw::new(format!("unknown key `{name}`"))
            .with_optional_hint(did_you_mean(name, known.iter().copied()))
            .on_key()
            .at(name)),
    }
}

/// Every item compiled, or all flaws with their numbers.
fn each<T>(items: &[Value], compile: impl Fn(&Value) -> Result<T>) -> Result<Vec<T>> {
    Flaw::collect(items.iter().enumerate().map(|(at, item)| compile(item).at(at)))
}
