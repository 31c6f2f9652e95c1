//! A mapper with the part of it that is to be run.

use std::sync::Arc;

use provost_core::{Profile, ProfileError, Schema, Verb};
use serde_json::{Map, Value};

use crate::{Direction, Environment, Explained, Mapped, Mapper, Purpose};

/// What is to be run of a mapper.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The mapper.
    pub mapper: &'a Mapper,
    /// Of the types of an XSOAR mapper, the one; else the one that fits.
    pub type_name: Option<&'a str>,
    /// The command for which an outgoing mapper is run.
    pub verb: Verb,
}

impl Job<'_> {
    /// What the mapping is for.
    pub fn purpose(&self) -> Purpose {
        match self.mapper.direction {
            Direction::Incoming => Purpose::Incoming,
            Direction::Outgoing => Purpose::Outgoing(self.verb),
        }
    }

    /// Maps a document.
    pub fn run(&self, source: &Value, environment: &Environment) -> Mapped {
        match self.type_name {
            Some(type_name) => self.mapper.run_type(type_name, source, environment),
            None => self.mapper.run(source, self.purpose(), environment),
        }
    }

    /// How each field comes by its value.
    pub fn explain(&self, source: &Value, environment: &Environment) -> Vec<Explained> {
        match self.type_name {
            Some(type_name) => self.mapper.explain_type(type_name, source, environment),
            None => self.mapper.explain(source, self.purpose(), environment),
        }
    }

    /// The document as a command would hand it to the mapper: what goes out is a profile, whose
    /// members are read in any spelling. One without members shows what is always sent.
    ///
    /// # Errors
    /// A document that is no profile, for an outgoing mapper.
    pub fn source(&self, document: Value, schema: Arc<Schema>) -> Result<Value, ProfileError> {
        if self.mapper.direction == Direction::Incoming {
            return Ok(document);
        }
        match Profile::from_value(document) {
            Ok(profile) => Ok(Value::Object(profile.with_schema(schema).mapping_source())),
            Err(ProfileError::Empty) => Ok(Value::Object(Map::new())),
            Err(error) => Err(error),
        }
    }
}
