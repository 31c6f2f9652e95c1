//! A date as it is written: with or without a time, with or without a zone.

use std::fmt::Write;
use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp, ZonedDateTime};
use serde_json::Value;

use super::super::{Failure, FailureKind, cast};
use super::no_date;

/// What a text says about when something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) wall: DateTime,
    pub(super) offset: Option<Offset>,
    pub(super) date_only: bool,
}

/// The forms of Go's layouts; a zone may be a name or an offset.
const LAYOUTS: [&str; 5] = [
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %H:%M:%S %Z %Y",
    "%d %b %y %H:%M %Z",
    "%A, %d-%b-%y %H:%M:%S %Z",
    "%a, %d %b %Y %H:%M:%S %Z",
];

/// Zone names that are not ambiguous in mail and logs, in hours east of Greenwich.
const ZONE_NAMES: [(&str, i8); 18] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// The zones of the world, from this program and not from the machine it runs on.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Moment {
    /// Reads a value that must be a date.
    pub(super) fn of(value: &Value) -> Result<Self, Failure> {
        Self::read(&cast::text(value)?).ok_or_else(|| no_date(value))
    }

    /// Reads an ISO date, with or without time and zone, or one of Go's layouts.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::read_iso(text).or_else(|| LAYOUTS.iter().find_map(|layout| Self::read_format(text, layout)))
    }

    fn read_iso(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text).ok()?;
        let wall = DateTime::from_parts(pieces.date(), pieces.time().unwrap_or_default());
        let in_zone = || {
            let zone = pieces.to_time_zone_with(&ZONES).ok()??;
            wall.to_zoned_datetime(zone).ok().map(|zoned| zoned.offset())
        };
        let offset = pieces.to_numeric_offset().or_else(in_zone);
        Some(Self { wall, offset, date_only: pieces.time().is_none() })
    }

    /// Reads a date of a `strptime` format. The day of the week is not checked; a day and a
    /// month that the format lacks are the first.
    pub(super) fn read_format(text: &str, format: &str) -> Option<Self> {
        let mut read = if format.contains("%Z") {
            BrokenDownTime::parse(format.replace("%Z", "%z"), with_offsets(text)).ok()?
        } else {
            BrokenDownTime::parse(format, text).ok()?
        };
        if let Some(timestamp) = read.timestamp() {
            return Some(Self::utc(timestamp));
        }
        if read.day_of_year().is_none() && read.year().is_some() {
            read.set_month(read.month().or(Some(1))).ok()?;
            read.set_day(read.day().or(Some(1))).ok()?;
            read.set_weekday(None);
        }
        Some(Self { wall: read.to_datetime().ok()?, offset: read.offset(), date_only: read.hour().is_none() })
    }

    /// A timestamp in UTC.
    pub(super) fn utc(timestamp: Timestamp) -> Self {
        Self::from(&timestamp.to_zoned_datetime(TimeZone::UTC))
    }

    /// The moment on the clocks of a zone. Where it has no zone itself, it is read in that
    /// one; without any it is in UTC.
    pub(super) fn zoned(&self, zone: Option<&TimeZone>) -> Option<ZonedDateTime> {
        match (self.offset, zone) {
            (None, zone) => self.wall.to_zoned_datetime(zone.cloned().unwrap_or(TimeZone::UTC)).ok(),
            (Some(own), None) => self.wall.to_zoned_datetime(zone_of(own)).ok(),
            (Some(own), Some(zone)) => {
                Some(own.to_timestamp(self.wall).ok()?.to_zoned_datetime(zone.clone()))
            }
        }
    }

    /// The moment after a span on the clocks where it was written.
    pub(super) fn after(self, span: Span) -> Option<Self> {
        let wall = self.wall.checked_add(span).ok()?;
        let date_only = self.date_only && wall.time() == jiff::civil::Time::midnight();
        Some(Self { wall, date_only, ..self })
    }

    /// Date and time as `2026-03-09T08:05:00`, and the zone as `+02:00` where there is one.
    pub(super) fn iso(&self) -> String {
        let mut text = self.wall.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        match self.wall.subsec_nanosecond() / 1_000 {
            0 => {}
            micros => drop(write!(text, ".{micros:06}")),
        }
        text + &self.offset.map(offset_text).unwrap_or_default()
    }

    /// The same for native mappers: a date alone where it was one, `Z` for UTC.
    pub(super) fn native(&self) -> String {
        match self.offset {
            None if self.date_only => self.wall.date().to_string(),
            Some(Offset::UTC) => Self { offset: None, ..*self }.iso() + "Z",
            _ => self.iso(),
        }
    }
}

