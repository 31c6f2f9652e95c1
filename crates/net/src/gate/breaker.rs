//! A system that seems to be down is left alone for a while, then asked once.

use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row mean that it is down. One request fails three times at most, so
/// that a single command never sees this.
const FAILURES: u32 = 5;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(1);
/// How often those look again who wait for the end of the one request.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Default)]
pub(super) struct Breaker {
    failures: u32,
    /// Until when nothing leaves.
    open_until: Option<Instant>,
    /// Whether the one request is under way.
    is_probed: bool,
}

impl Breaker {
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let until = self.open_until?;
        match until.checked_duration_since(now) {
            Some(pause) if !pause.is_zero() => Some(pause),
            _ => self.is_probed.then_some(LOOK),
        }
    }

    pub(super) fn take(&mut self) {
        self.is_probed = self.open_until.is_some();
    }

    pub(super) fn answered(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, now: Instant) {
        self.failures += 1;
        if self.failures >= FAILURES {
            let pause = SHORTEST * 2_u32.saturating_pow(self.failures - FAILURES);
            self.open_until = Some(now + pause.min(LONGEST));
            self.is_probed = false;
        }
    }
}
