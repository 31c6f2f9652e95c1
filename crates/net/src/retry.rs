//! When a request is sent again, and after which pause.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use provost_core::{Fault, Retry};

/// Requests in all, the first included.
const ATTEMPTS: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// A system that wants to be left alone for longer gets an error instead of a wait.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The pauses of one request.
pub(crate) struct Pauses(backon::ExponentialBackoff);

impl Pauses {
    pub(crate) fn new() -> Self {
        let builder = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_max_times(ATTEMPTS - 1)
            .with_jitter();
        Self(builder.build())
    }

    /// How long to wait before trying again; `None` to give up.
    pub(crate) fn after(&mut self, fault: &Fault, repeatable: bool) -> Option<Duration> {
        let allowed = match fault.kind.retry() {
            Retry::Never => false,
            Retry::Always => true,
            Retry::IfRepeatable => repeatable,
        };
        let pause = allowed.then(|| self.0.next()).flatten()?;
        match fault.retry_after {
            Some(asked) if asked > LONGEST_PAUSE => None,
            // The system's own word wins, but nobody hits it all at the same moment.
            Some(asked) => Some(asked + Duration::from_millis(fastrand::u64(0..250))),
            None => Some(pause),
        }
    }
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let seconds = date(value)?.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// A date of HTTP (RFC 9110, section 5.6.7).
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use provost_core::FaultKind;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Thu, 01 Jan 2026 00:01:00 GMT", now), Some(Duration::from_mins(1)));
        assert_eq!(retry_after("Wed, 31 Dec 2025 00:01:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn only_harmless_repeats_are_made() {
        let fault = |kind| Fault::new(kind, "x");
        let cases = [
            (FaultKind::RateLimited, false, true),
            (FaultKind::NotSent, false, true),
            (FaultKind::Unavailable, false, false),
            (FaultKind::Unavailable, true, true),
            (FaultKind::AnswerLost, false, false),
            (FaultKind::InvalidValue, true, false),
        ];
        for (kind, repeatable, expected) in cases {
            assert_eq!(
                Pauses::new().after(&fault(kind), repeatable).is_some(),
                expected,
                "{kind:?} {repeatable}"
            );
        }
    }

    #[test]
    fn it_ends_and_long_waits_are_refused() {
        let mut pauses = Pauses::new();
        let busy = Fault::new(FaultKind::RateLimited, "x");
        assert_eq!((0..9).filter(|_| pauses.after(&busy, true).is_some()).count(), ATTEMPTS - 1);
        let patient = Fault { retry_after: Some(Duration::from_hours(1)), ..busy };
        assert_eq!(Pauses::new().after(&patient, true), None);
    }
}
