//! The examples in a mapper's own file.

use provost_core::Verb;
use serde_json::Value;

use crate::operators::Environment;
use crate::plan::{Direction, Mapper, SelfTest};
use crate::run::Purpose;

impl Mapper {
    /// Runs the examples and says of each that fails what came out instead.
    pub fn failing_tests(&self) -> Vec<String> {
        let numbered = self.tests.iter().enumerate();
        numbered
            .filter_map(|(index, test)| self.failure(test).map(|why| format!("test {}: {why}", index + 1)))
            .collect()
    }

    fn failure(&self, test: &SelfTest) -> Option<String> {
        let purpose = match self.direction {
            Direction::Incoming => Purpose::Incoming,
            Direction::Outgoing => Purpose::Outgoing(test.on.unwrap_or(Verb::Update)),
        };
        let mapped = self.run(&Value::Object(test.given.clone()), purpose, &Environment::fixed());
        if let Some(error) = mapped.errors.first() {
            return Some(error.to_string());
        }
        let (got, expected) = (Value::Object(mapped.output), Value::Object(test.expect.clone()));
        (got != expected).then(|| format!("expected {expected}, got {got}"))
    }
}
