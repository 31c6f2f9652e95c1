//! Times as systems write them, and spans as people say them.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use provost_core::{Fault, FaultKind};

/// A time in UTC in the system's form.
pub(super) fn written(format: &str, time: Timestamp) -> Result<String, Fault> {
    jiff::fmt::strtime::format(format, time)
        .map_err(|error| Fault::new(FaultKind::Bug, format!("the time cannot be written: {error}")))
}

/// The moment that lies so far back, such as `12 hours`; `None` if that means nothing.
pub(super) fn before(now: Timestamp, span: &str) -> Option<Timestamp> {
    let span: Span = span.trim().parse().ok()?;
    let back = now.to_zoned_datetime(TimeZone::UTC).checked_sub(span.abs()).ok()?;
    Some(back.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_do() {
        let now: Timestamp = "2026-03-31T12:00:00Z".parse().expect("a time");
        let cases = [
            ("0 minutes", "2026-03-31T12:00:00Z"),
            ("12 hours", "2026-03-31T00:00:00Z"),
            ("1 day", "2026-03-30T12:00:00Z"),
            (" 7 days ago ", "2026-03-24T12:00:00Z"),
            ("1 month", "2026-02-28T12:00:00Z"),
        ];
        for (span, expected) in cases {
            let found = before(now, span).expect(span);
            assert_eq!(written("%Y-%m-%dT%H:%M:%SZ", found).as_deref(), Ok(expected), "{span}");
        }
        for span in ["", "soon", "12", "12 parsecs", "999999999 years"] {
            assert_eq!(before(now, span), None, "{span}");
        }
    }
}
