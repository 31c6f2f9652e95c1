//! How far something long is, said on a terminal where somebody waits.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::progress;

/// How long a silent terminal is no surprise, and how often the line is written anew.
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_secs(1);

/// Counts something, such as events.
pub(crate) struct Meter {
    what: &'static str,
    is_seen: bool,
    next: Mutex<Instant>,
}

impl Meter {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, is_seen: progress::is_seen(), next: Mutex::new(Instant::now() + PATIENCE) }
    }

    /// Says how many there are, unless that was said just now.
    pub(crate) fn show(&self, count: u64) {
        if !self.is_seen {
            return;
        }
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if *next <= Instant::now() {
            *next = Instant::now() + AGAIN;
            progress::tell(&format!("{count} {}", self.what));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        progress::clear();
    }
}
