//! Running a mapper over a document.

use provost_core::{Attributes, Verb};
use serde_json::Value;

use crate::evaluate::Evaluation;
use crate::operators::Environment;
use crate::plan::{COMMON_TYPE, Field, Mapper, Strength};

/// What a mapping is for. It picks the type of an XSOAR mapper and the fields that a
/// native one restricts with `on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A system's account becomes a user profile.
    Incoming,
    /// A user profile becomes a system's attributes, for this command.
    Outgoing(Verb),
}

/// The result of a mapping.
#[derive(Debug, Default, PartialEq)]
pub struct Mapped {
    /// The targets that have a value.
    pub output: Attributes,
    /// The fields that failed; they are not in the output.
    pub errors: Vec<FieldError>,
    /// The targets that may not always be written over.
    pub reserved: Vec<(String, Strength)>,
}

/// A field that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{target}`: {problem}")]
pub struct FieldError {
    /// The field's target.
    pub target: String,
    /// What is wrong.
    pub problem: String,
}

impl Purpose {
    /// The names under which an XSOAR mapper may hold this mapping, best first. Files
    /// from before July 2021 have one type for all.
    fn type_names(self) -> &'static [&'static str] {
        match self {
            Self::Incoming => &["User Profile"],
            Self::Outgoing(Verb::Create) => &["User Profile - Create", "User Profile"],
            Self::Outgoing(_) => &["User Profile - Update", "User Profile"],
        }
    }

    /// Whether a field that is restricted to some verbs takes part. Commands that write
    /// no profile map it like an update.
    pub(crate) fn wants(self, field: &Field) -> bool {
        match self {
            Self::Outgoing(verb) if !field.on.is_empty() => {
                let writes = matches!(verb, Verb::Create | Verb::Update);
                field.on.contains(&verb) || (!writes && field.on.contains(&Verb::Update))
            }
            _ => true,
        }
    }
}

impl Mapper {
    /// Maps a document. A target whose source is missing is left out; one that fails is
    /// left out and reported.
    pub fn run(&self, document: &Value, purpose: Purpose, environment: &Environment) -> Mapped {
        let wanted = self.fields_for(purpose).filter(|field| purpose.wants(field));
        run(wanted, document, environment)
    }

    /// Maps a document by the fields of one type, after those of the common type.
    pub fn run_type(&self, type_name: &str, document: &Value, environment: &Environment) -> Mapped {
        run(self.fields_of_type(type_name), document, environment)
    }

    /// The fields for a purpose, after those of the common type, whether or not wanted.
    pub(crate) fn fields_for(&self, purpose: Purpose) -> impl Iterator<Item = &Field> {
        let named = purpose.type_names().iter().find_map(|name| self.fields_of(name));
        [self.fields_of(COMMON_TYPE), named].into_iter().flatten().flatten()
    }

    /// The fields of one type, after those of the common type.
    pub(crate) fn fields_of_type(&self, type_name: &str) -> impl Iterator<Item = &Field> {
        [self.fields_of(COMMON_TYPE), self.fields_of(type_name)].into_iter().flatten().flatten()
    }

    fn fields_of(&self, type_name: &str) -> Option<&[Field]> {
        self.types.iter().find(|(name, _)| name == type_name).map(|(_, fields)| fields.as_slice())
    }
}

fn run<'a>(fields: impl Iterator<Item = &'a Field>, document: &Value, environment: &Environment) -> Mapped {
    let mut evaluation = Evaluation::new(document, environment);
    let mut mapped = Mapped::default();
    for field in fields {
        match evaluation.field(field) {
            Ok(Some(value)) => {
                if field.strength != Strength::Strong {
                    mapped.reserved.push((field.target.clone(), field.strength));
                }
                mapped.output.insert(field.target.clone(), value);
            }
            Ok(None) => {}
            Err(problem) => mapped.errors.push(FieldError { target: field.target.clone(), problem }),
        }
    }
    mapped
}
