//! Running a mapper over a document.

use provost_core::{Attributes, Verb};
use serde_json::Value;

use crate::dt;
use crate::effects::{Answers, Request};
use crate::evaluate::Evaluation;
use crate::explain::{self, Kind};
use crate::operators::Environment;
use crate::plan::{COMMON_TYPE, Field, Mapper, Rule, Strength};

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
    /// What has to be answered before the mapping is whole.
    pub requests: Vec<Request>,
    /// The targets that wait for answers; they are not in the output.
    pub pending: Vec<String>,
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

    /// What a type of an XSOAR mapper is for, where its name says so.
    fn of_type(name: &str) -> Option<Self> {
        let verb = name.strip_prefix("User Profile - ")?.to_lowercase();
        Verb::ALL.into_iter().find(|known| known.as_str() == verb).map(Self::Outgoing)
    }

    /// Whether a rule that is restricted to some verbs takes part. Commands that write
    /// no profile map it like an update.
    pub(crate) fn wants(self, rule: &Rule) -> bool {
        match self {
            Self::Outgoing(verb) if !rule.on.is_empty() => {
                let writes = matches!(verb, Verb::Create | Verb::Update);
                rule.on.contains(&verb) || (!writes && rule.on.contains(&Verb::Update))
            }
            _ => true,
        }
    }
}

/// Which fields are run, after those of the common type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which<'a> {
    /// Those for a purpose.
    For(Purpose),
    /// Those of a type.
    OfType(&'a str),
}

impl Mapper {
    /// Maps a document. A target whose source is missing is left out; one that fails is
    /// left out and reported.
    pub fn run(&self, document: &Value, purpose: Purpose, environment: &Environment) -> Mapped {
        self.run_with(document, purpose, environment, &Answers::default())
    }

    /// Maps a document with the answers to what an earlier run asked for.
    pub fn run_with(
        &self,
        document: &Value,
        purpose: Purpose,
        environment: &Environment,
        answers: &Answers,
    ) -> Mapped {
        self.run_which(Which::For(purpose), Evaluation::new(document, environment, answers))
    }

    /// Maps a document by the fields of one type, after those of the common type.
    pub fn run_type(&self, type_name: &str, document: &Value, environment: &Environment) -> Mapped {
        self.run_which(Which::OfType(type_name), Evaluation::new(document, environment, &Answers::default()))
    }

    /// Whether there is anything to run: the type that is named, or one for the purpose, or
    /// fields that are common to all.
    pub fn maps_any(&self, purpose: Purpose, type_name: Option<&str>) -> bool {
        let which = type_name.map_or(Which::For(purpose), Which::OfType);
        self.type_names().next().is_none() && type_name.is_none() || self.fields(which).next().is_some()
    }

    /// The types that the mapper tells apart.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(|(name, _)| name.as_str()).filter(|name| *name != COMMON_TYPE)
    }

    pub(crate) fn run_which(&self, which: Which<'_>, evaluation: Evaluation<'_>) -> Mapped {
        Run { purpose: which.purpose(), evaluation }.all(self.fields(which))
    }

    /// The rules that take part: of a field with one rule only if it gives a value or
    /// fails.
    pub(crate) fn touched(&self, which: Which<'_>, evaluation: Evaluation<'_>) -> Vec<&Rule> {
        let mut run = Run { purpose: which.purpose(), evaluation };
        let touched = |field| {
            dt::begin_field();
            run.touched(field)
        };
        self.fields(which).filter_map(touched).collect()
    }

    /// The fields of a mapping, those that will not be wanted included.
    pub(crate) fn fields(&self, which: Which<'_>) -> impl Iterator<Item = &Field> + Clone {
        let named = match which {
            Which::For(purpose) => purpose.type_names().iter().find_map(|name| self.fields_of(name)),
            Which::OfType(name) => self.fields_of(name),
        };
        [self.fields_of(COMMON_TYPE), named].into_iter().flatten().flatten()
    }

    fn fields_of(&self, type_name: &str) -> Option<&[Field]> {
        self.types.iter().find(|(name, _)| name == type_name).map(|(_, fields)| fields.as_slice())
    }
}

impl Which<'_> {
    pub(crate) fn purpose(self) -> Option<Purpose> {
        match self {
            Self::For(purpose) => Some(purpose),
            Self::OfType(name) => Purpose::of_type(name),
        }
    }
}

/// One mapping of one document.
pub(crate) struct Run<'a> {
    pub(crate) purpose: Option<Purpose>,
    pub(crate) evaluation: Evaluation<'a>,
}

impl Run<'_> {
    fn all<'f>(mut self, fields: impl Iterator<Item = &'f Field> + Clone) -> Mapped {
        let output = Attributes::with_capacity(fields.clone().count());
        let mut mapped = Mapped { output, ..Mapped::default() };
        for field in fields {
            dt::begin_field();
            self.evaluation.waits = false;
            match self.field(field) {
                _ if self.evaluation.waits => mapped.pending.push(field.target.clone()),
                Ok(Some((value, strength))) => {
                    if strength != Strength::Strong {
                        mapped.reserved.push((field.target.clone(), strength));
                    }
                    mapped.output.insert(field.target.clone(), value);
                }
                Ok(None) => {}
                Err(problem) => mapped.errors.push(FieldError { target: field.target.clone(), problem }),
            }
        }
        mapped.requests = self.evaluation.requests;
        mapped
    }

    /// What the first rule that applies gives.
    pub(crate) fn field(&mut self, field: &Field) -> Result<Option<(Value, Strength)>, String> {
        match self.rule(field)? {
            Some(rule) => Ok(self.evaluation.value(&field.target, rule)?.map(|value| (value, rule.strength))),
            None => Ok(None),
        }
    }

    fn touched<'f>(&mut self, field: &'f Field) -> Option<&'f Rule> {
        match self.rule(field) {
            Ok(Some(rule)) if field.rules.len() > 1 => Some(rule),
            Ok(rule) => rule.filter(|rule| {
                self.evaluation.value(&field.target, rule) != Ok(None) || self.evaluation.waits
            }),
            Err(_) => field.rules.first(),
        }
    }

    fn rule<'f>(&mut self, field: &'f Field) -> Result<Option<&'f Rule>, String> {
        for (number, rule) in (1..).zip(&field.rules) {
            if field.rules.len() > 1 {
                self.evaluation.note(Kind::Rule, || format!("{number}"), || None);
            }
            if self.purpose.is_some_and(|purpose| !purpose.wants(rule)) {
                self.evaluation.note(Kind::On, || explain::verbs(rule), || Some(Value::from(false)));
            } else if self.evaluation.applies(rule)? {
                return Ok(Some(rule));
            }
        }
        Ok(None)
    }
}
