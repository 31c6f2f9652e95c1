//! The examples in a mapper's own file.

use provost_core::{Profile, Verb};
use serde_json::{Map, Value};

use crate::effects::{Answers, ROUNDS, Request};
use crate::operators::Environment;
use crate::plan::{Direction, Mapper, SelfTest};
use crate::run::{Mapped, Purpose};

/// What stands for a secret in `expect`.
const GENERATED: &str = "[generated]";

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
        let mapped = match self.settled(test, purpose) {
            Ok(mapped) => mapped,
            Err(problem) => return Some(problem),
        };
        if let Some(error) = mapped.errors.first() {
            return Some(error.to_string());
        }
        let (got, expected) = (Value::Object(mapped.output), Value::Object(test.expect.clone()));
        (got != expected).then(|| format!("expected {expected}, got {got}"))
    }

    /// What the mapper reads: a profile has its members in any spelling, as in a command.
    fn source(&self, given: &Map<String, Value>) -> Map<String, Value> {
        match (self.direction, Profile::from_value(Value::Object(given.clone()))) {
            (Direction::Outgoing, Ok(profile)) => profile.mapping_source(),
            _ => given.clone(),
        }
    }

    /// The mapping with every request answered from the test's accounts.
    fn settled(&self, test: &SelfTest, purpose: Purpose) -> Result<Mapped, String> {
        let document = Value::Object(self.source(&test.given));
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mapped = self.run_with(&document, purpose, &Environment::fixed(), &answers);
            if mapped.requests.is_empty() {
                return Ok(mapped);
            }
            for request in mapped.requests {
                let answer = answer(&request, &test.accounts)?;
                answers.add(request, answer);
            }
        }
        Err("there is no end to what it asks".to_owned())
    }
}

/// What a system with these accounts would answer. Texts are compared without case, as
/// systems do.
fn answer(request: &Request, accounts: &[Map<String, Value>]) -> Result<Option<Value>, String> {
    let with = |attribute: &str, value: &str| {
        accounts.iter().find(|account| {
            let shown = account.get(attribute).and_then(Value::as_str);
            shown.is_some_and(|shown| shown.to_lowercase() == value.to_lowercase())
        })
    };
    match request {
        Request::Unique { by, candidates } => match candidates.iter().find(|value| with(by, value).is_none())
        {
            Some(free) => Ok(Some(Value::from(free.as_str()))),
            None => Err(format!("every value for `{by}` is taken")),
        },
        Request::Reference { find, take, must_exist } => {
            match find.iter().find_map(|(attribute, value)| with(attribute, value)) {
                None if *must_exist => Err(format!("nobody has {}", find_in_words(find))),
                found => Ok(found.and_then(|account| account.get(take)).cloned()),
            }
        }
        Request::Secret { .. } => Ok(Some(Value::from(GENERATED))),
    }
}

fn find_in_words(find: &[(String, String)]) -> String {
    find.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", nor ")
}
