//! What was answered before, for the faults that show it again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::response::Response;
use bytes::Bytes;

/// How many reads are remembered; after that many, all are forgotten.
const READS: usize = 1000;

/// The answers to reads.
#[derive(Default)]
pub(super) struct Memory {
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    writes: u64,
    /// By path and query, the newest last.
    reads: HashMap<String, Vec<Kept>>,
    /// The last one at each path.
    last: HashMap<String, Kept>,
}

#[derive(Clone)]
struct Kept {
    writes: u64,
    parts: Parts,
    body: Bytes,
}

impl Kept {
    fn response(&self) -> Response {
        Response::from_parts(self.parts.clone(), Body::from(self.body.clone()))
    }
}

impl Memory {
    /// Something was written.
    pub(super) fn wrote(&self) {
        self.seen().writes += 1;
    }

    /// What the same read showed before the last write.
    pub(super) fn stale(&self, target: &str) -> Option<Response> {
        let seen = self.seen();
        let mut kept = seen.reads.get(target)?.iter().rev();
        kept.find(|kept| kept.writes < seen.writes).map(Kept::response)
    }

    /// What the last read at this path showed.
    pub(super) fn again(&self, path: &str) -> Option<Response> {
        self.seen().last.get(path).map(Kept::response)
    }

    /// Remembers an answer and gives it back.
    pub(super) async fn keep(&self, path: &str, target: &str, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let mut seen = self.seen();
        let kept = Kept { writes: seen.writes, parts, body };
        if seen.reads.len() >= READS {
            seen.reads.clear();
            seen.last.clear();
        }
        seen.last.insert(path.to_owned(), kept.clone());
        let before = seen.reads.entry(target.to_owned()).or_default();
        // One answer for each state, and of the states the last two.
        before.retain(|old| old.writes < kept.writes);
        if before.len() > 1 {
            before.remove(0);
        }
        before.push(kept.clone());
        kept.response()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
