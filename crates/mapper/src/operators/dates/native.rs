//! Dates in native mappers: with formats, durations and time zones.

use jiff::Span;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use super::moment::{self, Moment};
use super::out_of_range;
use super::scripts::of_format;

const TIME_ZONE: Argument = Argument { name: "timezone", kind: ArgumentKind::Text, default: None };

pub(super) const PARSE_DATE: Operator = Operator {
    name: "parseDate",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "format", kind: ArgumentKind::Text, default: None }, TIME_ZONE],
    null: OnNull::Stays,
    about: "Reads a date of a `strptime` format, in a time zone if one is given, and writes it as ISO does.",
    examples: &[
        Example {
            value: r#""31.12.2026""#,
            arguments: &[("format", r#""%d.%m.%Y""#)],
            gives: r#""2026-12-31""#,
        },
        Example {
            value: r#""12/31/26 8:05 pm""#,
            arguments: &[("format", r#""%m/%d/%y %I:%M %p""#), ("timezone", r#""Europe/Oslo""#)],
            gives: r#""2026-12-31T20:05:00+01:00""#,
        },
        Example {
            value: r#""2026-07-01T00:00:00Z""#,
            arguments: &[("timezone", r#""America/New_York""#)],
            gives: r#""2026-06-30T20:00:00-04:00""#,
        },
        Example { value: r#""31.12.2026""#, arguments: &[], gives: "!this text is no date" },
    ],
    run: parse_date,
};

pub(super) const FORMAT_DATE: Operator = Operator {
    name: "formatDate",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "format", kind: ArgumentKind::Text, default: Some("%Y-%m-%d") }, TIME_ZONE],
    null: OnNull::Stays,
    about: "Writes an ISO date in a `strftime` format, on the clocks of a time zone if one is given.",
    examples: &[
        Example {
            value: r#""2026-12-31T23:30:00Z""#,
            arguments: &[("format", r#""%d.%m.%Y %H:%M""#), ("timezone", r#""Europe/Oslo""#)],
            gives: r#""01.01.2027 00:30""#,
        },
        Example {
            value: r#""2026-12-31""#,
            arguments: &[("timezone", r#""America/New_York""#)],
            gives: r#""2026-12-31""#,
        },
        Example {
            value: r#""2026-12-31""#,
            arguments: &[("format", r#""%!""#)],
            gives: "!`%!` is no format",
        },
        Example {
            value: r#""2026-12-31""#,
            arguments: &[("timezone", r#""Mars/Base""#)],
            gives: "!there is no time zone `Mars/Base`",
        },
    ],
    run: format_date,
};

pub(super) const ADD_DURATION: Operator = Operator {
    name: "addDuration",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "duration", kind: ArgumentKind::Text, default: None }, TIME_ZONE],
    null: OnNull::Stays,
    about: "Moves an ISO date by a duration such as `P1M`, `2 weeks` or `-3 days`; a date alone stays one.",
    examples: &[
        Example {
            value: r#""2026-01-31""#,
            arguments: &[("duration", r#""P1M""#)],
            gives: r#""2026-02-28""#,
        },
        Example {
            value: r#""2026-03-28T12:00:00+01:00""#,
            arguments: &[("duration", r#""1 day""#), ("timezone", r#""Europe/Oslo""#)],
            gives: r#""2026-03-29T12:00:00+02:00""#,
        },
        Example {
            value: r#""2026-03-09T08:05:00Z""#,
            arguments: &[("duration", r#""-90 minutes""#)],
            gives: r#""2026-03-09T06:35:00Z""#,
        },
        Example {
            value: r#""2026-01-31""#,
            arguments: &[("duration", r#""19000 years""#)],
            gives: "!the date is out of range",
        },
    ],
    run: add_duration,
};

fn parse_date(call: &Call<'_>) -> Result<Value, Failure> {
    let moment = match call.argument_or_empty("format")?.as_str() {
        "" => Moment::of(call.value)?,
        format => of_format(&call.text()?, format)?,
    };
    let moment = match time_zone(call)? {
        None => moment,
        Some(zone) => Moment::from(&moment.zoned(Some(&zone)).ok_or_else(out_of_range)?),
    };
    Ok(Value::from(moment.native()))
}

fn format_date(call: &Call<'_>) -> Result<Value, Failure> {
    let zone = time_zone(call)?;
    let zoned = Moment::of(call.value)?.zoned(zone.as_ref()).ok_or_else(out_of_range)?;
    let format = call.argument_or_empty("format")?;
    let no_format = |_| Failure::new(FailureKind::Argument, format!("`{format}` is no format of dates"));
    strtime::format(&format, &zoned).map(Value::from).map_err(no_format)
}

fn add_duration(call: &Call<'_>) -> Result<Value, Failure> {
    let written = call.required("duration")?;
    let no_duration = |_| Failure::new(FailureKind::Argument, format!("`{written}` is no duration"));
    let span: Span = written.trim().parse().map_err(no_duration)?;
    let moment = Moment::of(call.value)?;
    let moved = match time_zone(call)? {
        None => moment.after(span),
        Some(zone) => moment
            .zoned(Some(&zone))
            .and_then(|zoned| zoned.checked_add(span).ok())
            .map(|zoned| Moment::from(&zoned)),
    };
    moved.map(|moment| Value::from(moment.native())).ok_or_else(out_of_range)
}

fn time_zone(call: &Call<'_>) -> Result<Option<TimeZone>, Failure> {
    let written = call.argument_or_empty("timezone")?;
    (!written.is_empty()).then(|| moment::zone(&written)).transpose()
}
