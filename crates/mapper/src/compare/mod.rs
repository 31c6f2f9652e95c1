//! What another mapper would change about a person. What could be a secret is masked before
//! it leaves.

mod shown;

use std::collections::BTreeSet;
use std::sync::Arc;

use provost_core::{Attributes, Profile, ProfileError, Redactor, Schema, is_empty};
use serde_json::{Value, json};

use crate::{Direction, Environment, Job, Mapped};

/// The members by which a person is named, best first.
const NAMES: [&str; 4] = ["email", "username", "employeeid", "id"];

/// Two mappers, and how documents are read for both.
pub struct Comparison<'a> {
    /// The mapper as it is.
    pub old: Job<'a>,
    /// The other one.
    pub new: Job<'a>,
    /// The fields of profiles.
    pub schema: Arc<Schema>,
    /// The moment, and where chance begins.
    pub environment: Environment,
}

/// Somebody for whom the mappers differ.
#[derive(Debug, PartialEq)]
pub struct Person {
    /// The number of the document.
    pub line: u64,
    /// What the person is called.
    pub name: String,
    /// What differs.
    pub changes: Vec<Change>,
}

/// An attribute that differs.
#[derive(Debug, PartialEq)]
pub struct Change {
    /// Its name.
    pub attribute: String,
    /// What the mapper makes of it as it is.
    pub before: State,
    /// What the other one makes of it.
    pub after: State,
}

/// What a mapper makes of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nothing.
    Missing,
    /// This value.
    Value(Value),
    /// A failure, and why.
    Failed(String),
}

/// How an attribute differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It has another value.
    Changed,
    /// It fails now.
    Fails,
    /// It fails no longer.
    Mended,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Added, Self::Removed, Self::Changed, Self::Fails, Self::Mended];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Fails => "fails",
            Self::Mended => "mended",
        }
    }
}

impl Comparison<'_> {
    /// The person of a document, if anything changes.
    ///
    /// # Errors
    /// A document that is no object.
    pub fn person(&self, line: u64, document: Value) -> Result<Option<Person>, ProfileError> {
        let profile = match Profile::from_value(document) {
            Err(ProfileError::Empty) => Profile::default(),
            profile => profile?.with_schema(Arc::clone(&self.schema)),
        };
        let source = Value::Object(match self.old.mapper.direction {
            Direction::Outgoing => profile.mapping_source(),
            Direction::Incoming => profile.as_given().clone(),
        });
        let (old, new) = (self.old.run(&source, &self.environment), self.new.run(&source, &self.environment));
        let mut changes = changes(&old, &new);
        if changes.is_empty() {
            return Ok(None);
        }
        let mut redactor = Redactor::default();
        for learned in [source, Value::Object(old.output), Value::Object(new.output)] {
            redactor.learn(&learned);
        }
        for change in &mut changes {
            change.mask(&redactor);
        }
        Ok(Some(Person { line, name: redactor.text(&name(&profile, line)), changes }))
    }
}

fn name(profile: &Profile, line: u64) -> String {
    let named = NAMES.iter().filter_map(|name| profile.get(name)).find(|value| !is_empty(value));
    match named {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => format!("line {line}"),
    }
}

/// The attributes that differ, in the order of the old mapper, then of the new one.
fn changes(old: &Mapped, new: &Mapped) -> Vec<Change> {
    if old.output == new.output && old.errors.is_empty() && new.errors.is_empty() {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let targets = [old, new]
        .into_iter()
        .flat_map(|mapped| mapped.output.keys().chain(mapped.errors.iter().map(|error| &error.target)));
    let mut changes = Vec::new();
    for target in targets {
        if !seen.insert(target) {
            continue;
        }
        let (before, after) = (State::of(old, target), State::of(new, target));
        if before.differs_from(&after) {
            changes.push(Change { attribute: target.clone(), before, after });
        }
    }
    changes
}

impl State {
    fn of(mapped: &Mapped, target: &str) -> Self {
        if let Some(error) = mapped.errors.iter().find(|error| error.target == target) {
            return Self::Failed(error.problem.clone());
        }
        mapped.output.get(target).map_or(Self::Missing, |value| Self::Value(value.clone()))
    }

    /// What fails before and after is left out of the target both times, whatever it says.
    fn differs_from(&self, other: &Self) -> bool {
        self != other && !matches!((self, other), (Self::Failed(_), Self::Failed(_)))
    }

    fn mask(&mut self, attribute: &str, redactor: &Redactor) {
        match self {
            Self::Missing => {}
            Self::Failed(problem) => *problem = redactor.text(problem),
            // Beside its name a value is masked that is secret by it.
            Self::Value(value) => {
                let mut named = json!({attribute: value.take()});
                redactor.value(&mut named);
                *value = named[attribute].take();
            }
        }
    }
}

impl Change {
    /// How it differs.
    pub fn kind(&self) -> Kind {
        match (&self.before, &self.after) {
            (_, State::Failed(_)) => Kind::Fails,
            (State::Failed(_), _) => Kind::Mended,
            (State::Missing, _) => Kind::Added,
            (_, State::Missing) => Kind::Removed,
            (State::Value(_), State::Value(_)) => Kind::Changed,
        }
    }

    fn mask(&mut self, redactor: &Redactor) {
        self.before.mask(&self.attribute, redactor);
        self.after.mask(&self.attribute, redactor);
    }

    /// Both values for people, long ones cut to where they differ.
    pub fn shown(&self) -> (String, String) {
        shown::pair(self)
    }

    fn as_json(&self) -> Value {
        let mut json = Attributes::new();
        json.insert("attribute".to_owned(), Value::from(self.attribute.as_str()));
        json.insert("change".to_owned(), Value::from(self.kind().as_str()));
        for (name, state) in [("before", &self.before), ("after", &self.after)] {
            match state {
                State::Missing => {}
                State::Value(value) => drop(json.insert(name.to_owned(), value.clone())),
                State::Failed(problem) => {
                    drop(json.insert("problem".to_owned(), Value::from(problem.as_str())));
                }
            }
        }
        Value::Object(json)
    }
}

impl Person {
    /// The person for a program. What is missing has no member; a problem has one of its
    /// own, in the place of the value.
    pub fn as_json(&self) -> Value {
        let changes: Vec<Value> = self.changes.iter().map(Change::as_json).collect();
        json!({"person": self.name, "line": self.line, "changes": changes})
    }
}
