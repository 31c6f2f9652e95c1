//! What a JSON value says.

use serde_json::Value;

use crate::Attributes;

/// Whether a value says nothing: null, or an empty text, list or object. False and 0 say
/// something.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Of an object, the members that another one has too, at any depth.
pub fn same_members(object: &Attributes, other: &Attributes) -> Attributes {
    let same = |(name, wanted): (&String, &Value)| {
        let value = match (object.get(name)?, wanted) {
            (Value::Object(own), Value::Object(wanted)) => Value::Object(same_members(own, wanted)),
            (own, _) => own.clone(),
        };
        Some((name.clone(), value))
    };
    other.iter().filter_map(same).collect()
}
