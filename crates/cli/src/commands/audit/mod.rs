//! `provost audit`: the log of who did what, read at the store itself.

mod export;
mod list;
mod open;
mod resolve;
mod verify;

use std::process::ExitCode;

use provost_store::{EventFilter, LoggedEvent, Store};
use serde_json::{Value, json};

use crate::args::{AuditCommand, EventArgs, Format, Global, Moment};
use crate::commands::at_store::{closed, existing};
use crate::output::Hinted;

pub(crate) async fn run(global: &Global, command: AuditCommand) -> anyhow::Result<ExitCode> {
    let store = existing(command.place()).await?;
    closed(store, async |store| carry_out(global.output, store, command).await).await
}

async fn carry_out(format: Format, store: &Store, command: AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify(arguments) => verify::run(format, store, &arguments).await,
        AuditCommand::Export(arguments) => export::run(store, arguments).await,
        AuditCommand::List(arguments) => list::run(format, store, arguments).await,
        AuditCommand::Open(_) => open::run(format, store).await,
        AuditCommand::Resolve(arguments) => resolve::run(format, store, arguments).await,
    }
}

/// The filter that the arguments mean.
fn filter(arguments: EventArgs, now: jiff::Timestamp) -> anyhow::Result<EventFilter> {
    let moment = |name: &str, moment: Option<Moment>| {
        let too_far = || Hinted::new(format!("`--{name}` is too far away"));
        moment.map(|moment| moment.ago(now).ok_or_else(too_far)).transpose()
    };
    Ok(EventFilter {
        kind: arguments.kind,
        result: arguments.result,
        actor: arguments.actor,
        run: arguments.run,
        instance: arguments.instance,
        subject: arguments.subject,
        since: moment("since", arguments.since)?,
        until: moment("until", arguments.until)?,
    })
}

/// An event as programs read it, in the form of the API.
fn data(logged: &LoggedEvent) -> Value {
    let event: Value = serde_json::from_str(&logged.body).unwrap_or_default();
    json!({"seq": logged.seq, "event": event, "hash": logged.hash})
}
