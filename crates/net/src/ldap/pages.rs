//! Searches of which more pages are to come. A server keeps such a search with its connection
//! (RFC 2696), which is kept for it here.

use std::collections::VecDeque;
use std::sync::Mutex;

use provost_core::{Fault, FaultKind};

use super::connection::Connection;
use super::pool::lock;

/// How many searches may be under way. Of more, the oldest is given up: most likely nobody
/// reads on.
const MOST: usize = 8;

#[derive(Default)]
pub(super) struct Pages(Mutex<State>);

#[derive(Default)]
struct State {
    begun: u64,
    kept: VecDeque<Kept>,
}

struct Kept {
    token: String,
    connection: Connection,
    cookie: Vec<u8>,
}

impl Pages {
    /// Keeps a connection for the next page, whose name is returned.
    pub(super) fn keep(&self, connection: Connection, cookie: Vec<u8>) -> String {
        let mut state = lock(&self.0);
        state.begun += 1;
        let token = state.begun.to_string();
        state.kept.push_back(Kept { token: token.clone(), connection, cookie });
        if state.kept.len() > MOST {
            state.kept.pop_front();
        }
        token
    }

    /// The connection for a page, and where the page begins.
    pub(super) fn take(&self, token: &str) -> Result<(Connection, Vec<u8>), Fault> {
        let mut state = lock(&self.0);
        let at = state.kept.iter().position(|kept| kept.token == token);
        let kept = at.and_then(|at| state.kept.remove(at));
        kept.map(|kept| (kept.connection, kept.cookie)).ok_or_else(|| {
            Fault::new(FaultKind::InvalidValue, "this page is not there any more")
                .with_hint("begin the list anew")
        })
    }
}
