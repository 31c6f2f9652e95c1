//! A line of a batch as it waits in the queue: sealed, for a profile may hold secrets.

use std::sync::Arc;

use provost_core::{Profile, Schema, UserCommand, Verb};
use provost_store::{Envelope, Lease};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Problem;

/// What a line wants at an instance.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    verb: Verb,
    profile: Map<String, Value>,
    allow_enable: bool,
}

impl Line {
    pub(super) fn of(command: &UserCommand) -> Self {
        Self {
            verb: command.verb,
            profile: command.profile.as_given().clone(),
            allow_enable: command.allow_enable,
        }
    }

    pub(super) fn seal(&self, envelope: &Envelope, line: u64) -> Result<Vec<u8>, Problem> {
        let text = serde_json::to_vec(self).map_err(|error| Problem::bug(error.to_string()))?;
        envelope.seal(&name(line), &text).map_err(|error| Problem::bug(error.to_string()))
    }

    pub(super) fn open(envelope: &Envelope, lease: &Lease, sealed: &[u8]) -> Result<Self, Problem> {
        let text =
            envelope.open(&name(lease.line), sealed).map_err(|error| Problem::bug(error.to_string()))?;
        serde_json::from_slice(&text).map_err(|error| Problem::bug(error.to_string()))
    }

    pub(super) fn command(self, schema: Arc<Schema>) -> Result<UserCommand, Problem> {
        let profile = Profile::from_value(Value::Object(self.profile));
        let profile = profile.map_err(|error| Problem::bug(error.to_string()))?.with_schema(schema);
        Ok(UserCommand { verb: self.verb, profile, allow_enable: self.allow_enable })
    }
}

fn name(line: u64) -> String {
    format!("line {line}")
}
