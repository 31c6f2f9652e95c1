//! How many requests a vendor takes in a window of time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// So many requests in each window, counted apart for each bucket.
pub(crate) struct Limit {
    most: Option<u32>,
    window: i64,
    counts: Mutex<HashMap<&'static str, (i64, u32)>>,
}

/// What a request found left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// How many there may be in a window.
    pub(crate) most: u32,
    /// How many there still may be in this one.
    pub(crate) remaining: u32,
    /// When the next window begins, in seconds of the epoch.
    pub(crate) reset: i64,
    /// How far away that is.
    pub(crate) wait: i64,
    /// Whether this request is one too many.
    pub(crate) is_exceeded: bool,
}

impl Limit {
    /// A limit for windows of so many seconds; none takes every request.
    pub(crate) fn new(most: Option<u32>, window: i64) -> Self {
        Self { most, window, counts: Mutex::default() }
    }

    /// Counts a request, where there is a limit.
    pub(crate) fn count(&self, bucket: &'static str, now: Timestamp) -> Option<Left> {
        let most = self.most?;
        let number = now.as_second().div_euclid(self.window);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let (window, count) = counts.entry(bucket).or_insert((number, 0));
        if *window != number {
            (*window, *count) = (number, 0);
        }
        *count = count.saturating_add(1);
        let reset = (number + 1) * self.window;
        let remaining = most.saturating_sub(*count);
        Some(Left { most, remaining, reset, wait: reset - now.as_second(), is_exceeded: *count > most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_and_buckets_are_apart() {
        let limit = Limit::new(Some(2), 60);
        let found = |bucket, second| {
            let left =
                limit.count(bucket, Timestamp::from_second(second).expect("a moment")).expect("a limit");
            (left.remaining, left.wait, left.is_exceeded)
        };
        assert_eq!(found("a", 60), (1, 60, false));
        assert_eq!(found("a", 90), (0, 30, false));
        assert_eq!(found("a", 119), (0, 1, true));
        assert_eq!(found("b", 119), (1, 1, false));
        assert_eq!(found("a", 120), (1, 60, false));
        assert_eq!(Limit::new(None, 60).count("a", Timestamp::UNIX_EPOCH), None);
    }
}
