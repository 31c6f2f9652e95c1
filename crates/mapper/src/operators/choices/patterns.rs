//! Patterns of scripts as choices ask them: whether something is found, or the whole text.

use std::sync::Arc;

use fancy_regex::Regex;

use super::super::Failure;
use super::super::patterns::{Dialect, backtracking};
pub(super) use super::super::patterns::{Flags, too_long};

pub(super) fn compiled(pattern: &str, flags: Flags) -> Result<Arc<Regex>, Failure> {
    backtracking(pattern, Dialect::Python, flags)
}

/// The pattern that finds what another one finds, if that is the whole text.
pub(super) fn whole(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

/// Whether a pattern finds something, or the whole text.
pub(super) fn finds(pattern: &str, flags: Flags, in_whole: bool, text: &str) -> Result<bool, Failure> {
    let pattern = if in_whole { compiled(&whole(pattern), flags) } else { compiled(pattern, flags) };
    pattern?.is_match(text).map_err(|_| too_long())
}
