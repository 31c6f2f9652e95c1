//! Expressions that XSOAR's operators can say: a member and filters for texts, such as
//! `email | lower`.

use serde_json::Value;

use super::super::PARSE_JSON;
use crate::native::is_plain_path;
use crate::operators;
use crate::plan::{Pipeline, Source, Step};
use crate::{Expression, Path};

/// Filters and the operators that do the same to a text.
const SAME_FOR_TEXTS: [(&str, &str); 3] =
    [("lower", "toLowerCase"), ("upper", "toUpperCase"), ("trim", "trim")];

/// Names that mean something where the document has no such member.
const FUNCTIONS: [&str; 5] = ["range", "dict", "now", "today", "lookup"];

/// A source without expressions; the second value tells which expression was replaced.
pub(super) fn lowered(source: Source) -> Result<(Source, Option<String>), String> {
    match source {
        Source::Expression(expression) => {
            let source =
                chain(&expression).ok_or_else(|| format!("the expression `{}`", expression.source()))?;
            Ok((source, Some(expression.source().to_owned())))
        }
        Source::Pipeline(pipeline) => {
            let Pipeline { root, filters, accessor, steps, glue: _ } = *pipeline;
            let (root, replaced) = lowered(root)?;
            let pipeline = match root {
                Source::Pipeline(root) if filters.is_empty() && accessor.is_none() => followed(root, steps),
                root => Pipeline::of(root, filters, accessor, steps),
            };
            Ok((Source::Pipeline(pipeline), replaced))
        }
        Source::List(items) => Ok((parsed(&constants(items)?)?, None)),
        Source::Object(members) if members.is_empty() => {
            Ok((parsed(&Value::Object(serde_json::Map::new()))?, None))
        }
        Source::Object(_) => Err("an object that is made of values".to_owned()),
        Source::Constant(value) if !value.is_string() && !value.is_null() => Ok((parsed(&value)?, None)),
        other => Ok((other, None)),
    }
}

/// A source that goes through further steps.
pub(super) fn then(source: Source, step: Step) -> Source {
    let pipeline = match source {
        Source::Pipeline(pipeline) => pipeline,
        root => Pipeline::of(root, Vec::new(), None, Vec::new()),
    };
    Source::Pipeline(followed(pipeline, vec![step]))
}

fn followed(mut pipeline: Box<Pipeline>, steps: Vec<Step>) -> Box<Pipeline> {
    pipeline.steps.extend(steps);
    pipeline
}

/// A constant that is no text, as XSOAR's files say it: a text that is read as JSON.
fn parsed(value: &Value) -> Result<Source, String> {
    let step = Step { operator: operators::find(PARSE_JSON)?, arguments: Vec::new() };
    Ok(then(Source::Constant(value.to_string().into()), step))
}

/// A list of constants. One that is empty, or has a null, is not what it looks like.
fn constants(items: Vec<Source>) -> Result<Value, String> {
    let constant = |item: Source| match item {
        Source::Constant(value) if !value.is_null() => Ok(value),
        Source::List(items) => constants(items),
        _ => Err("a list that is made of values".to_owned()),
    };
    match items.into_iter().map(constant).collect::<Result<Vec<_>, String>>()? {
        list if list.is_empty() => Err("an empty list, which sets nothing".to_owned()),
        list => Ok(Value::Array(list)),
    }
}

/// `name | filter | filter`, if there is an operator for each filter.
fn chain(expression: &Expression) -> Option<Source> {
    let mut words = expression.source().split('|').map(str::trim);
    let name = words.next().filter(|name| is_plain_path(name) && !name.contains('.'))?;
    if FUNCTIONS.contains(&name) {
        return None;
    }
    let steps = words.map(step).collect::<Option<Vec<_>>>()?;
    let root = Source::Path(Path::parse(name).ok()?);
    Some(Source::Pipeline(Pipeline::of(root, Vec::new(), None, steps)))
}

fn step(filter: &str) -> Option<Step> {
    let (_, name) = SAME_FOR_TEXTS.iter().find(|(known, _)| *known == filter)?;
    Some(Step { operator: operators::find(name).ok()?, arguments: Vec::new() })
}
