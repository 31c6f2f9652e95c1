//! `provost audit resolve`: somebody has looked how a change ended.

use std::process::ExitCode;

use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::{LoggedEvent, Store};
use serde_json::json;

use super::open::{State, state};
use crate::args::{AuditResolve, Format};
use crate::commands::at_store::{answer, event, note, servers};
use crate::commands::serve::told;
use crate::output::Hinted;

pub(super) async fn run(format: Format, store: &Store, arguments: AuditResolve) -> anyhow::Result<ExitCode> {
    let AuditResolve { seq, result, note: found, .. } = arguments;
    let Some(intent) = store.open_intent(seq).await.map_err(told)? else {
        return Err(refused(store, seq).await?.into());
    };
    if state(store, &intent, &servers(store).await?).await?.0 == State::UnderWay {
        return Err(Hinted::new(format!("event {seq} is a change that a server is still at"))
            .hint("wait a minute: its end will be written, or the server is gone")
            .into());
    }
    let result = AuditResult::from(result);
    let number = note(store, resolution(store, intent, result, found)).await?;
    let data = json!({"seq": number, "refers": seq, "result": result});
    let text = format!("Event {number} says of the change {seq}: {}.", result.as_str());
    answer(format, &data, &text);
    Ok(ExitCode::SUCCESS)
}

fn resolution(store: &Store, intent: LoggedEvent, result: AuditResult, why: Option<String>) -> AuditEvent {
    let intended = intent.event;
    AuditEvent {
        run: intended.run,
        line: intended.line,
        instance: intended.instance,
        subject: intended.subject,
        account: intended.account,
        why,
        refers: Some(intent.seq),
        result,
        ..event(store, AuditKind::Resolution, &intended.what)
    }
}

/// Why an event cannot be resolved.
async fn refused(store: &Store, seq: u64) -> anyhow::Result<Hinted> {
    const OPEN: &str = "`provost audit open` lists what is open";
    let Some(event) = store.event(seq).await.map_err(told)? else {
        return Ok(Hinted::new(format!("there is no event {seq}")).hint(OPEN));
    };
    let ends = store.endings(seq).await.map_err(told)?;
    Ok(match (event.event.kind, ends.last()) {
        (AuditKind::Intent, Some(end)) => Hinted::new(format!(
            "event {seq} is open no longer: event {} says {}",
            end.seq,
            end.event.result.as_str()
        )),
        (kind, _) => {
            Hinted::new(format!("event {seq} is no open change, but `{}`", kind.as_str())).hint(OPEN)
        }
    })
}
