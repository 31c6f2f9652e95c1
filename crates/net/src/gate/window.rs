//! So many requests in any span of time.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// The moments of the last requests.
pub(super) struct Window {
    count: usize,
    per: Duration,
    sent: VecDeque<Instant>,
}

impl Window {
    pub(super) fn new(count: usize, per: Duration) -> Self {
        Self { count: count.max(1), per, sent: VecDeque::new() }
    }

    /// How long until one more fits; `None` if it does now.
    pub(super) fn wait(&mut self, now: Instant) -> Option<Duration> {
        while self.sent.front().is_some_and(|&sent| now.duration_since(sent) >= self.per) {
            self.sent.pop_front();
        }
        if self.sent.len() < self.count {
            return None;
        }
        self.sent.front().map(|&sent| (sent + self.per).duration_since(now))
    }

    pub(super) fn take(&mut self, now: Instant) {
        self.sent.push_back(now);
    }
}
