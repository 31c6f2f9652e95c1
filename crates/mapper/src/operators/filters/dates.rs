//! Filters that compare moments. What is missing, or an empty text, passes none of them.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use super::{FILTER, Passes, answer, right};
use crate::operators::dates::relative;
use crate::operators::{Call, Failure, FailureKind, Operator, cast, instant};

pub(super) const TABLE: &[Operator] = &[
    Operator {
        name: "isAfter",
        about: "The left moment is after the right one.",
        examples: examples![
            r#""2026-02-01""#, r#""2026-01-31T23:59:59Z""# => "true";
            r#""2026-02-01T00:00:00+01:00""#, r#""2026-02-01""# => "false";
            r#""soon""#, r#""2026-02-01""# => "!no date";
        ],
        run: |call| answer(compare(call, instant, Ordering::is_gt)),
        ..FILTER
    },
    Operator {
        name: "isBefore",
        about: "The left moment is before the right one.",
        examples: examples![
            r#"["2026-03-01", "2025-03-01"]"#, r#""2026-01-01""# => "true";
            r#""""#, r#""2026-01-01""# => "false";
        ],
        run: |call| answer(compare(call, instant, Ordering::is_lt)),
        ..FILTER
    },
    Operator {
        name: "isSame",
        about: "Both sides are the same moment.",
        examples: examples![
            r#""2026-02-01T01:00:00+01:00""#, r#""2026-02-01T00:00:00Z""# => "true";
            r#""2026-02-01""#, r#""2026-02-02""# => "false";
        ],
        run: |call| answer(compare(call, instant, Ordering::is_eq)),
        ..FILTER
    },
    Operator {
        name: "AfterRelativeDate",
        about: "The left moment is after one such as `6 months ago` or `in 3 days`.",
        examples: examples![
            r#""2025-12-31""#, r#""2 days ago""# => "true";
            r#""2026-01-02""#, r#""in 1 week""# => "false";
            r#""2025-12-31""#, r#""once upon a time""# => "!no date";
        ],
        run: |call| {
            let now = call.environment.now;
            answer(compare(call, |text| relative(text, now).or_else(|| instant(text)), Ordering::is_gt))
        },
        ..FILTER
    },
    Operator {
        name: "BeforeRelativeDate",
        about: "The left moment is before one such as `6 months ago` or `in 3 days`.",
        examples: examples![
            r#""2025-06-30""#, r#""6 months ago""# => "true";
            r#""2025-12-31""#, r#""1 month""# => "false";
            r#""2026-01-01T11:00:00""#, r#""in 1 day and 2 hours""# => "true";
        ],
        run: |call| {
            let now = call.environment.now;
            answer(compare(call, |text| relative(text, now).or_else(|| instant(text)), Ordering::is_lt))
        },
        ..FILTER
    },
];

/// Compares the left moment to the right one, which `read` understands.
fn compare(call: &Call<'_>, read: impl Fn(&str) -> Option<Timestamp>, test: fn(Ordering) -> bool) -> Passes {
    let (left, right) = (moment(call.value, instant)?, moment(right(call), read)?);
    Ok(left.zip(right).is_some_and(|(left, right)| test(left.cmp(&right))))
}

fn moment(value: &Value, read: impl Fn(&str) -> Option<Timestamp>) -> Result<Option<Timestamp>, Failure> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => {
            let no_date = || Failure::new(FailureKind::Cast, format!("{} is no date", cast::kind(value)));
            read(&cast::text(value)?).map(Some).ok_or_else(no_date)
        }
    }
}
