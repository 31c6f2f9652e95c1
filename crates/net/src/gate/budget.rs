//! What a system says of its rate limit, in headers or by refusing.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::retry::date;

/// The names of the headers in use: how many there are, how many are left, when there are
/// new ones. Okta has the first row, ServiceNow and GitHub the second, IETF's draft the third.
const HEADERS: [(&str, &str, &str); 3] = [
    ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
];

/// Larger numbers are moments (Unix time), smaller ones are seconds from now.
const MOMENT: i64 = 1_000_000_000;
/// No window is longer; what says more is not believed.
const LONGEST: Duration = Duration::from_hours(25);
/// The first pause after a refusal that does not say how long.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST_GUESS: Duration = Duration::from_mins(1);
/// Reset times are whole seconds: a moment later everybody may go on.
const ROUNDING: Duration = Duration::from_millis(250);

#[derive(Default)]
pub(super) struct Budget {
    /// How many requests may still leave in this window.
    left: Option<i64>,
    limit: Option<i64>,
    /// When the window ends.
    reset: Option<Instant>,
    /// Until when the system wants to be left alone.
    closed_until: Option<Instant>,
    /// Requests that left and were not answered.
    under_way: i64,
    refusals: u32,
}

impl Budget {
    pub(super) fn wait(&mut self, now: Instant) -> Option<Duration> {
        if self.reset.is_some_and(|reset| reset <= now) {
            (self.left, self.reset) = (self.limit, None);
        }
        let used_up = self.left.is_some_and(|left| left <= 0).then_some(self.reset).flatten();
        let until = self.closed_until.into_iter().chain(used_up).max()?;
        until.checked_duration_since(now).filter(|pause| !pause.is_zero())
    }

    pub(super) fn take(&mut self) {
        self.under_way += 1;
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
    }

    /// Takes over what an answer says. What is under way may have been counted or not: the
    /// smaller number is right.
    pub(super) fn answered(&mut self, headers: Option<&HeaderMap>, clock: Timestamp, now: Instant) {
        self.under_way = (self.under_way - 1).max(0);
        let Some(headers) = headers else { return };
        let read = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let said = HEADERS.iter().find_map(|(limit, left, reset)| Some((limit, read(left)?, read(reset)?)));
        let Some((limit, left, reset)) = said else { return };
        let (Ok(left), Some(reset)) = (left.parse::<i64>(), until(reset, headers, clock)) else { return };
        let reset = now + reset + ROUNDING;
        let is_new = self.reset.is_none_or(|known| reset > known + Duration::from_secs(2));
        let left = left - self.under_way;
        self.left = Some(if is_new { left } else { self.left.map_or(left, |known| known.min(left)) });
        self.limit = read(limit).and_then(|limit| limit.parse().ok()).or(self.limit);
        self.reset = Some(reset);
    }

    pub(super) fn refused(&mut self, retry_after: Option<Duration>, now: Instant) {
        // Those that were under way when the first was refused are no news.
        if self.closed_until.is_none_or(|until| until <= now) {
            self.refusals += 1;
        }
        let guess = || (FIRST * 2_u32.saturating_pow(self.refusals - 1)).min(LONGEST_GUESS);
        let to_reset = || self.reset.filter(|_| self.left.is_some_and(|left| left <= 0));
        let until = match retry_after {
            Some(pause) => now + pause.min(LONGEST),
            None => to_reset().unwrap_or_else(|| now + guess()),
        };
        self.closed_until = self.closed_until.max(Some(until));
    }

    pub(super) fn accepted(&mut self) {
        self.refusals = 0;
    }
}

/// How long until a moment that a header names: seconds, Unix time or a date. Unix time is
/// the system's own, so its clock is asked where it shows it.
fn until(text: &str, headers: &HeaderMap, clock: Timestamp) -> Option<Duration> {
    let own =
        || headers.get(http::header::DATE).and_then(|date_| date(date_.to_str().ok()?)).unwrap_or(clock);
    let seconds = match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a header fit, and saturate")]
        Ok(number) if number as i64 >= MOMENT => number as i64 - own().as_second(),
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a header fit, and saturate")]
        Ok(number) => number.ceil() as i64,
        Err(_) => date(text)?.as_second() - own().as_second(),
    };
    let pause = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    Some(pause).filter(|pause| *pause <= LONGEST)
}
