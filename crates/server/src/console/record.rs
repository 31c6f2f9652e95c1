//! Records with the steps that led to them.

use provost_store::StoredRecord;
use serde_json::{Value, json};

use super::shown::{plain, pretty};
use crate::work::{Answer, Told};

/// A record.
pub(super) struct Shown {
    pub(super) instance: String,
    pub(super) action: String,
    /// `success`, `skipped` or `failure`
    pub(super) result: &'static str,
    pub(super) active: &'static str,
    pub(super) id: String,
    pub(super) username: String,
    pub(super) email: String,
    pub(super) error_code: String,
    /// What failed, or why it was skipped.
    pub(super) message: String,
    pub(super) details: String,
    pub(super) hints: Vec<String>,
    pub(super) steps: Vec<Step>,
    /// The line of a batch; 0 for a single command.
    pub(super) line: u64,
    pub(super) run: String,
}

/// A step.
pub(super) struct Step {
    pub(super) stage: String,
    pub(super) text: String,
    pub(super) request_id: String,
}

impl Step {
    fn of(step: &Value) -> Self {
        let text = |name: &str| plain(&step[name]);
        Self { stage: text("stage"), text: text("text"), request_id: text("request_id") }
    }
}

impl Shown {
    fn of(record: &Value, hints: Vec<String>, trace: &[Value]) -> Self {
        let text = |name: &str| plain(&record[name]);
        let result = match (record["success"] == true, record["skipped"] == true) {
            (false, _) => "failure",
            (true, true) => "skipped",
            (true, false) => "success",
        };
        let active = match record["active"].as_bool() {
            Some(true) => "active",
            Some(false) => "disabled",
            None => "",
        };
        Self {
            instance: text("instanceName"),
            action: text("action"),
            result,
            active,
            id: text("id"),
            username: text("username"),
            email: text("email"),
            error_code: text("errorCode"),
            message: if result == "skipped" { text("reason") } else { text("errorMessage") },
            details: pretty(&record["details"]),
            hints,
            steps: trace.iter().map(Step::of).collect(),
            line: 0,
            run: String::new(),
        }
    }
}

impl From<StoredRecord> for Shown {
    fn from(kept: StoredRecord) -> Self {
        let shown = Self::of(&kept.record, kept.hints, &kept.trace);
        Self { line: kept.line, run: kept.run.to_string(), ..shown }
    }
}

impl From<&Told> for Shown {
    fn from(told: &Told) -> Self {
        let outcome = &told.outcome;
        Self::of(&json!(outcome.record), outcome.hints.clone(), &StoredRecord::trace_of(&outcome.trace))
    }
}

impl From<&Answer> for Shown {
    fn from(answer: &Answer) -> Self {
        let record = json!({"brand": answer.brand, "instanceName": answer.instance, "success": answer.success,
            "errorCode": answer.code, "errorMessage": answer.message, "details": answer.result.outputs});
        Self::of(&record, answer.hints.clone(), &StoredRecord::trace_of(&answer.trace))
    }
}
