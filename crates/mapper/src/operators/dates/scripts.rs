//! Dates to other forms, as scripts do it.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use super::free::{self, Order};
use super::moment::{Moment, seconds};
use super::{no_date, out_of_range};

pub(super) const TIME_STAMP_TO_DATE: Operator = Operator {
    name: "TimeStampToDate",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes the date of a timestamp in seconds, or in milliseconds from ten billion on.",
    examples: &[
        Example { value: "0", arguments: &[], gives: r#""1970-01-01T00:00:00.000Z""# },
        Example { value: r#""1767225600123""#, arguments: &[], gives: r#""2026-01-01T00:00:00.123Z""# },
        Example { value: "-1.9", arguments: &[], gives: r#""1969-12-31T23:59:59.000Z""# },
        Example { value: "1e300", arguments: &[], gives: "!the date is out of range" },
    ],
    run: time_stamp_to_date,
};

pub(super) const FORMATTED_DATE_TO_EPOCH: Operator = Operator {
    name: "FormattedDateToEpoch",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "formatter", kind: ArgumentKind::Text, default: None }],
    null: OnNull::Stays,
    about: "Counts the seconds from 1970 to a date of a `strptime` format, or of any form; UTC without a zone.",
    examples: &[
        Example {
            value: r#""02.01.1970 01:00""#,
            arguments: &[("formatter", r#""%d.%m.%Y %H:%M""#)],
            gives: "90000",
        },
        Example {
            value: r#""02.01.70 EST""#,
            arguments: &[("formatter", r#""%d.%m.%y %Z""#)],
            gives: "104400",
        },
        Example { value: r#""January 2, 1970""#, arguments: &[], gives: "86400" },
        Example {
            value: r#""1970-01-01""#,
            arguments: &[("formatter", r#""%d.%m.%Y""#)],
            gives: "!no date of the form `%d.%m.%Y`",
        },
    ],
    run: formatted_date_to_epoch,
};

pub(super) const DATE_STRING_TO_ISO_FORMAT: Operator = Operator {
    name: "DateStringToISOFormat",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument { name: "dayfirst", kind: ArgumentKind::Boolean, default: Some("true") },
        Argument { name: "yearfirst", kind: ArgumentKind::Boolean, default: Some("false") },
        Argument { name: "fuzzy", kind: ArgumentKind::Boolean, default: Some("true") },
        Argument { name: "add_utc_timezone", kind: ArgumentKind::Boolean, default: Some("false") },
    ],
    null: OnNull::Stays,
    about: "Writes a date of any form as ISO does, by default the day before the month even after a year; \
            what is no date stays.",
    examples: &[
        Example { value: r#""3 March 2026, 8:05 pm""#, arguments: &[], gives: r#""2026-03-03T20:05:00""# },
        Example { value: r#""2026-03-09""#, arguments: &[], gives: r#""2026-09-03T00:00:00""# },
        Example {
            value: r#""03/09/2026""#,
            arguments: &[("dayfirst", r#""false""#), ("add_utc_timezone", r#""true""#)],
            gives: r#""2026-03-09T00:00:00+00:00""#,
        },
        Example { value: r#""at once""#, arguments: &[], gives: r#""at once""# },
    ],
    run: date_string_to_iso_format,
};

fn time_stamp_to_date(call: &Call<'_>) -> Result<Value, Failure> {
    let timestamp = timestamp(call.number()?, 1e10)?;
    Ok(Value::from(timestamp.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}

/// The instant of a number of seconds, or of milliseconds where it is not below `limit`.
pub(super) fn timestamp(number: f64, limit: f64) -> Result<Timestamp, Failure> {
    if number.abs() > 1e15 {
        return Err(out_of_range());
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small")]
    let whole = number.trunc() as i64;
    let found =
        if number < limit { Timestamp::from_second(whole) } else { Timestamp::from_millisecond(whole) };
    found.map_err(|_| out_of_range())
}

fn formatted_date_to_epoch(call: &Call<'_>) -> Result<Value, Failure> {
    let text = call.text()?;
    let moment = match call.argument_or_empty("formatter")?.as_str() {
        "" => any_form(&text, call).ok_or_else(|| no_date(call.value))?,
        format => of_format(&text, format)?,
    };
    let zoned = moment.zoned(None).ok_or_else(out_of_range)?;
    Ok(Value::from(seconds(zoned.timestamp())))
}

/// A date in ISO form, in one of Go's layouts, or as people write it in English.
pub(super) fn any_form(text: &str, call: &Call<'_>) -> Option<Moment> {
    let today = call.environment.now.to_zoned_datetime(TimeZone::UTC).date();
    Moment::read(text).or_else(|| free::read(text, Order::MONTH_FIRST, today))
}

/// A date of a `strptime` format.
pub(super) fn of_format(text: &str, format: &str) -> Result<Moment, Failure> {
    let message = || format!("this text is no date of the form `{format}`");
    Moment::read_format(text, format).ok_or_else(|| Failure::new(FailureKind::Cast, message()))
}

fn date_string_to_iso_format(call: &Call<'_>) -> Result<Value, Failure> {
    let order = Order {
        day_first: call.argument_flag("dayfirst")?,
        year_first: call.argument_flag("yearfirst")?,
        fuzzy: call.argument_flag("fuzzy")?,
    };
    let text = call.text()?;
    let today = call.environment.now.to_zoned_datetime(TimeZone::UTC).date();
    let Some(mut moment) = free::read(&text, order, today).or_else(|| Moment::read(&text)) else {
        return Ok(call.value.clone());
    };
    if call.argument_flag("add_utc_timezone")? {
        moment.offset.get_or_insert(Offset::UTC);
    }
    Ok(Value::from(moment.iso()))
}
