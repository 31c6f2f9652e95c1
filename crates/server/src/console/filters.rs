//! What templates do to values.
#![expect(
    unreachable_pub,
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "the macro makes a public type of a filter, whose methods are what templates call"
)]

use std::fmt::Display;

use askama::Values;

use super::encoded;

/// A text as a part of a path.
#[askama::filter_fn]
pub(super) fn path_part(text: impl Display, _: &dyn Values) -> askama::Result<String> {
    Ok(encoded(&text.to_string()))
}
