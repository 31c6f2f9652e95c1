//! `provost audit list`: the newest events.

use std::process::ExitCode;

use provost_core::{AuditEvent, AuditResult};
use provost_store::{EventFilter, LoggedEvent, Store};

use super::{data, filter};
use crate::args::{AuditList, Format};
use crate::commands::at_store::print;
use crate::commands::serve::told;
use crate::output::{BAD, Cell, GOOD, SKIPPED};

/// How many are read at once.
const PAGE: u64 = 500;
const HEADINGS: [&str; 9] = ["seq", "time", "kind", "who", "what", "person", "instance", "result", "message"];

pub(super) async fn run(format: Format, store: &Store, arguments: AuditList) -> anyhow::Result<ExitCode> {
    let filter = filter(arguments.events, store.now())?;
    let events = newest(store, &filter, arguments.limit).await?;
    let rows = events.iter().map(|event| (data(event), cells(event))).collect();
    print(format, &HEADINGS, rows, "There are no such events.");
    Ok(ExitCode::SUCCESS)
}

async fn newest(store: &Store, filter: &EventFilter, limit: u64) -> anyhow::Result<Vec<LoggedEvent>> {
    let mut events: Vec<LoggedEvent> = Vec::new();
    loop {
        let size = PAGE.min(limit - events.len() as u64);
        let page = store.events(filter, events.last().map(|event| event.seq), size).await.map_err(told)?;
        let is_last = (page.len() as u64) < size;
        events.extend(page);
        if is_last || events.len() as u64 >= limit {
            return Ok(events);
        }
    }
}

fn cells(logged: &LoggedEvent) -> Vec<Cell> {
    let event = &logged.event;
    vec![
        logged.seq.to_string().into(),
        moment(event).into(),
        event.kind.as_str().into(),
        event.actor.name.as_str().into(),
        event.what.as_str().into(),
        event.subject.as_deref().unwrap_or_default().into(),
        instance(event).into(),
        result(event.result),
        event.message.as_str().into(),
    ]
}

/// To the second, which is enough for people.
pub(super) fn moment(event: &AuditEvent) -> String {
    event.time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

pub(super) fn instance(event: &AuditEvent) -> &str {
    event.instance.as_ref().map_or("", |instance| instance.as_str())
}

fn result(result: AuditResult) -> Cell {
    let style = match result {
        AuditResult::Success => Some(GOOD),
        AuditResult::Skipped => Some(SKIPPED),
        AuditResult::Failure | AuditResult::Unknown => Some(BAD),
        AuditResult::Open => None,
    };
    Cell(result.as_str().to_owned(), style)
}
