//! What a system says of its rate limit, in headers or by refusing.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use tokio::time::Instant;

use super::said::{self, LONGEST};

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
    /// Requests before this one had left when the last refusal was counted. If they are
    /// refused too, that is the same refusal.
    counted: u64,
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

    /// Somebody does not wait for the answer. The system may have counted the request.
    pub(super) fn given_up(&mut self) {
        self.under_way = (self.under_way - 1).max(0);
    }

    /// Takes over what an answer says. What is under way may have been counted or not: the
    /// smaller number is right.
    pub(super) fn answered(&mut self, headers: Option<&HeaderMap>, clock: Timestamp, now: Instant) {
        self.under_way = (self.under_way - 1).max(0);
        let Some(said) = headers.and_then(|headers| said::read(headers, clock)) else { return };
        let reset = now + said.reset + ROUNDING;
        let is_new = self.reset.is_none_or(|known| reset > known + Duration::from_secs(2));
        let left = said.left - self.under_way;
        self.left = Some(if is_new { left } else { self.left.map_or(left, |known| known.min(left)) });
        self.limit = said.limit.or(self.limit);
        self.reset = Some(reset);
    }

    /// This request was refused; `departures` is how many left so far.
    pub(super) fn refused(
        &mut self,
        number: u64,
        departures: u64,
        retry_after: Option<Duration>,
        now: Instant,
    ) {
        let is_news = number >= self.counted;
        if is_news {
            self.counted = departures;
            self.refusals += 1;
        }
        let guess = || (FIRST * 2_u32.saturating_pow(self.refusals.saturating_sub(1))).min(LONGEST_GUESS);
        let to_reset = || self.reset.filter(|_| self.left.is_some_and(|left| left <= 0));
        let until = match retry_after {
            Some(pause) => now + pause.min(LONGEST),
            // What is no news says nothing of how long, either.
            None if !is_news && self.closed_until.is_some() => return,
            None => to_reset().unwrap_or_else(|| now + guess()),
        };
        self.closed_until = self.closed_until.max(Some(until));
    }

    pub(super) fn accepted(&mut self) {
        self.refusals = 0;
    }
}
