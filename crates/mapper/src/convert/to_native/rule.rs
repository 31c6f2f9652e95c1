//! From a value object to a native rule: the readable one that is compiled to the same, or
//! the object as it is under `xsoar`.

use serde_json::{Map, Value, json};

use super::super::{as_text, is_cast, same, to_xsoar, whole};

use crate::native::{self, is_plain_path, quoted};
use crate::operators::ArgumentKind;
use crate::plan::{Filter, Left, Missing, Piece, Pipeline, Source, Step};
use crate::xsoar::value::source as compiled;

/// The native rule for a field of an XSOAR file.
pub(super) fn rule(value: &Value) -> Value {
    if !whole::is_known(value) {
        return json!({"xsoar": value});
    }
    let source = compiled(value).ok().flatten();
    let readable = source.and_then(|source| spelled(&source).filter(|rule| means(rule, &source)));
    readable.unwrap_or_else(|| json!({"xsoar": short(value)}))
}

/// A value object without the `complex` that says nothing.
fn short(value: &Value) -> Value {
    let simple = value["simple"].as_str().unwrap_or_default();
    if value["complex"].is_null() { json!({"simple": simple}) } else { value.clone() }
}

/// Whether a rule is compiled to a source.
fn means(rule: &Value, source: &Source) -> bool {
    let field = native::field("a target", rule);
    let rule = field.as_ref().ok().and_then(|field| field.rules.first());
    rule.is_some_and(|rule| matches!(rule.missing, Missing::Skip) && same::same(&rule.source, source))
}

fn spelled(source: &Source) -> Option<Value> {
    match same::bare(source) {
        Source::Constant(Value::String(text)) => Some(Value::from(quoted::quote(text))),
        Source::Path(path) if is_plain_path(path.source()) => Some(path.source().into()),
        Source::Path(path) => Some(json!({"from": path.source()})),
        Source::Dt(dt) => Some(json!({"from": dt.source()})),
        Source::Pipeline(pipeline) => piped(pipeline).map(Value::Object),
        _ => None,
    }
}

fn piped(pipeline: &Pipeline) -> Option<Map<String, Value>> {
    let mut rule = Map::new();
    match &pipeline.root {
        Source::Path(path) => rule.insert("from".to_owned(), path.source().into()),
        Source::Dt(dt) => rule.insert("from".to_owned(), dt.source().into()),
        Source::Constant(Value::String(text)) => rule.insert("value".to_owned(), quoted::quote(text).into()),
        _ => return None,
    };
    let groups = pipeline.filters.iter().map(|group| conditions(group)).collect::<Option<Vec<_>>>()?;
    if !groups.is_empty() {
        rule.insert("where".to_owned(), groups.into());
    }
    if let Some(accessor) = &pipeline.accessor {
        rule.insert("take".to_owned(), accessor.source().into());
    }
    let steps = pipeline.steps.iter().map(step).collect::<Option<Vec<_>>>()?;
    if !steps.is_empty() {
        rule.insert("then".to_owned(), steps.into());
    }
    Some(rule)
}

fn conditions(group: &[Filter]) -> Option<Value> {
    match group {
        [one] => condition(one),
        several => Some(json!({"any": several.iter().map(condition).collect::<Option<Vec<_>>>()?})),
    }
}

fn condition(filter: &Filter) -> Option<Value> {
    let mut condition = Map::new();
    let left = match &filter.left {
        Left::Element => None,
        Left::Within(place) => Some(place.source().into()),
        Left::Document(source) => Some(match argument(source, ArgumentKind::Any)? {
            // A text would be a path within the element.
            Value::String(_) => fragment(source)?,
            other => other,
        }),
    };
    condition.extend(left.map(|left| ("left".to_owned(), left)));
    condition.insert("is".to_owned(), filter.operator.name.into());
    if let Some(right) = &filter.right {
        condition.insert("right".to_owned(), argument(right, ArgumentKind::Any)?);
    }
    if filter.ignore_case {
        condition.insert("ignore-case".to_owned(), true.into());
    }
    Some(Value::Object(condition))
}

fn step(step: &Step) -> Option<Value> {
    let mut arguments = Map::new();
    for (known, given) in step.operator.arguments.iter().zip(&step.arguments) {
        if let Some(given) = given {
            arguments.insert(known.name.to_owned(), argument(given, known.kind)?);
        }
    }
    let name = step.operator.name;
    Some(if arguments.is_empty() { name.into() } else { json!({name: arguments}) })
}

fn argument(source: &Source, kind: ArgumentKind) -> Option<Value> {
    match source {
        Source::Constant(Value::String(text)) => Some(plain_constant(text, kind)),
        Source::Path(path) => Some(json!({"path": path.source()})),
        Source::Dt(dt) => Some(json!({"path": dt.source()})),
        Source::Text(pieces) => Some(Piece::written(pieces).into()),
        Source::Pipeline(pipeline) => {
            let nested = piped(pipeline).filter(|nested| nested.contains_key("from"));
            nested.map(Value::Object).or_else(|| fragment(source))
        }
        other => fragment(other),
    }
}

/// A text, or the number or flag that an operator reads from it.
fn plain_constant(text: &str, kind: ArgumentKind) -> Value {
    let read = serde_json::from_str::<Value>(text).ok();
    let is_same =
        |value: &Value| is_cast(kind) && !value.is_string() && as_text(value).as_deref() == Some(text);
    read.filter(is_same).unwrap_or_else(|| text.into())
}

/// A source as a value object of an XSOAR file.
fn fragment(source: &Source) -> Option<Value> {
    to_xsoar::value(source).ok().map(|value| json!({"xsoar": short(&value)}))
}
