//! The lab's clock, and moments as vendors write them.

use std::sync::Arc;

use jiff::Timestamp;
use provost_core::Clock;

/// What tells an emulator the time.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock: an emulated system has one, as a real one does.
struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place of the lab that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock.
pub(crate) fn machine_clock() -> SharedClock {
    Arc::new(MachineClock)
}

/// `2026-11-25T08:30:00.000Z`
pub(crate) fn with_milliseconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `2026-11-25 08:30:00`
pub(crate) fn with_a_blank(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
