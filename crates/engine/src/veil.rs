//! What hides secrets in everything that leaves a command: records, steps and events.

use provost_core::{Attributes, Private, PrivateValues, Redactor, Trace, TraceStep};
use serde_json::Value;

use crate::Instance;

/// Masks the secrets of one command at one instance.
#[derive(Clone)]
pub(crate) struct Veil(Redactor);

impl Veil {
    /// Hides the instance's secrets, those that the caller gave, and those that were made for
    /// the account.
    pub(crate) fn new(instance: &Instance, given: &Attributes, made: &[String]) -> Self {
        let mut redactor = instance.connector.redactor().clone();
        redactor.learn_members(given);
        for secret in made {
            redactor.add(secret);
        }
        Self(redactor)
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.0.text(text)
    }

    /// Known secrets and the members that are secret by their name, at any depth.
    pub(crate) fn value(&self, value: &mut Value) {
        self.0.value(value);
    }

    pub(crate) fn members(&self, members: Attributes) -> Attributes {
        let mut value = Value::Object(members);
        self.value(&mut value);
        object(value)
    }

    /// The steps of a trace.
    pub(crate) fn steps(&self, trace: &Trace) -> Vec<TraceStep> {
        let mut steps = trace.steps();
        for step in &mut steps {
            step.text = self.text(&step.text);
            step.request_id = step.request_id.take().map(|id| self.text(&id));
        }
        steps
    }
}

/// The same for what is kept: private values are masked too.
#[derive(Clone)]
pub(crate) struct Shade {
    veil: Veil,
    private: PrivateValues,
}

impl Shade {
    pub(crate) fn new(veil: Veil, private: &Private) -> Self {
        Self { veil, private: private.values() }
    }

    /// Learns the values of members that are secret by their name, and of private ones.
    pub(crate) fn learn(&mut self, members: &Attributes) {
        self.veil.0.learn_members(members);
        self.private.learn_members(members);
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.private.text(&self.veil.text(text))
    }

    pub(crate) fn members(&self, members: Attributes) -> Attributes {
        let mut value = Value::Object(self.veil.members(members));
        self.private.value(&mut value);
        object(value)
    }
}

fn object(value: Value) -> Attributes {
    match value {
        Value::Object(members) => members,
        _ => Attributes::new(),
    }
}
