//! Texts: case, ends, parts.

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator};

pub(super) const OPERATORS: &[Operator] = &[Operator {
    name: "concat",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument { name: "prefix", kind: ArgumentKind::Text, default: None },
        Argument { name: "suffix", kind: ArgumentKind::Text, default: None },
    ],
    null: OnNull::Stays,
    about: "Puts a text before and one after the value; nothing is put between.",
    examples: &[
        Example { value: r#""Ann""#, arguments: &[("suffix", r#""Example""#)], gives: r#""AnnExample""# },
        Example { value: "7", arguments: &[("prefix", r#""n""#)], gives: r#""n7""# },
        Example { value: "null", arguments: &[("prefix", r#""n""#)], gives: "null" },
        Example { value: "{}", arguments: &[], gives: "!an object is no text" },
    ],
    run: concat,
}];

fn concat(call: &Call<'_>) -> Result<Value, Failure> {
    let (prefix, suffix) = (call.argument_or_empty("prefix")?, call.argument_or_empty("suffix")?);
    Ok(Value::from(prefix + &call.text()? + &suffix))
}
