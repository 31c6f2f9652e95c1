//! The parts of a date.

use jiff::ZonedDateTime;
use jiff::tz::Offset;
use serde_json::{Map, Value};

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast,
};
use super::moment::{Moment, seconds, zone};
use super::scripts::{any_form, timestamp};
use super::{no_date, out_of_range};

pub(super) const TIME_COMPONENTS: Operator = Operator {
    name: "TimeComponents",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument { name: "time_zone", kind: ArgumentKind::Text, default: None },
        Argument { name: "key", kind: ArgumentKind::Text, default: None },
    ],
    null: OnNull::Called,
    about: "Takes a date apart, on the clocks of a time zone if one is given; nothing stands for this moment.",
    examples: &[
        Example {
            value: r#""2026-03-09T23:05:00Z""#,
            arguments: &[("time_zone", r#""+02:00""#), ("key", r#""day_of_week_3_letter""#)],
            gives: r#""Tue""#,
        },
        Example {
            value: r#""2026-03-09""#,
            arguments: &[("time_zone", r#""Asia/Kolkata""#), ("key", r#""minute_of_day""#)],
            gives: "330",
        },
        Example { value: "null", arguments: &[("key", r#""yyyy-mm-dd""#)], gives: r#""2026-01-01""# },
        Example {
            value: "86400",
            arguments: &[("key", r#""iso_8601""#)],
            gives: r#""1970-01-02T00:00:00+00:00""#,
        },
        Example {
            value: r#""2026-03-09""#,
            arguments: &[("key", r#""era""#)],
            gives: "!there is no part `era`",
        },
    ],
    run: time_components,
};

/// Parts that are texts, by their formats.
const TEXTS: [(&str, &str); 20] = [
    ("year_4_digit", "%Y"),
    ("month_3_letter", "%b"),
    ("month_full_name", "%B"),
    ("month_2_digit", "%m"),
    ("day_2_digit", "%d"),
    ("day_of_week_3_letter", "%a"),
    ("day_of_week_full_name", "%A"),
    ("day_of_year_3_digit", "%j"),
    ("hour_2_digit_24_clock", "%H"),
    ("hour_2_digit_12_clock", "%I"),
    ("minute_2_digit", "%M"),
    ("second_2_digit", "%S"),
    ("period_12_clock", "%p"),
    ("time_zone_hhmm", "%z"),
    ("y-m-d", "%-Y-%-m-%-d"),
    ("yyyy-mm-dd", "%Y-%m-%d"),
    ("h:m:s", "%-H:%-M:%-S"),
    ("H:m:s", "%-I:%-M:%-S"),
    ("hh:mm:ss", "%I:%M:%S"),
    ("HH:mm:ss", "%H:%M:%S"),
];

/// Numbers from here on are milliseconds.
const FIRST_MILLISECONDS: f64 = 4_294_967_296.0;

fn time_components(call: &Call<'_>) -> Result<Value, Failure> {
    let mut own = moment(call)?;
    own.offset.get_or_insert(Offset::UTC);
    let zone = match call.argument_or_empty("time_zone")?.as_str() {
        "" => None,
        written => Some(zone(written)?),
    };
    let mut parts = parts(&own.zoned(zone.as_ref()).ok_or_else(out_of_range)?);
    match call.argument_or_empty("key")?.as_str() {
        "" => Ok(Value::Object(parts)),
        key => parts.swap_remove(key).ok_or_else(|| {
            Failure::new(FailureKind::Argument, format!("there is no part `{key}` of a date"))
        }),
    }
}

/// The moment of a date, a timestamp or, where there is nothing, of now.
fn moment(call: &Call<'_>) -> Result<Moment, Failure> {
    if provost_core::is_empty(call.value) {
        return Ok(Moment::utc(call.environment.now));
    }
    match cast::number(call.value) {
        Ok(number) => timestamp(number, FIRST_MILLISECONDS).map(Moment::utc),
        Err(_) => any_form(&call.text()?, call).ok_or_else(|| no_date(call.value)),
    }
}

fn parts(date: &ZonedDateTime) -> Map<String, Value> {
    let text = |format: &str| date.strftime(format).to_string();
    let texts = TEXTS.iter().map(|(name, format)| (*name, Value::from(text(format))));
    numbers(date)
        .into_iter()
        .chain(texts)
        .chain([("iso_8601", Value::from(Moment::from(date).iso()))])
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn numbers(date: &ZonedDateTime) -> [(&'static str, Value); 15] {
    let (hour, minute, second) = (date.hour(), date.minute(), date.second());
    let seconds_of_day = i32::from(hour) * 3_600 + i32::from(minute) * 60 + i32::from(second);
    let in_units_of = |unit: i32| cast::json_number(f64::from(seconds_of_day) / f64::from(unit));
    let of_zone = f64::from(date.offset().seconds()) / 60.0;
    [
        ("year", date.year().into()),
        ("month", date.month().into()),
        ("day", date.day().into()),
        ("day_of_week", date.weekday().to_sunday_zero_offset().into()),
        ("day_of_year", date.day_of_year().into()),
        ("hour", hour.into()),
        ("hour_12_clock", ((hour + 11) % 12 + 1).into()),
        ("hour_of_day", in_units_of(3_600)),
        ("minute", minute.into()),
        ("minute_of_day", in_units_of(60)),
        ("second", second.into()),
        ("second_of_day", seconds_of_day.into()),
        ("millisecond", date.millisecond().into()),
        ("time_zone_offset", cast::json_number(of_zone)),
        ("unix_epoch_time", seconds(date.timestamp()).into()),
    ]
}
