//! Patterns: finding, taking and replacing what matches a regular expression.
//!
//! Built-in operators read Go's patterns, which match in linear time; operators that are
//! scripts in XSOAR read Python's, with lookaround and backreferences under a limit.
//! [`compile`] holds both, [`dialect`] writes either for the engines.

mod compile;
mod dialect;
mod expand;
mod groups;
mod replace;

use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};

pub(super) use compile::{Flags, backtracking, linear, too_long};
pub(super) use dialect::Dialect;
pub(super) use expand::Template;

pub(super) const OPERATORS: &[Operator] = &[
    replace::REPLACE_MATCH,
    replace::REGEX_REPLACE,
    replace::REPLACE_MATCH_GROUP,
    groups::REGEX_EXTRACT_ALL,
    groups::REGEX_GROUPS,
    expand::REGEX_EXPAND,
];

/// A failure because an argument makes no sense.
fn wrong(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Argument, message)
}
