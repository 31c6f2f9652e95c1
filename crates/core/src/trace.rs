//! The steps that led to a record, for people who ask why.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Collects the steps of one run. Clones share one list.
#[derive(Debug, Clone)]
pub struct Trace(Option<Arc<Mutex<Vec<TraceStep>>>>);

impl Default for Trace {
    fn default() -> Self {
        Self(Some(Arc::default()))
    }
}

/// One step: which part of the way it belongs to, and what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// The part of the way.
    pub stage: Stage,
    /// What happened, in words without secrets.
    pub text: String,
    /// The id that the system gave to the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The parts of a command's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Profile to attributes, or back.
    Map,
    /// The search for the account.
    LookUp,
    /// The flow table.
    Decide,
    /// A write.
    Write,
    /// A request and its answer.
    Http,
    /// An operation of a directory, and its result.
    Ldap,
}

impl Stage {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::LookUp => "look-up",
            Self::Decide => "decide",
            Self::Write => "write",
            Self::Http => "http",
            Self::Ldap => "ldap",
        }
    }
}

impl Trace {
    /// A trace that keeps nothing, for runs whose steps nobody reads.
    pub fn silent() -> Self {
        Self(None)
    }

    /// Adds a step.
    pub fn note(&self, stage: Stage, text: impl Into<String>) {
        self.explain(stage, || text.into());
    }

    /// Adds a step, whose words are only made if somebody reads them.
    pub fn explain(&self, stage: Stage, words: impl FnOnce() -> String) {
        self.answered(stage, || (words(), None));
    }

    /// Adds a step that a system answered, with the id that it gave to the request.
    pub fn answered(&self, stage: Stage, words: impl FnOnce() -> (String, Option<String>)) {
        if let Some(steps) = &self.0 {
            let (text, request_id) = words();
            steps.lock().unwrap_or_else(PoisonError::into_inner).push(TraceStep { stage, text, request_id });
        }
    }

    /// Whether nothing is kept.
    pub fn is_silent(&self) -> bool {
        self.0.is_none()
    }

    /// How many steps there are.
    pub fn count(&self) -> usize {
        self.read(<[TraceStep]>::len)
    }

    /// The ids that systems gave to the requests after so many steps.
    pub fn request_ids(&self, after: usize) -> Vec<String> {
        self.read(|steps| {
            let added = steps.get(after..).unwrap_or_default();
            added.iter().filter_map(|step| step.request_id.clone()).collect()
        })
    }

    /// The steps so far.
    pub fn steps(&self) -> Vec<TraceStep> {
        self.read(<[TraceStep]>::to_vec)
    }

    fn read<T>(&self, look: impl FnOnce(&[TraceStep]) -> T) -> T {
        match &self.0 {
            Some(steps) => look(&steps.lock().unwrap_or_else(PoisonError::into_inner)),
            None => look(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_written_only_where_there_is_one() {
        let trace = Trace::default();
        trace.note(Stage::Write, "create");
        trace.answered(Stage::Http, || ("POST /users".to_owned(), Some("r-1".to_owned())));
        let steps = [
            json!({"stage": "write", "text": "create"}),
            json!({"stage": "http", "text": "POST /users", "request_id": "r-1"}),
        ];
        assert_eq!(json!(trace.steps()), json!(steps));
        let read: Vec<TraceStep> = serde_json::from_value(json!(steps)).unwrap();
        assert_eq!(read, trace.steps());
        assert_eq!((trace.count(), trace.request_ids(0)), (2, vec!["r-1".to_owned()]));
        let silent = Trace::silent();
        silent.answered(Stage::Http, || unreachable!("nobody reads it"));
        assert_eq!((silent.is_silent(), silent.count()), (true, 0));
    }
}
