//! Writes attributes as a whole.

use serde_json::Value;

use super::{Members, Verb};
use crate::Attribute;
use crate::refusal::Refusal;
use crate::resource::accept_value;

/// Writes a whole attribute. An unassigned value takes it away.
pub(super) fn put(
    kept: &mut Members,
    verb: Verb,
    attribute: &Attribute,
    value: &Value,
) -> Result<(), Refusal> {
    if verb == Verb::Remove {
        return remove(kept, attribute, value);
    }
    let Some(value) = accept_value(attribute, value)? else {
        if verb == Verb::Replace {
            kept.shift_remove(attribute.name);
        }
        return Ok(());
    };
    match (kept.get_mut(attribute.name), value) {
        (Some(Value::Array(old)), Value::Array(new)) if verb == Verb::Add => append(old, new),
        (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
        (_, new) => {
            kept.insert(attribute.name.to_owned(), new);
        }
    }
    Ok(())
}

/// Takes an attribute away, or of a list the values that are given.
fn remove(kept: &mut Members, attribute: &Attribute, value: &Value) -> Result<(), Refusal> {
    match (kept.get_mut(attribute.name), accept_value(attribute, value)?) {
        (Some(Value::Array(old)), Some(Value::Array(gone))) => {
            old.retain(|element| !gone.iter().any(|gone| is_same(element, gone)));
            drop_if_empty(kept, attribute.name);
        }
        _ => {
            kept.shift_remove(attribute.name);
        }
    }
    Ok(())
}

/// Puts values that are not there yet at the end. One value is preferred at most.
fn append(old: &mut Vec<Value>, new: Vec<Value>) {
    for value in new {
        if is_primary(&value) {
            old.iter_mut().for_each(demote);
        }
        match old.iter_mut().find(|element| is_same(element, &value)) {
            Some(same) => *same = value,
            None => old.push(value),
        }
    }
}

/// Values are the same that have the same `value` and `type`; those without, if all is equal.
fn is_same(a: &Value, b: &Value) -> bool {
    let same_type = || a.get("type").is_none() || b.get("type").is_none() || a.get("type") == b.get("type");
    match (a.get("value"), b.get("value")) {
        (Some(x), Some(y)) => x == y && same_type(),
        _ => a == b,
    }
}

pub(super) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

pub(super) fn demote(value: &mut Value) {
    if is_primary(value) {
        value["primary"] = Value::Bool(false);
    }
}

pub(super) fn drop_if_empty(kept: &mut Members, name: &str) {
    if kept.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
        kept.shift_remove(name);
    }
}
