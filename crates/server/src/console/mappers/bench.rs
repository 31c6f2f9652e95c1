//! What a text of a mapper makes of a document, and of whom it makes something else than the
//! text that is kept.

use std::sync::Arc;

use provost_core::{Schema, Verb};
use provost_mapper::compare::{Change, Comparison};
use provost_mapper::{Direction, Environment, Explained, Job, Outcome as FieldOutcome, Taken};
use serde_json::Value;

use crate::console::fields::Fields;
use crate::console::shown::{plain, pretty};
use crate::work::{Trial, Tried, load, try_out};
use crate::{App, Problem};

/// Over how many people two texts are compared.
const SAMPLE: u64 = 200;
/// The longest value that is shown of a step, in characters.
const LONGEST: usize = 200;

/// What is to be tried.
pub(super) struct Wanted {
    saved: String,
    pub(super) text: String,
    pub(super) document: String,
    type_name: Option<String>,
    pub(super) verb: Verb,
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) problem: Option<Problem>,
    pub(super) tried: Option<Shown>,
    /// The comparison, where the text is another than the one that is kept.
    pub(super) difference: Option<Difference>,
}

/// What the mapper makes of the document.
pub(super) struct Shown {
    pub(super) output: String,
    pub(super) errors: Vec<(String, String)>,
    pub(super) requests: Vec<String>,
    pub(super) fields: Vec<FieldShown>,
    pub(super) tests: usize,
    pub(super) failing: Vec<String>,
    pub(super) untested: String,
}

/// How a field came by its value.
pub(super) struct FieldShown {
    pub(super) target: String,
    /// `ok`, `skipped` or `failed`
    pub(super) state: &'static str,
    pub(super) gives: String,
    pub(super) steps: Vec<StepShown>,
}

/// A step of it.
pub(super) struct StepShown {
    pub(super) text: String,
    pub(super) value: String,
}

/// Of whom the two texts make something else.
pub(super) struct Difference {
    pub(super) compared: usize,
    pub(super) people: Vec<(String, Vec<ChangeShown>)>,
}

/// An attribute that differs.
pub(super) struct ChangeShown {
    pub(super) attribute: String,
    pub(super) kind: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

impl Wanted {
    pub(super) async fn of(app: &App, saved: &str, text: String, fields: &Fields) -> Result<Self, Problem> {
        let verb = Verb::ALL.into_iter().find(|verb| fields.text("verb") == Some(verb.as_str()));
        Ok(Self {
            document: document(app, saved, fields).await?,
            saved: saved.to_owned(),
            text,
            type_name: fields.text("type").map(str::to_owned),
            verb: verb.unwrap_or(Verb::Update),
        })
    }

    /// Tries it, besides those who serve requests.
    pub(super) async fn outcome(self, app: &App) -> Result<Outcome, Problem> {
        let (schema, now) = (app.fleet.schema().await?, app.store.now());
        let seed = u64::try_from(now.as_microsecond()).unwrap_or_default();
        let people = app.store.people("", None, SAMPLE).await?;
        let profiles: Vec<Value> = people.into_iter().map(|person| person.profile).collect();
        let trying = move || self.attempt(&schema, &Environment { now, seed }, profiles);
        let tried = tokio::task::spawn_blocking(trying).await;
        tried.map_err(|_| Problem::bug("the mapper ended the try by a panic; please report it"))
    }

    fn attempt(&self, schema: &Arc<Schema>, environment: &Environment, people: Vec<Value>) -> Outcome {
        let tried = self.try_document(schema, environment);
        let difference = match &tried {
            Ok(_) if self.text.trim() != self.saved.trim() => self.compare(schema, environment, people),
            _ => None,
        };
        match tried {
            Ok(tried) => Outcome { problem: None, tried: Some(tried.into()), difference },
            Err(problem) => Outcome { problem: Some(problem), tried: None, difference },
        }
    }

