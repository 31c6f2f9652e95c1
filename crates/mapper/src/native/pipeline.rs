//! What works on the value of a rule step by step: conditions, transformers and their
//! arguments. Errors are for people.

use provost_core::{At as _, Flaw, did_you_mean, read};
use serde_json::{Map, Value};

use super::rule::{Compiler, Result, each};
use super::written::LongRule;
use crate::Place;
use crate::operators::{self, ArgumentKind, Operator};
use crate::plan::{Filter, Left, Pipeline, Source, Step};
use crate::xsoar::value::{filled, place, source as xsoar_source};

/// The keys of a condition in `where`.
pub(super) const CONDITION_KEYS: [&str; 4] = ["left", "is", "right", "ignore-case"];

/// The keys of an argument that is filtered and transformed itself.
const PIPELINE_KEYS: [&str; 4] = ["from", "where", "take", "then"];

impl Compiler<'_> {
    pub(super) fn pipeline(self, root: Result<Source>, rule: &LongRule) -> Result<Source> {
        let take = rule.take.as_deref().map(Place::parse).transpose().map_err(Flaw::from).at("take");
        let filters = each(&rule.filters, |group| self.filter_group(group)).at("where");
        let end = Flaw::both(take, each(&rule.then, |step| self.step(step)).at("then"));
        let ((root, filters), (accessor, steps)) = Flaw::both(Flaw::both(root, filters), end)?;
        Ok(Source::Pipeline(Pipeline::of(root, filters, accessor, steps)))
    }

    /// A condition, or `any:` with several of which one is enough.
    fn filter_group(self, written: &Value) -> Result<Vec<Filter>> {
        match written.get("any").and_then(Value::as_array) {
            Some(conditions) => each(conditions, |one| self.filter(one)).at("any"),
            None => Ok(vec![self.filter(written)?]),
        }
    }

    fn filter(self, written: &Value) -> Result<Filter> {
        let no_object = || Flaw::new("a condition is an object with `left`, `is` and `right`");
        let members = written.as_object().ok_or_else(no_object)?;
        refuse_strangers(members, &CONDITION_KEYS)?;
        let name = members.get("is").and_then(Value::as_str);
        let name = name.ok_or_else(|| Flaw::new("a condition names its operator with `is`"))?;
        let operator = operators::known(name).at("is")?;
        if !operator.is_filter() {
            return Err(Flaw::new(format!("`{}` is no filter", operator.name)).at("is"));
        }
        let left = match members.get("left") {
            None => Left::Element,
            Some(Value::String(left)) if left.is_empty() || left == "." => Left::Element,
            Some(Value::String(left)) => Left::Within(Place::parse(left).map_err(Flaw::from).at("left")?),
            Some(other) => Left::Document(self.argument(other, ArgumentKind::Any).at("left")?),
        };
        let argument = |value| self.argument(value, ArgumentKind::Any);
        let right = members.get("right").map(argument).transpose().at("right")?;
        let ignore_case = members.get("ignore-case") == Some(&Value::Bool(true));
        Ok(Filter { operator, left, right, ignore_case })
    }

    /// A transformer: its name alone, or its name with its arguments.
    fn step(self, written: &Value) -> Result<Step> {
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
        Ok(Step { operator, arguments: self.arguments(operator, given).at(name)? })
    }

    fn arguments(
        self,
        operator: &'static Operator,
        given: &Map<String, Value>,
    ) -> Result<Vec<Option<Source>>> {
        let one = |(name, value): (&String, &Value)| {
            let known = operator.arguments.iter().map(|argument| argument.name);
            let position = operator.position(name).ok_or_else(|| {
                let flaw =
                    Flaw::new(format!("`{}` has no argument `{name}`", operator.name)).on_key().at(name);
                flaw.with_optional_hint(did_you_mean(name, known))
            })?;
            Ok((position, self.argument(value, operator.arguments[position].kind).at(name)?))
        };
        let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
        for (position, source) in Flaw::collect(given.iter().map(one))? {
            arguments[position] = Some(source);
        }
        Ok(arguments)
    }

    /// An argument: a text with `${...}` holes, `{path: ...}`, `{from: ..., then: ...}`, a
    /// value object of an XSOAR file, or any constant.
    fn argument(self, value: &Value, kind: ArgumentKind) -> Result<Source> {
        let only = |members: &Map<String, Value>, key| members.len() == 1 && members.contains_key(key);
        match value {
            Value::String(_) if kind == ArgumentKind::Raw => Ok(Source::Constant(value.clone())),
            Value::String(text) => filled(text),
            Value::Object(members) if only(members, "path") => {
                place(members["path"].as_str().ok_or_else(|| Flaw::new("`path` is a text"))?).at("path")
            }
            Value::Object(members) if only(members, "xsoar") => {
                let source = xsoar_source(&members["xsoar"]).at("xsoar")?;
                Ok(source.unwrap_or(Source::Constant(Value::Null)))
            }
            Value::Object(members) if is_pipeline(members) => self.source(&read::<LongRule>(value.clone())?),
            constant => Ok(Source::Constant(constant.clone())),
        }
    }
}

fn is_pipeline(members: &Map<String, Value>) -> bool {
    members.contains_key("from") && refuse_strangers(members, &PIPELINE_KEYS).is_ok()
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