impl From<&ZonedDateTime> for Moment {
    fn from(zoned: &ZonedDateTime) -> Self {
        Self { wall: zoned.datetime(), offset: Some(zoned.offset()), date_only: false }
    }
}

/// A time zone of an argument: a name such as `Europe/Oslo`, or an offset such as `+02:00`.
pub(super) fn zone(text: &str) -> Result<TimeZone, Failure> {
    let text = text.trim();
    let named = || zone_name(text).or_else(|| offset(text)).map(zone_of);
    let unknown = || Failure::new(FailureKind::Argument, format!("there is no time zone `{text}`"));
    named().or_else(|| ZONES.get(text).ok()).ok_or_else(unknown)
}

/// An offset such as `+2`, `-0530`, `UTC+5:30`.
fn offset(text: &str) -> Option<Offset> {
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let (east, digits) = match text.strip_prefix('-') {
        Some(west) => (-1, west),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let part = |text: &str, most: i32| {
        let number = text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse::<i32>().ok())??;
        (number <= most).then_some(number)
    };
    Offset::from_seconds(east * (part(hours, 25)? * 3_600 + part(minutes, 59)? * 60)).ok()
}

/// The offset of a zone's short name, in capitals.
pub(super) fn zone_name(word: &str) -> Option<Offset> {
    let hours = ZONE_NAMES.iter().find(|(name, _)| *name == word)?.1;
    Offset::from_hours(hours).ok()
}

/// The whole seconds of an instant, rounded to the past.
pub(super) fn seconds(instant: Timestamp) -> i64 {
    instant.as_second() - i64::from(instant.subsec_nanosecond() < 0)
}

fn zone_of(offset: Offset) -> TimeZone {
    if offset.is_zero() { TimeZone::UTC } else { offset.to_time_zone() }
}

/// A text in which names of zones are offsets and words are one space apart.
fn with_offsets(text: &str) -> String {
    let word = |word: &str| match zone_name(word) {
        Some(offset) if word != "Z" => offset_text(offset).replace(':', ""),
        _ => word.to_owned(),
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// An offset as `+02:00`.
pub(super) fn offset_text(offset: Offset) -> String {
    let (sign, seconds) = (if offset.is_negative() { '-' } else { '+' }, offset.seconds().abs());
    format!("{sign}{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layouts_and_iso_forms_are_read() {
        let same = [
            "Mon Mar  9 08:05:00 2026",
            "Mon Mar  9 10:05:00 EET 2026",
            "Mon Mar 09 03:05:00 -0500 2026",
            "09 Mar 26 08:05 UTC",
            "09 Mar 26 10:05 +0200",
            "Monday, 09-Mar-26 08:05:00 GMT",
            "Mon, 09 Mar 2026 08:05:00 GMT",
            "Mon, 09 Mar 2026 00:05:00 -0800",
            "2026-03-09T08:05:00Z",
            "2026-03-09T10:05:00.000000+02:00",
            "2026-03-09T08:05:00",
            "2026-03-09 08:05",
            "20260309T080500Z",
            "2026-03-09T09:05:00[Europe/Oslo]",
            " 2026-03-09T08:05Z ",
        ];
        for text in same {
            let found = super::super::instant(text).map(|instant| instant.to_string());
            assert_eq!(found.as_deref(), Some("2026-03-09T08:05:00Z"), "{text}");
        }
        for text in
            ["", "soon", "2026", "2026-02-30", "09 Mar 26 08:05 XYZ", "2026-03-09T08:05:00[No/Where!]"]
        {
            assert_eq!(super::super::instant(text), None, "{text}");
        }
    }

    #[test]
    fn zones_are_names_and_offsets() {
        for (text, expected) in
            [("+2", 7_200), ("-0530", -19_800), ("UTC+5:30", 19_800), ("Z", 0), ("CET", 3_600)]
        {
            assert_eq!(zone(text).expect(text).to_fixed_offset().map(Offset::seconds).ok(), Some(expected));
        }
        assert!(zone("europe/oslo").is_ok());
        for text in ["", "+", "+1a", "+99", "Europe/Nowhere", "+-1", "+é", "+1é0"] {
            assert!(zone(text).is_err(), "{text}");
        }
    }
}
