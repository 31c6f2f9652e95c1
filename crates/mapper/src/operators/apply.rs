//! Calling an operator: on one value, on each item of a list, or on a whole list.

use serde_json::Value;

use super::{Call, Environment, Failure, Kind, OnNull, Operator};

/// Operators whose list results are spliced into the list that they are applied to.
const SPLICED: [&str; 3] = ["split", "splitAndTrim", "RegexExtractAll"];

/// The value after a transformer.
pub(crate) fn transform(
    operator: &Operator,
    value: Option<Value>,
    arguments: &[Option<Value>],
    document: &Value,
    environment: &Environment,
) -> Result<Option<Value>, Failure> {
    let call = |value: &Value| {
        let call = Call { operator, value, arguments, document, ignore_case: false, environment };
        (operator.run)(&call).map(some)
    };
    match (operator.kind, value) {
        (_, None) if operator.null == OnNull::Stays => Ok(None),
        (Kind::List, None) => call(&Value::Array(Vec::new())),
        (_, None) => call(&Value::Null),
        (Kind::Item, Some(Value::Array(items))) => {
            let mut results = Vec::with_capacity(items.len());
            for item in items.iter().filter(|item| !item.is_null()) {
                match call(item)? {
                    Some(Value::Array(inner)) if SPLICED.contains(&operator.name) => results.extend(inner),
                    Some(result) => results.push(result),
                    None => {}
                }
            }
            Ok(Some(Value::Array(results)))
        }
        (Kind::List, Some(value)) if !value.is_array() => call(&Value::Array(vec![value])),
        (_, Some(value)) => call(&value),
    }
}

/// Whether a value passes a filter.
pub(crate) fn passes(
    operator: &Operator,
    left: Option<&Value>,
    arguments: &[Option<Value>],
    ignore_case: bool,
    environment: &Environment,
) -> Result<bool, Failure> {
    let call = |value: &Value| {
        let call = Call { operator, value, arguments, document: &Value::Null, ignore_case, environment };
        (operator.run)(&call).map(|answer| answer == Value::Bool(true))
    };
    match (operator.kind, left) {
        (Kind::Filter, Some(Value::Array(items))) => {
            for item in items {
                if call(item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (_, left) => call(left.unwrap_or(&Value::Null)),
    }
}

fn some(value: Value) -> Option<Value> {
    (!value.is_null()).then_some(value)
}
