//! Trying a mapper out: what it makes of a document, and how.

use std::path::Path;
use std::sync::Arc;

use provost_core::{Diagnostic, Schema, Verb};
use provost_mapper::{Direction, Environment, Explained, Job, Mapper};
use serde_json::Value;

use crate::Problem;

/// What is to be tried.
pub(crate) struct Trial<'a> {
    /// The mapper's text, in either form.
    pub(crate) text: &'a str,
    /// A profile for an outgoing mapper, an account for an incoming one.
    pub(crate) document: &'a Value,
    /// Of the types of an XSOAR mapper, the one; else the one that fits.
    pub(crate) type_name: Option<&'a str>,
    /// The command for which an outgoing mapper is run.
    pub(crate) verb: Verb,
}

/// What came of it.
pub(crate) struct Tried {
    pub(crate) name: String,
    pub(crate) direction: Direction,
    /// What the mapper gives.
    pub(crate) output: Value,
    /// Fields that failed, each with why.
    pub(crate) errors: Vec<(String, String)>,
    /// What has to be found out at a write.
    pub(crate) requests: Vec<String>,
    /// How each field came by its value.
    pub(crate) fields: Vec<Explained>,
    /// How many tests of its own it has, and which fail.
    pub(crate) tests: usize,
    pub(crate) failing: Vec<String>,
    /// Fields that no test of its own sets.
    pub(crate) untested: Vec<String>,
}

/// Runs the mapper.
pub(crate) fn try_out(
    trial: &Trial<'_>,
    schema: Arc<Schema>,
    environment: &Environment,
) -> Result<Tried, Problem> {
    let mapper = load(trial.text)?;
    let job = Job { mapper: &mapper, type_name: trial.type_name, verb: trial.verb };
    let document = readable(&job, trial.document.clone(), schema)?;
    let (mapped, fields) = (job.run(&document, environment), job.explain(&document, environment));
    Ok(Tried {
        name: mapper.name.to_string(),
        direction: mapper.direction,
        output: Value::Object(mapped.output),
        errors: mapped.errors.into_iter().map(|error| (error.target, error.problem)).collect(),
        requests: mapped.requests.iter().map(ToString::to_string).collect(),
        fields,
        tests: mapper.tests.len(),
        failing: mapper.failing_tests(),
        untested: mapper.untested(),
    })
}

/// A mapper from its text. Tables in files of their own are not read.
pub(crate) fn load(text: &str) -> Result<Mapper, Problem> {
    Mapper::load(Path::new("mapper"), text)
        .map_err(|flaw| Problem::unprocessable(told(&flaw)).hints(flaw.hint.clone()))
}

fn told(flaw: &Diagnostic) -> String {
    match (flaw.line, flaw.column) {
        (0, _) => flaw.message.clone(),
        (line, column) => format!("line {line}, column {column}: {}", flaw.message),
    }
}

/// The document as a command would hand it to the mapper.
fn readable(job: &Job<'_>, document: Value, schema: Arc<Schema>) -> Result<Value, Problem> {
    job.source(document, schema)
        .map_err(|error| Problem::invalid(format!("the mapper is an outgoing one: {error}")))
}
