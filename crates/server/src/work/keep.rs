//! From outcomes to what is kept: records, events, the person.

use provost_core::{AuditEvent, AuditKind, AuditResult, Verb};
use provost_engine::Outcome;
use provost_store::{Counts, Ended, Person, Run, RunState, StoredRecord, Write};
use serde_json::Value;

use super::user::{Done, Order, Told};
use super::{subject, without_secrets};
use crate::App;

/// How an outcome counts.
pub(super) fn result(outcome: &Outcome) -> AuditResult {
    match (outcome.record.success, outcome.record.skipped) {
        (false, _) => AuditResult::Failure,
        (true, true) => AuditResult::Skipped,
        (true, false) => AuditResult::Success,
    }
}

pub(super) fn counts(told: &[Told]) -> Counts {
    let count = |wanted| told.iter().filter(|told| result(&told.outcome) == wanted).count() as u64;
    Counts {
        succeeded: count(AuditResult::Success),
        skipped: count(AuditResult::Skipped),
        failed: count(AuditResult::Failure),
    }
}

/// Everything that is written when a command has ended.
pub(super) fn writes(app: &App, order: &Order, run: &Run, done: &Done) -> Vec<Write> {
    let mut writes = Vec::with_capacity(done.told.len() * 2 + 2);
    for (place, told) in done.told.iter().enumerate() {
        writes.push(Write::Event(Box::new(event(app, order, told))));
        writes.push(Write::Record(Box::new(record(order, place, told))));
    }
    writes.extend(end(order, run));
    writes.extend(person(app, order, done).map(|person| Write::Person(Box::new(person))));
    writes
}

/// A run that has begun ends; one of which nothing is written yet is written as a whole; a line
/// of a batch has none of its own.
fn end(order: &Order, run: &Run) -> Option<Write> {
    match &order.task {
        Some(task) => Some(Write::TaskDone(Box::new(task.lease.clone()))),
        None if order.command.verb == Verb::Get || order.dry_run => Some(Write::Run(Box::new(run.clone()))),
        None => {
            let (state, counts) = (run.state, run.counts);
            Some(Write::EndRun(Box::new(Ended { run: run.id.clone(), state, at: run.ended?, counts })))
        }
    }
}

fn event(app: &App, order: &Order, told: &Told) -> AuditEvent {
    let record = &told.kept.record;
    let message = if record.skipped { &record.reason } else { &record.error_message };
    AuditEvent {
        run: Some(order.run.clone()),
        line: order.line(),
        instance: Some(told.instance.as_str().into()),
        subject: subject(&order.command.profile),
        account: record.id.as_deref().map(Into::into),
        why: order.why.clone(),
        result: result(&told.kept),
        message: message.clone(),
        request_ids: told.kept.trace.iter().filter_map(|step| step.request_id.clone()).collect(),
        ..app.event(AuditKind::Command, &order.caller.actor, order.command.verb.command())
    }
}

fn record(order: &Order, place: usize, told: &Told) -> StoredRecord {
    let kept = &told.kept;
    StoredRecord {
        run: order.run.clone(),
        line: order.line().unwrap_or_default(),
        place: order.task.as_ref().map_or(place as u64, |task| task.lease.place),
        instance: told.instance.clone(),
        subject: subject(&order.command.profile),
        result: result(kept).as_str().to_owned(),
        record: serde_json::to_value(&kept.record).unwrap_or_default(),
        hints: kept.hints.clone(),
        trace: StoredRecord::trace_of(&kept.trace),
    }
}

/// The person, once something was written about them.
fn person(app: &App, order: &Order, done: &Done) -> Option<Person> {
    if order.command.verb == Verb::Get || order.dry_run || done.state != RunState::Succeeded {
        return None;
    }
    let profile = without_secrets(Value::Object(order.command.profile.fields()));
    let text = |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = match text("displayname") {
        name if name.is_empty() => format!("{} {}", text("givenname"), text("surname")).trim().to_owned(),
        name => name,
    };
    Some(Person {
        id: app.store.new_person_id(),
        person: subject(&order.command.profile)?.to_lowercase(),
        name,
        profile,
        updated: app.store.now(),
    })
}
