//! Moments as people write them.

use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// A moment, or how far it is from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    At(Timestamp),
    Distance(SignedDuration),
}

impl Moment {
    /// The moment, a distance being counted back from now.
    pub(crate) fn ago(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(moment) => Some(moment),
            Self::Distance(distance) => now.checked_sub(distance).ok(),
        }
    }

    /// The moment, a distance being counted on from now.
    pub(crate) fn ahead(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At(moment) => Some(moment),
            Self::Distance(distance) => now.checked_add(distance).ok(),
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        text.parse().map(Self::At).ok().or_else(|| day(text)).or_else(|| distance(text)).ok_or(
            "a moment is 2026-03-02T09:00:00Z, a day such as 2026-03-02, or a distance such as 90d or 12h",
        )
    }
}

/// The beginning of a day in UTC.
fn day(text: &str) -> Option<Moment> {
    let day: Date = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok().map(Moment::At)
}

/// Months and years are of different lengths, and are not taken.
fn distance(text: &str) -> Option<Moment> {
    let span: Span = text.parse().ok()?;
    let distance = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!distance.is_negative()).then_some(Moment::Distance(distance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_write_them() {
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-03-01T10:00:00+01:00", Some("2026-03-01T09:00:00Z")),
            ("2026-03-01", Some("2026-03-01T00:00:00Z")),
            ("24h", Some("2026-03-01T09:00:00Z")),
            ("1d", Some("2026-03-01T09:00:00Z")),
            ("1 week", Some("2026-02-23T09:00:00Z")),
            ("1 month", None),
            ("-1d", None),
            ("yesterday", None),
            ("", None),
        ] {
            let moment = text.parse::<Moment>().ok().and_then(|moment| moment.ago(now));
            assert_eq!(moment.map(|moment| moment.to_string()).as_deref(), expected, "{text}");
        }
        let ahead = "90d".parse::<Moment>().unwrap().ahead(now).unwrap();
        assert_eq!(ahead.to_string(), "2026-05-31T09:00:00Z");
    }
}
