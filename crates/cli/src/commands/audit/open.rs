//! `provost audit open`: changes whose end is not written.

use std::process::ExitCode;

use provost_core::{AuditKind, words};
use provost_store::{LoggedEvent, Node, Store};
use serde_json::{Value, json};

use super::data;
use super::list::{instance, moment};
use crate::args::Format;
use crate::commands::at_store::{print, servers};
use crate::commands::serve::told;
use crate::output::{self, Cell};

/// How many are shown at most.
const MOST: u64 = 1000;
const HEADINGS: [&str; 8] = ["seq", "time", "who", "what", "person", "instance", "state", "message"];

words!(
    /// What is known of a change whose end is not written.
    State {
        /// A server is at it.
        UnderWay = "under way",
        /// The server that was at it is gone.
        Interrupted = "interrupted",
        /// It ended, and whether it was done is not known.
        Unknown = "end not known",
    }
);

pub(super) async fn run(format: Format, store: &Store) -> anyhow::Result<ExitCode> {
    let servers = servers(store).await?;
    let mut rows = Vec::new();
    for intent in store.open_intents(MOST).await.map_err(told)? {
        rows.push(row(&intent, state(store, &intent, &servers).await?));
    }
    let is_any = !rows.is_empty();
    print(format, &HEADINGS, rows, "No change is open: of every change it is written how it ended.");
    if is_any {
        output::hint("look at the system, then say how it ended: provost audit resolve SEQ --result success");
    }
    Ok(ExitCode::SUCCESS)
}

/// What is known of it, and what was written when it ended.
pub(super) async fn state(
    store: &Store,
    intent: &LoggedEvent,
    servers: &[Node],
) -> anyhow::Result<(State, String)> {
    let endings = store.endings(intent.seq).await.map_err(told)?;
    let ending = endings.into_iter().find(|event| event.event.kind == AuditKind::Ending);
    Ok(match ending {
        Some(ending) => (State::Unknown, ending.event.message),
        None if servers.iter().any(|node| node.id == intent.event.node) => (State::UnderWay, String::new()),
        None => (State::Interrupted, String::new()),
    })
}

fn row(intent: &LoggedEvent, (state, message): (State, String)) -> (Value, Vec<Cell>) {
    let event = &intent.event;
    let cells = vec![
        intent.seq.to_string().into(),
        moment(event).into(),
        event.actor.name.as_str().into(),
        event.what.as_str().into(),
        event.subject.as_deref().unwrap_or_default().into(),
        instance(event).into(),
        state.as_str().into(),
        message.as_str().into(),
    ];
    let mut data = data(intent);
    data["state"] = state.as_str().into();
    data["message"] = json!(message);
    (data, cells)
}
