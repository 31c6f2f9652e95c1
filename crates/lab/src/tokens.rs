//! Tokens that a vendor gave out, until they end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How long a token is good, in seconds.
pub(crate) const LIFETIME: i64 = 3600;

/// The tokens with the second in which they end.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, i64>>);

impl Tokens {
    /// A new token.
    pub(crate) fn give(&self, now: Timestamp) -> String {
        let token: String = std::iter::repeat_with(fastrand::alphanumeric).take(43).collect();
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, end| *end > now.as_second());
        tokens.insert(token.clone(), now.as_second() + LIFETIME);
        token
    }

    /// Whether a token was given out and has not ended.
    pub(crate) fn has(&self, token: &str, now: Timestamp) -> bool {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).is_some_and(|end| *end > now.as_second())
    }
}
