//! The commands that work at a store itself: `provost audit`, `provost store`, `provost key`.

mod audit;
mod copies;
mod export;
mod keys;

use std::sync::Arc;

use jiff::Timestamp;
use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult, Clock, Random};
use provost_store::{Location, Store, Write};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;

use crate::provost::Provost;

/// A clock that stands still, and bytes that are not random.
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        "2026-03-02T09:00:00Z".parse().expect("a moment")
    }
}

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// The store in the folder of the program, where commands look without being told.
async fn store(provost: &Provost) -> Store {
    let place = Location::File(provost.folder().join("provost.db"));
    Store::open(&place, Arc::new(Fixed), Arc::new(Fixed)).await.expect("a store")
}

/// The event of this number in the stores of these tests.
fn event(store: &Store, number: u64, kind: AuditKind, what: &str) -> AuditEvent {
    let actor = Actor { kind: ActorKind::Key, id: "k1".to_owned(), name: "nightly".to_owned() };
    AuditEvent {
        instance: Some(if number.is_multiple_of(2) { "crm" } else { "hr" }.into()),
        subject: Some("Ann@example.com".to_owned()),
        message: format!("née {number:04} \u{1f600}"),
        ..AuditEvent::new(store.now(), kind, &actor, "n1", what)
    }
}

async fn write(store: &Store, events: Vec<AuditEvent>) -> Vec<u64> {
    let writes = events.into_iter().map(|event| Write::Event(Box::new(event))).collect();
    store.commit(writes).await.expect("written")
}

/// The program beside a store with so many events.
async fn with_events(count: u64) -> Provost {
    let provost = Provost::new();
    let store = store(&provost).await;
    let one = |number| event(&store, number, AuditKind::Command, "iam-get-user");
    write(&store, (1..=count).map(one).collect()).await;
    store.close().await;
    provost
}

/// Three changes: one that is done, one whose end is not known, one that was interrupted.
async fn with_changes() -> Provost {
    let provost = Provost::new();
    let store = store(&provost).await;
    let intents = (1..=3).map(|number| AuditEvent {
        result: AuditResult::Open,
        ..event(&store, number, AuditKind::Intent, "disable")
    });
    write(&store, intents.collect()).await;
    let ends = [(1, AuditResult::Success), (2, AuditResult::Unknown)].map(|(intent, result)| AuditEvent {
        refers: Some(intent),
        result,
        ..event(&store, intent, AuditKind::Ending, "disable")
    });
    write(&store, ends.into()).await;
    store.close().await;
    provost
}

/// Changes the file of a store behind its back: a text for another one of the same length.
fn tamper(provost: &Provost, text: &str, other: &str) {
    assert_eq!(text.len(), other.len());
    let file = provost.folder().join("provost.db");
    let mut bytes = std::fs::read(&file).expect("a store");
    let place = bytes.windows(text.len()).position(|window| window == text.as_bytes()).expect("it is there");
    bytes[place..place + other.len()].copy_from_slice(other.as_bytes());
    std::fs::write(file, bytes).expect("writable");
}

/// Waits until a child has said a word; what it said until then.
async fn wait_for(child: &mut Child, word: &str) -> String {
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut said = String::new();
    while !said.contains(word) {
        said += &lines.next_line().await.expect("readable").expect("a line");
        said.push('\n');
    }
    said
}
