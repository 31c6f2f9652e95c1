//! One thing at a time for each person: two creates side by side could make two accounts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

type Lane = tokio::sync::Mutex<()>;

/// After so many new lanes those that nobody uses are forgotten.
const TIDY: usize = 1024;

/// The people about whom something is being written by this server.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<(HashMap<String, Weak<Lane>>, usize)>);

impl Lanes {
    /// Waits until nobody else writes about the person. It lasts until what this gives is dropped.
    pub(crate) async fn enter(&self, lane: &str) -> OwnedMutexGuard<()> {
        self.lane(lane).lock_owned().await
    }

    fn lane(&self, name: &str) -> Arc<Lane> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.0.get(name).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.1 += 1;
        if lanes.1.is_multiple_of(TIDY) {
            lanes.0.retain(|_, lane| lane.strong_count() > 0);
        }
        let lane = Arc::new(Lane::default());
        lanes.0.insert(name.to_owned(), Arc::downgrade(&lane));
        lane
    }
}
