//! The leases that this server knows of.
//!
//! Only these are renewed: where the store leased a task and could not say so any more, the
//! lease runs out, and the task is leased again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use provost_store::Lease;

/// Leases of tasks that are under way.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<HashSet<Lease>>>);

/// A lease that is known as long as this is there.
pub(super) struct Holding {
    held: Held,
    lease: Lease,
}

impl Held {
    pub(super) fn hold(&self, lease: &Lease) -> Holding {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(lease.clone());
        Holding { held: self.clone(), lease: lease.clone() }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Lease> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.held.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.lease);
    }
}
