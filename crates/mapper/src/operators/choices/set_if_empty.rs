//! `SetIfEmpty`: a value in place of nothing.

use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator};
use super::argument;

pub(super) const OPERATOR: Operator = Operator {
    name: "SetIfEmpty",
    aliases: &[],
    kind: Kind::Whole,
    arguments: &[
        argument("defaultValue", ArgumentKind::Any),
        Argument { name: "applyIfEmpty", kind: ArgumentKind::Boolean, default: Some("true") },
    ],
    null: OnNull::Called,
    about: "Gives a default for nothing and, unless told otherwise, for what is empty.",
    examples: &[
        Example { value: "null", arguments: &[("defaultValue", r#""x""#)], gives: r#""x""# },
        Example { value: r#"["None"]"#, arguments: &[("defaultValue", r#"["x"]"#)], gives: r#"["x"]"# },
        Example {
            value: r#""""#,
            arguments: &[("defaultValue", r#""x""#), ("applyIfEmpty", r#""false""#)],
            gives: r#""""#,
        },
        Example { value: r#"["x"]"#, arguments: &[("defaultValue", r#""y""#)], gives: r#"["x"]"# },
        Example { value: r#"["", "b"]"#, arguments: &[("defaultValue", r#""x""#)], gives: r#"["", "b"]"# },
    ],
    run: set_if_empty,
};

fn set_if_empty(call: &Call<'_>) -> Result<Value, Failure> {
    let value = call.value;
    let replaced = value.is_null() || (call.argument_flag("applyIfEmpty")? && is_empty(value));
    Ok(if replaced { call.given("defaultValue").cloned().unwrap_or_default() } else { value.clone() })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => match items.as_slice() {
            [] => true,
            [single] => !single.is_array() && is_empty(single),
            _ => false,
        },
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        Value::String(text) => ["", "none", "null"].iter().any(|word| text.eq_ignore_ascii_case(word)),
        _ => false,
    }
}
