//! Politeness: when the next request to a system may leave.
//!
//! One gate for each instance, passed by all its requests: so many at once, so many in a
//! span of time, none while the system wants to be left alone or seems to be down. What a
//! system says in its headers counts before what was declared.

mod breaker;
mod budget;
mod limits;
mod meter;
mod pass;
mod said;
mod wait;
mod window;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use provost_core::{Fault, FaultKind, Stage, Trace};
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub use limits::{Limits, PathLimit, Rate};
pub(crate) use pass::Pass;
pub(crate) use wait::{Patience, Wait};

use breaker::Breaker;
use meter::{Meter, Windows};
use pass::Departure;
use wait::Reason;

/// How many requests to one instance may be under way where nothing else is said.
const CONCURRENT: usize = 16;
/// Shorter waits are nobody's business.
const WORTH_TELLING: Duration = Duration::from_millis(500);

pub(crate) struct Gate {
    places: Semaphore,
    state: Mutex<State>,
}

struct State {
    /// How many requests have left so far.
    departures: u64,
    /// What counts every request.
    all: Windows,
    /// What counts requests by their paths; the last one counts the rest.
    meters: Vec<Meter>,
    breaker: Breaker,
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        let rest = Meter::new(&PathLimit::default());
        let state = State {
            departures: 0,
            all: Windows::new(&limits.rates),
            meters: limits.paths.iter().map(Meter::new).chain([rest]).collect(),
            breaker: Breaker::default(),
        };
        let places = Semaphore::new(limits.concurrent.unwrap_or(CONCURRENT).max(1));
        Self { places, state: Mutex::new(state) }
    }

    /// Waits for a place among those under way, and takes it if a request to this path may
    /// leave now. Else the place is free again.
    pub(crate) async fn enter(&self, path: &str, writes: bool) -> Result<Pass<'_>, Wait> {
        let place = self.places.acquire().await.ok();
        let departure = self.state().leave(path, writes, Instant::now())?;
        Ok(Pass::new(self, place, departure))
    }

    /// Waits until a request may leave, as long as there is patience for.
    ///
    /// # Errors
    /// There is no more.
    pub(crate) async fn pass(
        &self,
        path: &str,
        writes: bool,
        patience: &mut Patience,
        (stage, trace): (Stage, &Trace),
    ) -> Result<Pass<'_>, Fault> {
        loop {
            let wait = match self.enter(path, writes).await {
                Ok(pass) => return Ok(pass),
                Err(wait) => wait,
            };
            let Some(left) = patience.left.checked_sub(wait.pause) else {
                return Err(wait.given_up(patience.spent()));
            };
            patience.left = left;
            if wait.pause >= WORTH_TELLING {
                trace.note(stage, format!("waiting {:.1} s: {}", wait.pause.as_secs_f32(), wait.reason));
            }
            // Not all at the same moment.
            let spread = Duration::from_millis(fastrand::u64(0..20));
            tokio::time::sleep(wait.pause + spread).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a request may leave. If so, it is counted.
    fn leave(&mut self, path: &str, writes: bool, now: Instant) -> Result<Departure, Wait> {
        let meter = self.meters.iter().position(|meter| meter.counts(path)).unwrap_or_default();
        let Self { all, meters, breaker, departures } = self;
        let Meter { windows, budget, .. } = &mut meters[meter];
        let rate = all.wait(writes, now).max(windows.wait(writes, now));
        let waits = [
            breaker.wait(now).map(|pause| (pause, Reason::Down(Box::new(breaker.cause())))),
            budget.wait(now).map(|pause| (pause, Reason::Told)),
            rate.map(|pause| (pause, Reason::Declared)),
        ];
        if let Some((pause, reason)) = waits.into_iter().flatten().next() {
            return Err(Wait { pause, reason });
        }
        let departure = Departure { number: *departures, meter };
        *departures += 1;
        budget.take();
        breaker.take(departure.number);
        all.take(writes, now);
        windows.take(writes, now);
        Ok(departure)
    }

    /// Notes what came of a request that left.
    fn note(
        &mut self,
        departure: &Departure,
        headers: Option<&HeaderMap>,
        fault: Option<&Fault>,
        clock: Timestamp,
    ) {
        let now = Instant::now();
        let Self { departures, meters, breaker, .. } = self;
        let budget = &mut meters[departure.meter].budget;
        budget.answered(headers, clock, now);
        match fault {
            Some(fault) if fault.kind == FaultKind::RateLimited => {
                budget.refused(departure.number, *departures, fault.retry_after, now);
                breaker.answered();
            }
            Some(fault) if is_outage(fault.kind) => breaker.failed(departure.number, *departures, fault, now),
            _ => {
                budget.accepted();
                breaker.answered();
            }
        }
    }

    /// Takes back what belongs to a request that was given up, which says nothing of the
    /// system.
    fn give_up(&mut self, departure: &Departure) {
        self.meters[departure.meter].budget.given_up();
        self.breaker.given_up(departure.number);
    }
}

/// Whether a fault means that the system is down.
fn is_outage(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::NotSent | FaultKind::Unavailable | FaultKind::AnswerLost)
}

#[cfg(test)]
mod tests;
