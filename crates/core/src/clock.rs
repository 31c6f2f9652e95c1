//! Time as a parameter.

use jiff::Timestamp;

/// Tells the time. Code that needs it takes one of these, so that tests can set it.
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> Timestamp;
}
