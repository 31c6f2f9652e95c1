//! The accounts of a person side by side: of each instance what it answered last.

use std::collections::{HashMap, HashSet};

use provost_store::StoredRecord;

use crate::access::Caller;
use crate::console::record::Shown;

/// What an instance answered last.
pub(super) struct Side {
    pub(super) shown: Shown,
    /// When, as far as it is known.
    pub(super) seen: String,
}

/// The newest record of each instance, in the order of their names. The records come newest first.
pub(super) fn newest(
    records: Vec<StoredRecord>,
    caller: &Caller,
    times: &HashMap<String, String>,
) -> Vec<Side> {
    let mut met = HashSet::new();
    let allowed = records.into_iter().filter(|record| caller.scopes.has_instance(&record.instance));
    let newest = allowed.filter(|record| met.insert(record.instance.clone()));
    let side = |record: StoredRecord| {
        let seen = times.get(record.run.as_str()).cloned().unwrap_or_default();
        Side { shown: record.into(), seen }
    };
    let mut sides: Vec<Side> = newest.map(side).collect();
    sides.sort_by(|a, b| a.shown.instance.cmp(&b.shown.instance));
    sides
}
