//! Searches of which more pages are to come. A server keeps such a search with its connection
//! (RFC 2696), which is kept for it here; and the last page, for those who lost it on their way.

use std::collections::VecDeque;
use std::sync::Mutex;

use provost_core::{Fault, FaultKind};

use super::connection::Connection;
use super::operation::Entry;
use super::pool::lock;

/// How many searches may be under way. Of more, the oldest is given up: most likely nobody
/// reads on.
const MOST: usize = 8;

/// A page, and the name of the one after it.
pub(super) type Read = (Vec<Entry>, Option<String>);

#[derive(Default)]
pub(super) struct Pages(Mutex<State>);

#[derive(Default)]
struct State {
    begun: u64,
    kept: VecDeque<Kept>,
}

struct Kept {
    /// The page that is read next: its name, and where it begins.
    next: Option<(String, Connection, Vec<u8>)>,
    /// The page that was read last, by its name.
    last: Option<(String, Read)>,
}

/// A page that was asked for by its name.
pub(super) enum Asked {
    /// It has still to be read.
    New(Connection, Vec<u8>),
    /// It was read before.
    Again(Read),
}

impl Pages {
    /// The page of this name.
    pub(super) fn take(&self, token: &str) -> Result<Asked, Fault> {
        let mut state = lock(&self.0);
        let is_next = |kept: &Kept| kept.next.as_ref().is_some_and(|(name, ..)| name == token);
        if let Some(at) = state.kept.iter().position(is_next)
            && let Some((_, connection, cookie)) = state.kept.remove(at).and_then(|kept| kept.next)
        {
            return Ok(Asked::New(connection, cookie));
        }
        let again = state.kept.iter().filter_map(|kept| kept.last.as_ref()).find(|(name, _)| name == token);
        again.map(|(_, read)| Asked::Again(read.clone())).ok_or_else(|| {
            Fault::new(FaultKind::InvalidValue, "this page is not there any more")
                .with_hint("begin the list anew")
        })
    }

    /// Keeps what was read, which had this name if it was not the first page, and the connection
    /// where there is more to read.
    pub(super) fn keep(
        &self,
        token: Option<&str>,
        entries: Vec<Entry>,
        more: Option<(Connection, Vec<u8>)>,
    ) -> Read {
        let mut state = lock(&self.0);
        state.begun += 1;
        let name = more.is_some().then(|| state.begun.to_string());
        let read = (entries, name.clone());
        let last = token.map(|token| (token.to_owned(), read.clone()));
        let next = name.zip(more).map(|(name, (connection, cookie))| (name, connection, cookie));
        state.kept.push_back(Kept { next, last });
        if state.kept.len() > MOST {
            state.kept.pop_front();
        }
        read
    }
}
