//! Values as pages show them.

use jiff::Timestamp;
use provost_store::Run;
use serde_json::Value;

use super::encoded;

/// A moment to the second, in UTC.
pub(super) fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A value of JSON for people: texts without quotes, nothing for null.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value of JSON over several lines; nothing for null.
pub(super) fn pretty(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => format!("{other:#}"),
    }
}

/// The page of a person.
pub(super) fn person_link(person: &str) -> String {
    format!("/people/{}", encoded(person))
}

/// A run as a row of a table.
pub(super) struct RunRow {
    pub(super) id: String,
    pub(super) started: String,
    pub(super) command: String,
    pub(super) dry_run: bool,
    pub(super) subject: String,
    pub(super) subject_link: String,
    pub(super) instances: String,
    pub(super) state: &'static str,
    pub(super) succeeded: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    pub(super) actor: String,
}

impl From<Run> for RunRow {
    fn from(run: Run) -> Self {
        let subject = run.subject.unwrap_or_default();
        Self {
            id: run.id.to_string(),
            started: moment(run.started),
            command: run.command,
            dry_run: run.dry_run,
            subject_link: person_link(&subject),
            subject,
            instances: run.instances.join(", "),
            state: run.state.as_str(),
            succeeded: run.counts.succeeded,
            skipped: run.counts.skipped,
            failed: run.counts.failed,
            actor: run.actor.name,
        }
    }
}