    fn try_document(&self, schema: &Arc<Schema>, environment: &Environment) -> Result<Tried, Problem> {
        let document = self.parsed()?;
        let type_name = self.type_name.as_deref();
        let trial = Trial { text: &self.text, document: &document, type_name, verb: self.verb };
        try_out(&trial, Arc::clone(schema), environment)
    }

    fn parsed(&self) -> Result<Value, Problem> {
        let no_document = |error| Problem::invalid(format!("the document is no JSON: {error}"));
        serde_json::from_str(&self.document).map_err(no_document)
    }

    /// Compares over people whom the store knows; what comes in is compared over the document,
    /// since the store keeps no accounts.
    fn compare(
        &self,
        schema: &Arc<Schema>,
        environment: &Environment,
        people: Vec<Value>,
    ) -> Option<Difference> {
        let (old, new) = (load(&self.saved).ok()?, load(&self.text).ok()?);
        if old.direction != new.direction {
            return None;
        }
        let people = if old.direction == Direction::Outgoing { people } else { Vec::new() };
        let documents: Vec<Value> = people.into_iter().chain(self.parsed().ok()).collect();
        let job = |mapper| Job { mapper, type_name: self.type_name.as_deref(), verb: self.verb };
        let environment = Environment { now: environment.now, seed: environment.seed };
        let comparison =
            Comparison { old: job(&old), new: job(&new), schema: Arc::clone(schema), environment };
        let compared = documents.len();
        let differing = (1..).zip(documents).filter_map(|(number, document)| {
            let person = comparison.person(number, document).ok().flatten()?;
            Some((person.name, person.changes.iter().map(ChangeShown::from).collect()))
        });
        Some(Difference { people: differing.collect(), compared })
    }
}

/// The document that was written, the profile of the person who was chosen, that of the mapper's
/// first example, or any.
async fn document(app: &App, saved: &str, fields: &Fields) -> Result<String, Problem> {
    if let Some(text) = fields.text("document") {
        return Ok(text.to_owned());
    }
    if let Some(person) = fields.text("person") {
        let known = app.store.person(person).await?;
        let missing = || Problem::not_found(format!("nobody is known as `{person}`"));
        return Ok(pretty(&known.ok_or_else(missing)?.profile));
    }
    let example = load(saved).ok().and_then(|mapper| mapper.tests.into_iter().next());
    Ok(match example {
        Some(test) => pretty(&Value::Object(test.given)),
        None => pretty(&serde_json::json!({"email": "ann@example.com", "givenname": "Ann"})),
    })
}

impl From<Tried> for Shown {
    fn from(tried: Tried) -> Self {
        Self {
            output: pretty(&tried.output),
            errors: tried.errors,
            requests: tried.requests,
            fields: tried.fields.iter().map(FieldShown::from).collect(),
            tests: tried.tests,
            failing: tried.failing,
            untested: tried.untested.join(", "),
        }
    }
}

impl From<&Explained> for FieldShown {
    fn from(field: &Explained) -> Self {
        let (state, gives) = match &field.outcome {
            FieldOutcome::Value(value) => ("ok", value.to_string()),
            FieldOutcome::LeftOut(reason) => ("skipped", format!("left out: {reason}")),
            FieldOutcome::Error(problem) => ("failed", problem.clone()),
        };
        let steps = field.steps.iter().map(StepShown::from).collect();
        Self { target: field.target.clone(), state, gives, steps }
    }
}

impl From<&Taken> for StepShown {
    fn from(step: &Taken) -> Self {
        let text = format!("{}{} {}", "  ".repeat(step.depth), step.kind.as_str(), step.what);
        let value = match &step.value {
            None => String::new(),
            Some(Value::Null) => "nothing".to_owned(),
            Some(Value::String(text)) => format!("\"{text}\""),
            Some(value) => plain(value),
        };
        Self { text, value: short(value) }
    }
}

fn short(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl From<&Change> for ChangeShown {
    fn from(change: &Change) -> Self {
        let (before, after) = change.shown();
        Self { attribute: change.attribute.clone(), kind: change.kind().as_str(), before, after }
    }
}
