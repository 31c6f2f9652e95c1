//! Filters: yes or no.

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, cast};

pub(super) const OPERATORS: &[Operator] = &[Operator {
    name: "isEqualString",
    aliases: &["string.isEqual"],
    kind: Kind::Filter,
    arguments: &[Argument { name: "right", kind: ArgumentKind::Any, default: None }],
    null: OnNull::Called,
    about: "Both sides are the same text.",
    examples: &[
        Example { value: "7", arguments: &[("right", r#""7""#)], gives: "true" },
        Example { value: r#"["a", "b"]"#, arguments: &[("right", r#""b""#)], gives: "true" },
        Example { value: "null", arguments: &[("right", r#""b""#)], gives: "false" },
    ],
    run: |call| Ok(Value::from(equal_texts(call)?)),
}];

/// Whether both sides are the same text; nothing equals nothing else.
fn equal_texts(call: &Call<'_>) -> Result<bool, Failure> {
    let fold = |text: String| if call.ignore_case { text.to_lowercase() } else { text };
    match (call.value, call.given("right")) {
        (Value::Null, right) => Ok(right.is_none_or(Value::is_null)),
        (_, None) => Ok(false),
        (left, Some(right)) => match (cast::text(left), cast::text(right)) {
            (Ok(left), Ok(right)) => Ok(fold(left) == fold(right)),
            _ => Ok(left == right),
        },
    }
}
