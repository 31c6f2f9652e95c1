//! What a JSON value says.

use serde_json::Value;

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
