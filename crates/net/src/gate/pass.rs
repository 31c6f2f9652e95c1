//! The right of one request to leave.

use http::HeaderMap;
use jiff::Timestamp;
use provost_core::Fault;
use tokio::sync::SemaphorePermit;

use super::Gate;

/// A request that left.
pub(super) struct Departure {
    /// The how-manieth of its instance it is.
    pub(super) number: u64,
    /// Which meter counted it.
    pub(super) meter: usize,
}

/// A place among those under way. A request that is dropped on its way notes nothing; then
/// its place, and what else it took, is given back.
pub(crate) struct Pass<'g> {
    gate: &'g Gate,
    _place: Option<SemaphorePermit<'g>>,
    /// Nothing once it was noted what came of it.
    departure: Option<Departure>,
}

impl<'g> Pass<'g> {
    pub(super) fn new(gate: &'g Gate, place: Option<SemaphorePermit<'g>>, departure: Departure) -> Self {
        Self { gate, _place: place, departure: Some(departure) }
    }

    /// Notes what came of the request, and leaves the place to the next one.
    pub(crate) fn note(mut self, headers: Option<&HeaderMap>, fault: Option<&Fault>, clock: Timestamp) {
        if let Some(departure) = self.departure.take() {
            self.gate.state().note(&departure, headers, fault, clock);
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(departure) = &self.departure {
            self.gate.state().give_up(departure);
        }
    }
}
