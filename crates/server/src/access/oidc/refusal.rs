//! Why somebody is not let in.

use provost_core::{Actor, Fault, Retry};

use crate::Problem;

/// Why a log-in came to nothing.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the person reads; its detail is what the audit log has.
    pub(super) problem: Box<Problem>,
    /// Who it was, where the provider has said it.
    pub(super) actor: Option<Box<Actor>>,
    /// Whether it counts as an attempt to get in.
    pub(super) is_attempt: bool,
}

const AGAIN: &str = "begin again at the page to sign in";

impl Refusal {
    /// What came back does not belong to what was asked.
    pub(super) fn stray(detail: impl Into<String>) -> Self {
        Self::of(Problem::invalid(detail).hint(AGAIN))
    }

    /// What the provider gave is not good.
    pub(super) fn denied(detail: impl Into<String>) -> Self {
        Self::of(Problem::denied(detail))
    }

    /// Somebody who is known, and may not come in.
    pub(super) fn of_person(actor: Actor, problem: Problem) -> Self {
        Self { actor: Some(Box::new(actor)), ..Self::of(problem) }
    }

    /// The provider could not be asked.
    pub(super) fn away(what: &str, fault: &Fault) -> Self {
        let problem = Problem::unavailable(format!("{what}: {}", fault.message)).hints(fault.hints.clone());
        let is_lasting = fault.kind.retry() == Retry::Never;
        let problem = if is_lasting { problem } else { problem.in_seconds(10) };
        Self { is_attempt: false, ..Self::of(problem) }
    }

    fn of(problem: Problem) -> Self {
        Self { problem: Box::new(problem), actor: None, is_attempt: true }
    }
}
