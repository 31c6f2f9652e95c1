//! Numbers: arithmetic and rounding.

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};

const BY: &[Argument] = &[Argument { name: "by", kind: ArgumentKind::Number, default: None }];

pub(super) const OPERATORS: &[Operator] = &[
    Operator {
        name: "addition",
        aliases: &[],
        kind: Kind::Item,
        arguments: BY,
        null: OnNull::Stays,
        about: "Adds a number.",
        examples: &[
            Example { value: r#""1.5""#, arguments: &[("by", r#""2""#)], gives: "3.5" },
            Example { value: "[1, 2]", arguments: &[("by", "-1")], gives: "[0, 1]" },
            Example { value: r#""1a""#, arguments: &[("by", "1")], gives: "!this text is no number" },
            Example { value: "1", arguments: &[], gives: "!`by` is not given" },
        ],
        run: |call| with_other(call, |a, b| Ok(a + b)),
    },
    Operator {
        name: "subtraction",
        aliases: &[],
        kind: Kind::Item,
        arguments: BY,
        null: OnNull::Stays,
        about: "Takes a number away.",
        examples: &[
            Example { value: "5", arguments: &[("by", r#""7""#)], gives: "-2" },
            Example { value: "{}", arguments: &[("by", "1")], gives: "!an object is no number" },
        ],
        run: |call| with_other(call, |a, b| Ok(a - b)),
    },
    Operator {
        name: "multiply",
        aliases: &[],
        kind: Kind::Item,
        arguments: BY,
        null: OnNull::Stays,
        about: "Multiplies with a number.",
        examples: &[
            Example { value: "2.5", arguments: &[("by", "2")], gives: "5" },
            Example { value: "1e300", arguments: &[("by", "1e300")], gives: "!the result is too large" },
        ],
        run: |call| with_other(call, |a, b| Ok(a * b)),
    },
    Operator {
        name: "division",
        aliases: &[],
        kind: Kind::Item,
        arguments: BY,
        null: OnNull::Stays,
        about: "Divides by a number.",
        examples: &[
            Example { value: "5", arguments: &[("by", "2")], gives: "2.5" },
            Example { value: "5", arguments: &[("by", r#""0""#)], gives: "!by zero" },
        ],
        run: |call| with_other(call, |a, b| divisor(b).map(|b| a / b)),
    },
    Operator {
        name: "modulo",
        aliases: &[],
        kind: Kind::Item,
        arguments: BY,
        null: OnNull::Stays,
        about: "Keeps what is left after a division; it has the sign of the value.",
        examples: &[
            Example { value: "7", arguments: &[("by", "4")], gives: "3" },
            Example { value: "-7", arguments: &[("by", "4")], gives: "-3" },
            Example { value: "7", arguments: &[("by", "0")], gives: "!by zero" },
        ],
        run: |call| with_other(call, |a, b| divisor(b).map(|b| a % b)),
    },
    Operator {
        name: "precision",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[Argument { name: "by", kind: ArgumentKind::Number, default: Some("0") }],
        null: OnNull::Stays,
        about: "Rounds to a number of digits after the point.",
        examples: &[
            Example { value: "3.14159", arguments: &[("by", r#""2""#)], gives: "3.14" },
            Example { value: "2.5", arguments: &[], gives: "3" },
            Example { value: "1e300", arguments: &[("by", "99")], gives: "1e300" },
            Example { value: "1", arguments: &[("by", "-1")], gives: "!`by` must not be negative" },
        ],
        run: precision,
    },
    Operator {
        name: "floor",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[],
        null: OnNull::Stays,
        about: "Rounds down to a whole number.",
        examples: &[
            Example { value: "4.9", arguments: &[], gives: "4" },
            Example { value: r#""-4.1""#, arguments: &[], gives: "-5" },
        ],
        run: |call| alone(call, f64::floor),
    },
    Operator {
        name: "ceil",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[],
        null: OnNull::Stays,
        about: "Rounds up to a whole number.",
        examples: &[
            Example { value: "4.1", arguments: &[], gives: "5" },
            Example { value: "-0.5", arguments: &[], gives: "0" },
        ],
        run: |call| alone(call, f64::ceil),
    },
    Operator {
        name: "round",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[],
        null: OnNull::Stays,
        about: "Rounds to the nearest whole number; a half goes away from zero.",
        examples: &[
            Example { value: "2.5", arguments: &[], gives: "3" },
            Example { value: "-2.5", arguments: &[], gives: "-3" },
            Example { value: "true", arguments: &[], gives: "!a boolean is no number" },
        ],
        run: |call| alone(call, f64::round),
    },
    Operator {
        name: "abs",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[],
        null: OnNull::Stays,
        about: "Drops the sign of a number.",
        examples: &[
            Example { value: "-3", arguments: &[], gives: "3" },
            Example { value: r#""-0.5""#, arguments: &[], gives: "0.5" },
        ],
        run: |call| alone(call, f64::abs),
    },
];

/// More digits than this are in no number.
const MOST_DIGITS: i64 = 15;

/// The result of arithmetic as JSON, which has no infinity.
pub(super) fn result(number: f64) -> Result<Value, Failure> {
    if number.is_finite() {
        return Ok(cast::json_number(number));
    }
    Err(Failure::new(FailureKind::Limit, "the result is too large for a number"))
}

fn alone(call: &Call<'_>, function: fn(f64) -> f64) -> Result<Value, Failure> {
    result(function(call.number()?))
}

fn with_other(call: &Call<'_>, function: fn(f64, f64) -> Result<f64, Failure>) -> Result<Value, Failure> {
    let missing = || Failure::new(FailureKind::Argument, "`by` is not given");
    let by = call.argument_number("by")?.ok_or_else(missing)?;
    result(function(call.number()?, by)?)
}

fn divisor(number: f64) -> Result<f64, Failure> {
    if number == 0.0 {
        return Err(Failure::new(FailureKind::Argument, "nothing can be divided by zero"));
    }
    Ok(number)
}

fn precision(call: &Call<'_>) -> Result<Value, Failure> {
    let negative = |_| Failure::new(FailureKind::Argument, "`by` must not be negative");
    let digits = call.argument_integer("by")?.unwrap_or_default().min(MOST_DIGITS);
    let digits = u32::try_from(digits).map_err(negative)?;
    let (number, scale) = (call.number()?, 10_f64.powf(f64::from(digits)));
    let scaled = number * scale;
    // A number this large has no digits after the point that could be dropped.
    result(if scaled.abs() < 9e15 { scaled.round() / scale } else { number })
}
