//! Values as the type that is wanted.

use serde_json::{Number, Value};

use super::{Failure, FailureKind};

/// Text as it is, numbers and booleans as JSON writes them.
pub(crate) fn text(value: &Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number_text(number)),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(Failure::new(FailureKind::Cast, format!("{} is no text", kind(other)))),
    }
}

/// A number, or a text that is one from its first to its last character.
pub(crate) fn number(value: &Value) -> Result<f64, Failure> {
    let found = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
        _ => None,
    };
    found.ok_or_else(|| Failure::new(FailureKind::Cast, format!("{} is no number", kind(value))))
}

/// A boolean, or the words for it in any case.
pub(crate) fn boolean(value: &Value) -> Result<bool, Failure> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        other => Err(Failure::new(FailureKind::Cast, format!("{} is neither true nor false", kind(other)))),
    }
}

/// A number as JSON: whole ones without a fraction.
pub(crate) fn json_number(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if !number.is_i64() && !number.is_u64() => json_number(float).to_string(),
        _ => number.to_string(),
    }
}

/// A value in a message: its kind, never its content, which could be a secret.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "this text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
