//! The audit log: a chain of events in which each carries the hash of all before it.
//!
//! The hash of an event is SHA-256, in hexadecimal, over the hash of the event before it (of
//! the first event: nothing), a line feed, its number, a line feed, and its text as it is kept.

mod append;
mod intents;
mod page;
mod verify;

use std::fmt::{self, Write as _};

use aws_lc_rs::digest::{Context, SHA256};
use provost_core::AuditEvent;

use crate::db::NO_NUL;

pub use append::Write;
pub(crate) use append::{Unit, append};
pub use page::EventFilter;
pub use verify::{Broken, Verified};

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// The event.
    pub event: AuditEvent,
    /// The event's text, over which the hash was made.
    pub body: String,
    /// The hash.
    pub hash: String,
}

/// An event with the hash before it, so that its own can be computed anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Chained {
    /// The hash of the event before it; empty for the first, and where that one is missing.
    pub previous: String,
    /// The event.
    pub logged: LoggedEvent,
}

/// The newest event of a log: whoever keeps this elsewhere can tell later that nothing before
/// it was changed or cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the newest event; 0 for a log without events.
    pub seq: u64,
    /// Its hash; empty for a log without events.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl Head {
    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hash) = text.split_once(':')?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().ok()?;
        (is_hash || seq == 0 && hash.is_empty()).then(|| Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

/// The hash of an event.
fn chained(before: &str, seq: u64, body: &str) -> String {
    let mut digest = Context::new(&SHA256);
    digest.update(format!("{before}\n{seq}\n").as_bytes());
    digest.update(body.as_bytes());
    hexadecimal(digest.finish().as_ref())
}

/// A person's name in a column. PostgreSQL's texts cannot hold a NUL.
fn folded(subject: &str) -> String {
    subject.to_lowercase().replace('\0', NO_NUL)
}

/// Bytes as text.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to memory does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
