//! Whether a date or a time of day lies between two others.

use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, cast};
use super::scripts::any_form;
use super::{no_date, relative};

/// A day for times that have none.
const ANY_DAY: &str = "1 January 2000";

pub(super) const BETWEEN_DATES: Operator = Operator {
    name: "BetweenDates",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("begin_date", ArgumentKind::Any), Argument::of("end_date", ArgumentKind::Any)],
    null: OnNull::Stays,
    about: "Whether a date lies between two others, or is one of them.",
    examples: &[
        Example::of(
            r#""2026-02-01""#,
            &[("begin_date", r#""2026-01-01""#), ("end_date", r#""1 March 2026""#)],
            "true",
        ),
        Example::of(
            r#""2025-12-01""#,
            &[("begin_date", r#""2 weeks ago""#), ("end_date", r#""in 1 day""#)],
            "false",
        ),
        Example::of(
            r#""soon""#,
            &[("begin_date", r#""2026-01-01""#), ("end_date", r#""2026-03-01""#)],
            "!no date",
        ),
    ],
    run: |call| {
        let end = |name| instant(call.given(name).unwrap_or(&Value::Null), call);
        Ok(Value::from((end("begin_date")?..=end("end_date")?).contains(&instant(call.value, call)?)))
    },
};

pub(super) const BETWEEN_HOURS: Operator = Operator {
    name: "BetweenHours",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("begin_time", ArgumentKind::Any), Argument::of("end_time", ArgumentKind::Any)],
    null: OnNull::Stays,
    about: "Whether the time of day lies between two others, which may be before and after midnight.",
    examples: &[
        Example::of(
            r#""2026-02-01T10:00:00+02:00""#,
            &[("begin_time", r#""09:30""#), ("end_time", r#""5 pm""#)],
            "true",
        ),
        Example::of(r#""12:00""#, &[("begin_time", r#""22:00""#), ("end_time", r#""06:00""#)], "false"),
        Example::of(r#""23:15""#, &[("begin_time", r#""22:00""#), ("end_time", r#""06:00""#)], "true"),
        Example::of(r#""late""#, &[("begin_time", r#""22:00""#), ("end_time", r#""06:00""#)], "!no date"),
    ],
    run: |call| {
        let end = |name| time(call.given(name).unwrap_or(&Value::Null), call);
        let (begin, end, time) = (end("begin_time")?, end("end_time")?, time(call.value, call)?);
        let is_between =
            if begin < end { begin <= time && time <= end } else { begin <= time || time <= end };
        Ok(Value::from(is_between))
    },
};

fn instant(value: &Value, call: &Call<'_>) -> Result<Timestamp, Failure> {
    let text = cast::text(value)?;
    let of_form = || any_form(&text, call)?.zoned(None).map(|zoned| zoned.timestamp());
    relative(&text, call.environment.now).or_else(of_form).ok_or_else(|| no_date(value))
}

/// The time on the clocks of the value's own zone.
fn time(value: &Value, call: &Call<'_>) -> Result<Time, Failure> {
    let text = cast::text(value)?;
    let of_day = || any_form(&format!("{ANY_DAY} {text}"), call).filter(|moment| !moment.date_only);
    any_form(&text, call).or_else(of_day).map(|moment| moment.wall.time()).ok_or_else(|| no_date(value))
}
