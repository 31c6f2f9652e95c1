//! Decides for one request after the other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Faults;
use super::kind::FaultKind;
use super::rule::{Rule, When};

/// Counts the requests of each rule and throws the dice.
pub(crate) struct Dice {
    rules: Vec<(Rule, AtomicU64)>,
    random: Mutex<fastrand::Rng>,
}

impl Dice {
    /// The dice for these faults.
    pub(crate) fn new(faults: Faults) -> Self {
        let random = faults.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let rules = faults.rules.into_iter().map(|rule| (rule, AtomicU64::new(0)));
        Self { rules: rules.collect(), random: Mutex::new(random) }
    }

    /// Whether a fault needs to know what was answered before.
    pub(crate) fn looks_back(&self) -> bool {
        self.rules.iter().any(|(rule, _)| matches!(rule.kind, FaultKind::Stale | FaultKind::Again))
    }

    /// The fault of the next request, if it has one. The first rule that meets it has it;
    /// the others count it all the same.
    pub(crate) fn throw(&self, method: &str, path: &str) -> Option<FaultKind> {
        if self.rules.is_empty() {
            return None;
        }
        let mut point = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        let mut met = None;
        for (rule, count) in self.rules.iter().filter(|(rule, _)| rule.scope.has(method, path)) {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            if rule.meets(number, point) && met.is_none() {
                met = Some(rule.kind);
            }
            point -= rule.share();
        }
        met
    }
}

impl Rule {
    fn meets(&self, number: u64, point: f64) -> bool {
        match self.when {
            When::Share(share) => (0.0..share).contains(&point),
            When::Nth(nth) => number == nth,
            When::Every(every) => number.is_multiple_of(every),
        }
    }
}
