//! Events that a system tells of, and the span of time that is asked for.

use jiff::Timestamp;

use crate::Attributes;

/// One event, as the system has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What tells it from every other.
    pub id: Option<String>,
    /// When it happened.
    pub time: Option<Timestamp>,
    /// The mail address of the person it is about; `None` for one that is about nobody.
    pub person: Option<String>,
    /// All that the system says of it.
    pub attributes: Attributes,
}

/// Which events are asked for. Both times are as the system writes them.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// From this moment on.
    pub since: &'a str,
    /// Until this one.
    pub until: &'a str,
    /// What the instance keeps.
    pub stored: &'a Attributes,
}

/// How an instance wants its events, as its settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetching {
    /// How times are written.
    pub time_format: String,
    /// How far back the first run looks, such as `12 hours`.
    pub first: String,
    /// How far a run reaches into the time of the one before, for events that a system shows
    /// late, such as `5 minutes`.
    pub overlap: Option<String>,
    /// How many events one run hands out.
    pub most: usize,
}
