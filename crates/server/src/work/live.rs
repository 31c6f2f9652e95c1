//! The runs of this server that have taken an idempotency key and are not over.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Ids of runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live(Arc<Mutex<HashSet<String>>>);

/// A run that is under way as long as this is there.
#[derive(Debug)]
pub(crate) struct UnderWay {
    live: Live,
    run: String,
}

impl Live {
    /// Notes that a run is under way.
    pub(crate) fn begin(&self, run: &str) -> UnderWay {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(run.to_owned());
        UnderWay { live: self.clone(), run: run.to_owned() }
    }

    /// Whether it is.
    pub(crate) fn has(&self, run: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(run)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.live.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_under_way_until_it_is_dropped() {
        let live = Live::default();
        let run = live.begin("a");
        assert!(live.has("a") && !live.has("b"));
        drop(run);
        assert!(!live.has("a"));
    }
}
