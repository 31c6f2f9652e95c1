//! Events as the Open Cybersecurity Schema Framework (schema.ocsf.io) writes them. What it has
//! no attribute for is in `unmapped`, so that nothing is lost.

mod objects;
mod table;
#[cfg(test)]
mod tests;

use provost_core::{AuditEvent, AuditResult};
use serde_json::{Map, Value, json};

use crate::{Chained, LoggedEvent};

use self::objects::{actor, class_members, product};

/// The version of the schema.
pub const SCHEMA: &str = "1.3.0";

/// An event of ours as one of theirs.
pub(super) fn event(event: &Chained) -> Value {
    let logged = &event.logged;
    let (class, activity, activity_name) = table::classified(&logged.event);
    let about = class.about();
    let (status, status_name) = status(logged.event.result);
    let mut members = members(json!({
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": about.category.0,
        "category_name": about.category.1,
        "class_uid": about.uid,
        "class_name": about.name,
        "type_uid": about.uid * 100 + activity,
        "type_name": format!("{}: {activity_name}", about.name),
        "time": logged.event.time.as_millisecond(),
        "severity_id": 1,
        "severity": "Informational",
        "status_id": status,
        "status": status_name,
        "message": sentence(&logged.event),
        "metadata": metadata(logged),
        "actor": {"user": actor(&logged.event.actor)},
    }));
    if !logged.event.message.is_empty() {
        members.insert("status_detail".to_owned(), logged.event.message.as_str().into());
    }
    members.extend(class_members(class, &logged.event));
    members.insert("unmapped".to_owned(), unmapped(event));
    Value::Object(members)
}

/// The id and the name of how it ended. What they have no word for has ours.
fn status(result: AuditResult) -> (u64, &'static str) {
    match result {
        AuditResult::Success => (1, "Success"),
        AuditResult::Failure => (2, "Failure"),
        AuditResult::Unknown => (0, "Unknown"),
        AuditResult::Open | AuditResult::Skipped => (99, result.as_str()),
    }
}

fn metadata(logged: &LoggedEvent) -> Value {
    let mut metadata = members(json!({
        "version": SCHEMA,
        "product": product(),
        "uid": logged.hash,
        "sequence": logged.seq,
        "log_name": "audit",
        "event_code": logged.event.kind.as_str(),
    }));
    if let Some(run) = &logged.event.run {
        metadata.insert("correlation_uid".to_owned(), run.as_str().into());
    }
    Value::Object(metadata)
}

/// The event for people.
fn sentence(event: &AuditEvent) -> String {
    let subject = event.subject.as_deref().map(|subject| format!(" {subject}")).unwrap_or_default();
    let place = event.instance.as_ref().map(|instance| format!(" at {}", instance.as_str()));
    format!(
        "{}{subject}{} by {}: {}",
        event.what,
        place.unwrap_or_default(),
        event.actor.name,
        event.result.as_str()
    )
}

/// The members of our event for which there is no other place.
const UNMAPPED: [&str; 10] =
    ["kind", "node", "line", "instance", "what", "why", "before", "after", "refers", "request_ids"];

fn unmapped(event: &Chained) -> Value {
    let mut rest = members(json!({"previous": event.previous}));
    let all = members(serde_json::to_value(&event.logged.event).unwrap_or_default());
    rest.extend(all.into_iter().filter(|(name, _)| UNMAPPED.contains(&name.as_str())));
    Value::Object(rest)
}

/// The members of an object.
fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
