//! Texts: case, ends, parts, widths, and names in other alphabets.

mod names;
mod parts;
mod shape;

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};

pub(super) const OPERATORS: &[Operator] = &[
    CONCAT,
    TO_UPPER_CASE,
    TO_LOWER_CASE,
    TRIM,
    parts::SUBSTRING,
    parts::SUBSTRING_FROM,
    parts::SUBSTRING_TO,
    parts::SPLIT,
    parts::SPLIT_AND_TRIM,
    parts::CUT,
    parts::EXTRACT_INBETWEEN,
    parts::EXTRACT_EMAIL,
    shape::REPLACE,
    shape::STRIP_CHARS,
    shape::PAD_ZEROS,
    shape::PAD_LEFT,
    shape::PAD_RIGHT,
    names::ASCII,
    names::FOLD,
    names::SLUG,
    names::INITIALS,
];

/// The longest text that an operator makes.
pub(super) const LONGEST_TEXT: usize = 1 << 20;

/// Fails where a text would be longer than any attribute is.
pub(super) fn bounded(length: usize) -> Result<(), Failure> {
    if length <= LONGEST_TEXT {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Limit, format!("the text would be longer than {LONGEST_TEXT} bytes")))
}

const CONCAT: Operator = Operator {
    name: "concat",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("prefix", ArgumentKind::Text), Argument::of("suffix", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Puts a text before and one after the value; nothing is put between.",
    examples: &[
        Example::of(r#""Ann""#, &[("suffix", r#""Example""#)], r#""AnnExample""#),
        Example::of("7", &[("prefix", r#""n""#)], r#""n7""#),
        Example::of("null", &[("prefix", r#""n""#)], "null"),
        Example::of("{}", &[], "!an object is no text"),
    ],
    run: concat,
};

const TO_UPPER_CASE: Operator = Operator {
    name: "toUpperCase",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes all letters large.",
    examples: &[
        Example::of(r#""Ann, Straße 1""#, &[], r#""ANN, STRASSE 1""#),
        Example::of(r#"["a", null, "b"]"#, &[], r#"["A", "B"]"#),
        Example::of("{}", &[], "!an object is no text"),
    ],
    run: |call| Ok(Value::from(call.text()?.to_uppercase())),
};

const TO_LOWER_CASE: Operator = Operator {
    name: "toLowerCase",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes all letters small.",
    examples: &[
        Example::of(r#""Ann.EXAMPLE@Example.org""#, &[], r#""ann.example@example.org""#),
        Example::of("true", &[], r#""true""#),
        Example::of("null", &[], "null"),
    ],
    run: |call| Ok(Value::from(call.text()?.to_lowercase())),
};

const TRIM: Operator = Operator {
    name: "trim",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes white space off both ends.",
    examples: &[
        Example::of(r#""  Ann Example\t""#, &[], r#""Ann Example""#),
        Example::of(r#""   ""#, &[], r#""""#),
        Example::of("7", &[], r#""7""#),
    ],
    run: |call| Ok(Value::from(call.text()?.trim())),
};

fn concat(call: &Call<'_>) -> Result<Value, Failure> {
    let (prefix, suffix) = (call.argument_or_empty("prefix")?, call.argument_or_empty("suffix")?);
    Ok(Value::from(prefix + &call.text()? + &suffix))
}
