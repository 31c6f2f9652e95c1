//! A system that seems to be down is left alone for a while, then asked once.

use std::time::Duration;

use provost_core::{Fault, FaultKind};
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
    /// Requests before this one had left when the last failure was counted. If they fail
    /// too, that is the same failure.
    counted: u64,
    /// Until when nothing leaves.
    open_until: Option<Instant>,
    /// The one request that is under way.
    probe: Option<u64>,
    last: Option<Fault>,
}

impl Breaker {
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let until = self.open_until?;
        match until.checked_duration_since(now) {
            Some(pause) if !pause.is_zero() => Some(pause),
            _ => self.probe.map(|_| LOOK),
        }
    }

    pub(super) fn take(&mut self, number: u64) {
        self.probe = self.open_until.map(|_| number);
    }

    pub(super) fn answered(&mut self) {
        *self = Self { counted: self.counted, ..Self::default() };
    }

    /// Counts a failure of this request, if it is a new one. `departures` is how many left
    /// so far.
    pub(super) fn failed(&mut self, number: u64, departures: u64, fault: &Fault, now: Instant) {
        if number < self.counted {
            return;
        }
        self.counted = departures;
        self.failures += 1;
        self.last = Some(fault.clone());
        if self.failures >= FAILURES {
            let pause = SHORTEST * 2_u32.saturating_pow(self.failures - FAILURES);
            self.open_until = Some(now + pause.min(LONGEST));
            self.probe = None;
        }
    }

    /// Somebody did not wait for the end of this request; another one may be asked.
    pub(super) fn given_up(&mut self, number: u64) {
        self.probe = self.probe.filter(|probe| *probe != number);
    }

    /// What happened last.
    pub(super) fn cause(&self) -> Fault {
        self.last.clone().unwrap_or_else(|| Fault::new(FaultKind::Unavailable, "no answer"))
    }
}
