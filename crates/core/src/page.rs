//! Lists that come in pages.

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it; an empty page need not be the last.
    pub items: Vec<T>,
    /// Where the next page is; `None` after the last.
    pub next: Option<PageToken>,
    /// How many things are on all pages together, where the system says it.
    pub total: Option<u64>,
}

/// Where a page is, in the words of the connector that gave it. The same token may be used
/// twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageToken(pub String);
