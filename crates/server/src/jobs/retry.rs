//! Whether a line is done again, and when.

use std::time::Duration;

use provost_core::{FaultKind, Retry};

/// How long a line waits before it is begun for the second time, the third, and so on. After
/// the last it stays failed.
const PAUSES: [Duration; 4] =
    [Duration::from_secs(2), Duration::from_secs(10), Duration::from_mins(1), Duration::from_mins(5)];

/// How long to wait; `None` where the end is the end. A command looks before it writes, so that
/// one whose answer was lost may be done again.
pub(super) fn pause(fault: Option<FaultKind>, attempts: u64) -> Option<Duration> {
    let is_passing = fault.is_some_and(|kind| kind.retry() != Retry::Never);
    let place = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
    PAUSES.get(place).copied().filter(|_| is_passing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_tried_again_for_a_while() {
        assert_eq!(pause(Some(FaultKind::Unavailable), 1), Some(PAUSES[0]));
        assert_eq!(pause(Some(FaultKind::RateLimited), 4), Some(PAUSES[3]));
        assert_eq!(pause(Some(FaultKind::NotSent), 5), None);
        assert_eq!(pause(Some(FaultKind::InvalidValue), 1), None);
        assert_eq!(pause(None, 1), None);
    }
}
