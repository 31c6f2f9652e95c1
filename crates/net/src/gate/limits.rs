//! What is known of a system's limits before it is asked.

use std::time::Duration;

/// The limits of a system.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// How many requests may be under way at once.
    pub concurrent: Option<usize>,
    /// How many requests may leave in a span of time.
    pub rates: Vec<Rate>,
    /// Paths that the system counts on their own. The first that fits a request counts it.
    pub paths: Vec<PathLimit>,
}

/// Requests that a system counts apart from the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathLimit {
    /// How their paths begin, below the system's address: whole segments, `*` for any one.
    /// Nothing fits every path.
    pub path: String,
    /// How many of them may leave in a span of time.
    pub rates: Vec<Rate>,
}

/// So many requests in any span of this length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: usize,
    /// In which span.
    pub per: Duration,
    /// How many of them may leave at once; all, where nothing is said.
    pub burst: Option<usize>,
    /// Whether requests that only read do not count.
    pub writes_only: bool,
}
