//! Dates: read, written, moved. There is no clock here; now is `call.environment.now`.
//!
//! [`moment`] holds dates as they are read, [`free`] reads forms that people write.

mod between;
mod clock;
mod free;
mod layout;
mod moment;
mod native;
mod parts;
mod scripts;
mod shift;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use self::moment::Moment;
use super::{Argument, ArgumentKind, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};

pub(super) const OPERATORS: &[Operator] = &[
    TO_UNIX,
    DATE_TO_STRING,
    scripts::TIME_STAMP_TO_DATE,
    scripts::FORMATTED_DATE_TO_EPOCH,
    scripts::DATE_STRING_TO_ISO_FORMAT,
    shift::MODIFY_DATE_TIME,
    parts::TIME_COMPONENTS,
    between::BETWEEN_DATES,
    between::BETWEEN_HOURS,
    native::PARSE_DATE,
    native::FORMAT_DATE,
    native::ADD_DURATION,
];

const TO_UNIX: Operator = Operator {
    name: "toUnix",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Counts the whole seconds from the beginning of 1970 to a date; without a zone it is in UTC.",
    examples: &[
        Example { value: r#""1970-01-02T00:00:00Z""#, arguments: &[], gives: "86400" },
        Example { value: r#""01 Jan 70 01:00 CET""#, arguments: &[], gives: "0" },
        Example { value: r#""1969-12-31T23:59:59.5Z""#, arguments: &[], gives: "-1" },
        Example { value: r#""soon""#, arguments: &[], gives: "!this text is no date" },
    ],
    run: |call| {
        let instant = instant(&call.text()?).ok_or_else(|| no_date(call.value))?;
        Ok(Value::from(moment::seconds(instant)))
    },
};

const DATE_TO_STRING: Operator = Operator {
    name: "dateToString",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "format", kind: ArgumentKind::Text, default: Some("02 Jan 06 15:04 MST") }],
    null: OnNull::Stays,
    about: "Writes a date as Go's layouts do, which show how 2 January 2006, 15:04:05, would look.",
    examples: &[
        Example { value: r#""2026-03-09T08:05:00Z""#, arguments: &[], gives: r#""09 Mar 26 08:05 UTC""# },
        Example {
            value: r#""2026-03-09T18:05:00+02:00""#,
            arguments: &[("format", r#""Mon 2.1.2006 3:04PM Z07:00""#)],
            gives: r#""Mon 9.3.2026 6:05PM +02:00""#,
        },
        Example {
            value: r#""2026-03-09T08:05:00.1204Z""#,
            arguments: &[("format", r#""15:04:05.000 .999 %""#)],
            gives: r#""08:05:00.120 .12 %""#,
        },
        Example { value: r#""soon""#, arguments: &[], gives: "!this text is no date" },
    ],
    run: |call| {
        let zoned = Moment::of(call.value)?.zoned(None).ok_or_else(|| no_date(call.value))?;
        layout::write(&call.argument_or_empty("format")?, &zoned).map(Value::from)
    },
};

/// The instant that a text names, in ISO form or one of Go's layouts; UTC where it names
/// no zone.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    Moment::read(text)?.zoned(None).map(|zoned| zoned.timestamp())
}

/// A moment told from now: `in 3 days`, `an hour ago`, `yesterday`.
pub(super) fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let moved = now.to_zoned_datetime(TimeZone::UTC).checked_add(shift::span(text)?);
    moved.ok().map(|moved| moved.timestamp())
}

fn no_date(value: &Value) -> Failure {
    Failure::new(FailureKind::Cast, format!("{} is no date", cast::kind(value)))
}

fn out_of_range() -> Failure {
    Failure::new(FailureKind::Limit, "the date is out of range")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Environment, transform};
    use super::*;

    proptest! {
        #[test]
        fn no_text_panics(
            value in r"-?[0-9]{1,6}[-/. ][0-9]{1,3}[-/. ][0-9]{1,9}([T ][0-9]{1,3}:[0-9]{1,3})?( ?([+-][0-9]{1,5}|Z|UTC|pm))?|.{0,8}",
            argument in r"(in |-)?P?T?[0-9]{0,20}( ?(days?|y|months|H|D))?|%[-_0^#]?[0-9]{0,3}[:.]?[a-zA-Z%]|(Mon|Jan|[-_0-9.,:Z]){0,9}|.{0,8}",
        ) {
            for operator in OPERATORS {
                let arguments: Vec<_> = operator.arguments.iter().map(|_| Some(Value::from(argument.as_str()))).collect();
                for arguments in [arguments.as_slice(), arguments.get(..1).unwrap_or_default()] {
                    let _ = transform(operator, Some(Value::from(value.as_str())), arguments, &Value::Null, &Environment::fixed());
                }
            }
        }
    }
}
