//! Politeness: when the next request to a system may leave.
//!
//! One gate for each instance, passed by all its requests: so many at once, so many in a
//! span of time, none while the system wants to be left alone or seems to be down. What a
//! system says in its headers counts before what was declared.

mod breaker;
mod budget;
mod window;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use provost_core::{Fault, FaultKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use breaker::Breaker;
use budget::Budget;
use window::Window;

/// What is known of a system's limits before it is asked.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// How many requests may be under way at once.
    pub concurrent: Option<usize>,
    /// How many requests may leave in a span of time.
    pub rates: Vec<Rate>,
}

/// So many requests in any span of this length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: usize,
    /// In which span.
    pub per: Duration,
    /// Whether requests that only read do not count.
    pub writes_only: bool,
}

/// How many requests to one instance may be under way where nothing else is said.
const CONCURRENT: usize = 16;

pub(crate) struct Gate {
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    windows: Vec<(Window, bool)>,
    budget: Budget,
    breaker: Breaker,
}

/// A request that may leave.
pub(crate) struct Pass {
    _permit: Option<OwnedSemaphorePermit>,
}

/// Why a request has to wait, and how long.
pub(crate) struct Wait {
    pub(crate) pause: Duration,
    pub(crate) reason: &'static str,
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        let window = |rate: &Rate| (Window::new(rate.count, rate.per), rate.writes_only);
        let state = State {
            windows: limits.rates.iter().map(window).collect(),
            budget: Budget::default(),
            breaker: Breaker::default(),
        };
        let permits = Arc::new(Semaphore::new(limits.concurrent.unwrap_or(CONCURRENT).max(1)));
        Self { permits, state: Mutex::new(state) }
    }

    /// A place among those under way.
    pub(crate) async fn place(&self) -> Pass {
        Pass { _permit: Arc::clone(&self.permits).acquire_owned().await.ok() }
    }

    /// Whether a request may leave now. If so, it is counted.
    pub(crate) fn ask(&self, writes: bool) -> Result<(), Wait> {
        let now = Instant::now();
        let mut state = self.state();
        let State { windows, budget, breaker } = &mut *state;
        let rate = counted(windows, writes).filter_map(|window| window.wait(now)).max();
        let waits = [
            (breaker.wait(now), "the system does not answer; it is asked again"),
            (budget.wait(now), "the system's rate limit"),
            (rate, "the declared rate"),
        ];
        if let Some((pause, reason)) = waits.into_iter().find_map(|(wait, reason)| Some((wait?, reason))) {
            return Err(Wait { pause, reason });
        }
        budget.take();
        breaker.take();
        counted(windows, writes).for_each(|window| window.take(now));
        Ok(())
    }

    /// Notes what came of a request that left.
    pub(crate) fn note(&self, headers: Option<&HeaderMap>, fault: Option<&Fault>, clock: Timestamp) {
        let now = Instant::now();
        let mut state = self.state();
        state.budget.answered(headers, clock, now);
        match fault.map(|fault| fault.kind) {
            Some(FaultKind::RateLimited) => {
                state.budget.refused(fault.and_then(|fault| fault.retry_after), now);
                state.breaker.answered();
            }
            Some(FaultKind::NotSent | FaultKind::Unavailable | FaultKind::AnswerLost) => {
                state.breaker.failed(now);
            }
            _ => {
                state.budget.accepted();
                state.breaker.answered();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The windows in which a request counts.
fn counted(windows: &mut [(Window, bool)], writes: bool) -> impl Iterator<Item = &mut Window> {
    let counting = windows.iter_mut().filter(move |(_, writes_only)| writes || !*writes_only);
    counting.map(|(window, _)| window)
}

#[cfg(test)]
mod tests;
