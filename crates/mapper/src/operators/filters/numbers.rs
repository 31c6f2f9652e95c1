//! Filters that compare numbers. What is missing, or an empty text, passes none of them.

use std::cmp::Ordering;

use serde_json::Value;

use super::{FILTER, Passes, WHOLE, answer, none};
use crate::operators::{Call, Failure, Operator, cast};

pub(super) const TABLE: &[Operator] = &[
    Operator {
        name: "isEqualNumber",
        aliases: &["number.isEqual"],
        about: "Both sides are the same number.",
        examples: examples![
            r#""7""#, r#""7.0""# => "true";
            "[1, 7]", "7" => "true";
            r#""seven""#, "7" => "!no number";
            "null", "0" => "false";
        ],
        run: |call| answer(equal(call)),
        ..FILTER
    },
    Operator {
        name: "isNotEqualNumber",
        aliases: &["number.isNotEqual"],
        about: "The sides are different numbers; a list holds none that is the same.",
        examples: examples![
            "7", r#""8""# => "true";
            "[1, 7]", "7" => "false";
            "null", "0" => "true";
        ],
        run: |call| none(call, equal),
        ..WHOLE
    },
    Operator {
        name: "greaterThan",
        about: "The left number is greater than the right one.",
        examples: examples![
            r#""10""#, r#""9""# => "true";
            "9", "9" => "false";
            r#""""#, "9" => "false";
        ],
        run: |call| answer(compare(call, Ordering::is_gt)),
        ..FILTER
    },
    Operator {
        name: "greaterThanOrEqual",
        about: "The left number is the right one or greater.",
        examples: examples![
            "9", r#""9""# => "true";
            "8.5", "9" => "false";
        ],
        run: |call| answer(compare(call, Ordering::is_ge)),
        ..FILTER
    },
    Operator {
        name: "lessThan",
        about: "The left number is less than the right one.",
        examples: examples![
            "-3", r#""0""# => "true";
            "9", "9" => "false";
            "9", r#""""# => "false";
        ],
        run: |call| answer(compare(call, Ordering::is_lt)),
        ..FILTER
    },
    Operator {
        name: "lessThanOrEqual",
        about: "The left number is the right one or less.",
        examples: examples![
            "9", "9" => "true";
            "[12, 10]", r#""9.5""# => "false";
        ],
        run: |call| answer(compare(call, Ordering::is_le)),
        ..FILTER
    },
];

fn equal(call: &Call<'_>) -> Passes {
    compare(call, Ordering::is_eq)
}

fn compare(call: &Call<'_>, test: fn(Ordering) -> bool) -> Passes {
    let (left, right) = (left(call)?, call.argument_number("right")?);
    let order = left.zip(right).and_then(|(left, right)| left.partial_cmp(&right));
    Ok(order.is_some_and(test))
}

fn left(call: &Call<'_>) -> Result<Option<f64>, Failure> {
    match call.value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => cast::number(value).map(Some),
    }
}
