//! What was done, and could not be written down yet.
//!
//! It is kept in memory until the store is back. A server that ends before that leaves the
//! intents of it open in the log, where they are found.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use provost_store::{Store, Write};

/// How many commits are kept; what comes after that is not.
const MOST: usize = 4096;

/// Commits that wait for the store, the oldest first.
#[derive(Default)]
pub(crate) struct Backlog {
    waiting: Mutex<VecDeque<Vec<Write>>>,
    /// One writes at a time, so that the order stays.
    writing: tokio::sync::Mutex<()>,
}

impl Backlog {
    /// Keeps a commit for later.
    pub(crate) fn add(&self, writes: Vec<Write>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST {
            waiting.push_back(writes);
        }
    }

    /// Writes what waits, as far as the store takes it.
    pub(crate) async fn write(&self, store: &Store) {
        let _writing = self.writing.lock().await;
        while let Some(writes) = self.first() {
            match store.commit(writes).await {
                Err(error) if error.is_passing() => return,
                // What the store refuses for good is not tried again.
                Ok(_) | Err(_) => self.drop_first(),
            }
        }
    }

    fn first(&self) -> Option<Vec<Write>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).front().cloned()
    }

    fn drop_first(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    }
}
