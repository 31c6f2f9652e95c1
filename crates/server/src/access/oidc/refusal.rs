//! Why somebody is not let in.

use provost_core::{Actor, Fault, Retry};

use crate::Problem;

/// Why a log-in came to nothing.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the person reads; its detail is what the audit log has.
    pub(super) problem: Problem,
    /// Who it was, where the provider has said it.
    pub(super) actor: Option<Actor>,
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
        Self { actor: Some(actor), ..Self::of(problem) }
    }

    /// The provider could not be asked.
    pub(super) fn away(what: &str, fault: &Fault) -> Self {
        let detail = format!("{what}: {}", fault.message);
        match fault.kind.retry() {
            Retry::Never => Self { is_attempt: false, ..Self::of(Problem::unavailable(detail)) },
            _ => Self { is_attempt: false, ..Self::of(Problem::unavailable(detail).in_seconds(10)) },
        }
        .hinting(&fault.hints)
    }

    fn of(problem: Problem) -> Self {
        Self { problem, actor: None, is_attempt: true }
    }

    fn hinting(mut self, hints: &[String]) -> Self {
        self.problem.hints.extend(hints.iter().cloned());
        self
    }
}
