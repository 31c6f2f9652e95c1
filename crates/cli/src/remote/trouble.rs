//! How often a server is asked again that does not answer.

use std::time::Duration;

use provost_core::{Fault, FaultKind};
use provost_net::Url;
use tokio::time::Instant;

use super::refusal;
use crate::output::Hinted;

/// For how long trouble may last.
const LONGEST: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The trouble with one command's server. One that was there and is gone is waited for,
/// since it may be on its way back; one that never answered is given up at once, because the
/// client under this has tried a few times already.
#[derive(Default)]
pub(super) struct Trouble {
    was_there: bool,
    /// When it began, and how many times it happened since.
    since: Option<(Instant, u32)>,
}

impl Trouble {
    /// The server is well.
    pub(super) fn is_over(&mut self) {
        *self = Self { was_there: true, since: None };
    }

    /// When to ask again after a server said that it cannot now; `None` to give up.
    pub(super) fn after_refusal(&mut self, told: Option<Duration>) -> Option<Duration> {
        self.was_there = true;
        self.pause(told)
    }

    /// When to ask again after there was no answer; `None` to give up.
    pub(super) fn after_fault(&mut self, fault: &Fault) -> Option<Duration> {
        match fault.kind {
            FaultKind::AnswerLost => self.was_there = true,
            FaultKind::RateLimited => return self.pause(fault.retry_after),
            FaultKind::NotSent if self.was_there => {}
            _ => return None,
        }
        self.pause(None)
    }

    /// Why it is given up.
    pub(super) fn given_up(&self, fault: &Fault, address: &Url, writes: bool) -> Hinted {
        if self.was_there {
            return refusal::lost(address, fault, writes);
        }
        refusal::unreachable(address, fault)
    }

    fn pause(&mut self, told: Option<Duration>) -> Option<Duration> {
        let (since, times) = self.since.get_or_insert((Instant::now(), 0));
        let own = (FIRST_PAUSE * 2_u32.saturating_pow(*times)).min(LONGEST_PAUSE);
        *times = (*times + 1).min(8);
        // Not all clients at the same moment.
        let spread = Duration::from_millis(fastrand::u64(0..250));
        let pause = told.unwrap_or(own) + spread;
        (since.elapsed() + pause <= LONGEST).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: FaultKind) -> Fault {
        Fault::new(kind, "x")
    }

    #[test]
    fn who_never_answered_is_given_up_and_who_was_there_is_waited_for() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.after_fault(&fault(FaultKind::NotSent)), None);
        assert!(trouble.after_fault(&fault(FaultKind::AnswerLost)).is_some());
        assert!(trouble.after_fault(&fault(FaultKind::NotSent)).is_some(), "it may come back");
        assert_eq!(trouble.after_fault(&fault(FaultKind::Configuration)), None);
    }

    #[test]
    fn what_the_server_says_counts_as_far_as_there_is_time() {
        let mut trouble = Trouble::default();
        let seven = trouble.after_refusal(Some(Duration::from_secs(7))).expect("there is time");
        assert!(seven >= Duration::from_secs(7) && seven < Duration::from_secs(8), "{seven:?}");
        assert_eq!(trouble.after_refusal(Some(Duration::from_secs(31))), None);
        let pauses = (0..3).map(|_| trouble.after_refusal(None).expect("there is time"));
        assert!(pauses.is_sorted(), "they grow, as far as to the longest");
    }
}
