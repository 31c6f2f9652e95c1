//! DT as a transformer.

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use crate::Dt;

pub(super) const OPERATORS: &[Operator] = &[Operator {
    name: "DT",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "dt", kind: ArgumentKind::Raw, default: None }],
    null: OnNull::Stays,
    about: "Takes or makes a value of the value, in XSOAR's language DT; `.=` is JavaScript over `val`.",
    examples: EXAMPLES,
    run: dt,
}];

#[cfg(not(feature = "dt-js"))]
const EXAMPLES: &[Example] =
    &[Example { value: r#"{"n": "Lo"}"#, arguments: &[("dt", r#""n""#)], gives: r#""Lo""# }];

#[cfg(feature = "dt-js")]
const EXAMPLES: &[Example] = &[
    Example { value: r#"{"n": "Lo"}"#, arguments: &[("dt", r#""n""#)], gives: r#""Lo""# },
    Example { value: r#""Lo""#, arguments: &[("dt", r#"".=val.toUpperCase()""#)], gives: r#""LO""# },
    Example { value: "[1, 2]", arguments: &[("dt", r#"".={n: val}""#)], gives: r#"[{"n": 1}, {"n": 2}]"# },
    Example {
        value: r#""Lo""#,
        arguments: &[("dt", r#"".=val.nope()""#)],
        gives: "!TypeError: not a function",
    },
];

fn dt(call: &Call<'_>) -> Result<Value, Failure> {
    let text = call.required("dt")?;
    let dt = Dt::parse(&text).map_err(|error| Failure::new(FailureKind::Argument, error.to_string()))?;
    dt.resolve(call.value, call.environment).map(Option::unwrap_or_default)
}
