//!

use super::Operator;

pub(super) const OPERATORS: &[Operator] = &[];

/// A moment in any of the forms that date operators take.
pub(crate) fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok().or_else(|| format!("{text}T00:00:00Z").parse().ok())
}
