//! Whether everything in a value object means something, so that a rule that does the same
//! loses nothing. Members that nobody reads occur in files; such an object is kept as it is.

use std::collections::HashSet;

use provost_core::is_empty;
use serde_json::{Map, Value};

use crate::operators;

/// Whether a value object has no member without a meaning.
pub(super) fn is_known(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => {
            let complex = members.get("complex").unwrap_or(&Value::Null);
            let simple = members.get("simple").unwrap_or(&Value::Null);
            only(members, &["simple", "complex"])
                && (simple.is_null() || simple.is_string())
                && match complex {
                    Value::Null => true,
                    // A text beside it would have no effect.
                    Value::Object(complex) => is_empty(simple) && is_known_complex(complex),
                    _ => false,
                }
        }
        _ => false,
    }
}

fn is_known_complex(complex: &Map<String, Value>) -> bool {
    let text = |part: &str| complex.get(part).is_none_or(|value| value.is_null() || value.is_string());
    only(complex, &["root", "accessor", "filters", "transformers"])
        && complex.contains_key("root")
        && text("root")
        && text("accessor")
        && each(complex.get("filters"), is_known_group)
        && each(complex.get("transformers"), is_known_transformer)
}

fn is_known_group(group: &Value) -> bool {
    match group {
        Value::Array(conditions) => conditions.iter().all(is_known_filter),
        condition => is_known_filter(condition),
    }
}

fn is_known_filter(filter: &Value) -> bool {
    let Value::Object(members) = filter else { return false };
    only(members, &["operator", "left", "right", "ignoreCase", "ignorecase"])
        && ["ignoreCase", "ignorecase"].iter().all(|flag| is_flag(members.get(*flag)))
        && ["left", "right"].iter().all(|side| is_known_operand(members.get(*side)))
}

fn is_known_transformer(transformer: &Value) -> bool {
    let Value::Object(members) = transformer else { return false };
    let operator = members.get("operator").and_then(Value::as_str).map(operators::find);
    let Some(Ok(operator)) = operator else { return false };
    let is_known_argument =
        |(name, given): (&String, &Value)| operator.position(name).is_some() && is_known_operand(Some(given));
    only(members, &["operator", "args"])
        && match members.get("args") {
            None | Some(Value::Null) => true,
            Some(Value::Object(arguments)) => {
                // Names that differ in their case only are one argument, given twice.
                let positions: HashSet<_> = arguments.keys().map(|name| operator.position(name)).collect();
                positions.len() == arguments.len() && arguments.iter().all(is_known_argument)
            }
            Some(other) => is_empty(other),
        }
}

fn is_known_operand(operand: Option<&Value>) -> bool {
    match operand {
        None | Some(Value::Null) => true,
        Some(Value::Object(members)) => {
            only(members, &["value", "isContext", "iscontext"])
                && ["isContext", "iscontext"].iter().all(|flag| is_flag(members.get(*flag)))
                && members.get("value").is_none_or(is_known)
        }
        Some(_) => false,
    }
}

fn is_flag(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.is_null() || value.is_boolean())
}

fn only(members: &Map<String, Value>, known: &[&str]) -> bool {
    members.keys().all(|name| known.contains(&name.as_str()))
}

/// Whether all items of a list are known; nothing and what is empty is.
fn each(list: Option<&Value>, is_known: impl Fn(&Value) -> bool) -> bool {
    match list {
        Some(Value::Array(items)) => items.iter().all(is_known),
        None => true,
        Some(other) => is_empty(other),
    }
}
