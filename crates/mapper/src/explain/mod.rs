//! How each field came by its value: plain data for people and programs, secrets masked.
//!
//! The evaluation that maps is the one that explains: it leaves a trail if it is asked to,
//! and then takes every step by itself.

mod describe;

use provost_core::Redactor;
use serde::Serialize;
use serde_json::Value;

use crate::dt;
use crate::effects::Answers;
use crate::evaluate::Evaluation;
use crate::operators::Environment;
use crate::plan::{Field, Mapper, Rule};
use crate::run::{Purpose, Run, Which};

pub(crate) use describe::{call, condition, kind_of, source};

/// A field and how it came by its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// The field's target.
    pub target: String,
    /// What was done, in order.
    pub steps: Vec<Taken>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is set.
    Value(Value),
    /// It is left out, for this reason.
    LeftOut(String),
    /// It failed.
    Error(String),
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Taken {
    /// How deep within the field; what is deeper is a part of what stands above or below it.
    pub depth: usize,
    /// What kind of step it is.
    pub kind: Kind,
    /// The step as it is written.
    pub what: String,
    /// What it gave: null for nothing. None for a heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// The kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A rule of several; what it does follows.
    Rule,
    /// The commands that a rule is for, none of which is carried out.
    On,
    /// A condition of the field.
    When,
    /// The span of time in which the field is set.
    Valid,
    /// A value that the mapper holds.
    Constant,
    /// A place in the document.
    Path,
    /// A place in XSOAR's language.
    Dt,
    /// A text with places in it.
    Text,
    /// An expression.
    Expression,
    /// Where a value begins that is filtered and transformed.
    Root,
    /// What the filters kept.
    Filter,
    /// What was taken of each element.
    Take,
    /// A transformer.
    Transformer,
    /// A member of an object; its value follows.
    Member,
    /// An item of a list; its value follows.
    Item,
    /// The source was missing; what follows is the default.
    Default,
    /// What has to be found out elsewhere.
    Asks,
}

impl Kind {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::On => "on",
            Self::When => "when",
            Self::Valid => "valid",
            Self::Constant => "constant",
            Self::Path => "path",
            Self::Dt => "dt",
            Self::Text => "text",
            Self::Expression => "expression",
            Self::Root => "root",
            Self::Filter => "filter",
            Self::Take => "take",
            Self::Transformer => "transformer",
            Self::Member => "member",
            Self::Item => "item",
            Self::Default => "default",
            Self::Asks => "asks",
        }
    }

    /// Whether it reads the document by names.
    fn names_members(self) -> bool {
        matches!(self, Self::Path | Self::Root | Self::Dt | Self::Text | Self::Expression | Self::Take)
    }
}

/// What an evaluation leaves behind.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    pub(crate) steps: Vec<Taken>,
    pub(crate) depth: usize,
}

impl Trail {
    pub(crate) fn note(&mut self, kind: Kind, what: String, value: Option<Value>) {
        self.steps.push(Taken { depth: self.depth, kind, what, value });
    }
}

impl Mapper {
    /// How each field of a mapping comes by its value; see [`Mapper::run`].
    pub fn explain(&self, document: &Value, purpose: Purpose, environment: &Environment) -> Vec<Explained> {
        self.explain_which(Which::For(purpose), document, environment)
    }

    /// How each field of one type comes by its value; see [`Mapper::run_type`].
    pub fn explain_type(
        &self,
        type_name: &str,
        document: &Value,
        environment: &Environment,
    ) -> Vec<Explained> {
        self.explain_which(Which::OfType(type_name), document, environment)
    }

    fn explain_which(&self, which: Which<'_>, document: &Value, environment: &Environment) -> Vec<Explained> {
        let answers = Answers::default();
        let evaluation = Evaluation::explaining(document, environment, &answers);
        let mut run = Run { purpose: which.purpose(), evaluation };
        let mut explained: Vec<Explained> = Vec::new();
        for field in self.fields(which) {
            let mut this = one(&mut run, field);
            this.mask(document);
            if matches!(this.outcome, Outcome::Value(_)) {
                for before in &mut explained {
                    before.give_way_to(&this);
                }
            }
            explained.push(this);
        }
        explained
    }
}

fn one(run: &mut Run<'_>, field: &Field) -> Explained {
    dt::begin_field();
    run.evaluation.waits = false;
    let result = run.field(field);
    let mut steps = run.evaluation.take_trail();
    let outcome = match result {
        _ if run.evaluation.waits => Outcome::LeftOut("it is found out when a write was decided".to_owned()),
        Ok(Some((value, _))) => Outcome::Value(value),
        Ok(None) => Outcome::LeftOut(why(&steps)),
        Err(problem) => Outcome::Error(problem),
    };
    // Where there is one rule the outcome says it.
    steps.retain(|step| step.kind != Kind::On || field.rules.len() > 1);
    Explained { target: field.target.clone(), steps, outcome }
}

/// Why a field without a value has none.
fn why(steps: &[Taken]) -> String {
    let fails = |step: &Taken| step.value == Some(Value::Bool(false));
    if steps.iter().any(|step| step.kind == Kind::Rule) && steps.last().is_some_and(fails) {
        return "none of its rules applies".to_owned();
    }
    match steps.iter().rev().find(|step| step.depth == 0) {
        Some(step) if step.kind == Kind::On => format!("it is only for {}", step.what),
        Some(step) if step.kind == Kind::When && fails(step) => "its condition does not hold".to_owned(),
        Some(step) if step.kind == Kind::Valid && fails(step) => "this moment is not in its time".to_owned(),
        _ => "its source gives nothing".to_owned(),
    }
}

/// The commands that a rule is for.
pub(crate) fn verbs(rule: &Rule) -> String {
    rule.on.iter().map(|verb| verb.as_str()).collect::<Vec<_>>().join(", ")
}

impl Explained {
    /// Of two fields with the same target the later one wins.
    fn give_way_to(&mut self, later: &Self) {
        if self.target == later.target {
            self.outcome = Outcome::LeftOut("a later field of the same name wins".to_owned());
        }
    }

    /// Masks secrets. Everything in a field is one whose target, or whose places or members,
    /// have a secret's name; elsewhere, the values of such members are.
    fn mask(&mut self, document: &Value) {
        let mut redactor = Redactor::default();
        redactor.learn(document);
        let is_secret = Redactor::hides(&self.target) || self.steps.iter().any(names_secret);
        let mask = |value: &mut Value| {
            if is_secret && !matches!(value, Value::Null | Value::Bool(_)) {
                *value = Value::from(Redactor::MASK);
            } else {
                redactor.value(value);
            }
        };
        let words = |text: &str| {
            let text = if is_secret { without_values(text) } else { text };
            redactor.text(text)
        };
        for step in &mut self.steps {
            step.what = match step.kind {
                Kind::Constant if is_secret => Redactor::MASK.to_owned(),
                Kind::Transformer if is_secret => step.what.split('(').next().unwrap_or_default().to_owned(),
                _ => words(&step.what),
            };
            step.value.iter_mut().for_each(mask);
        }
        match &mut self.outcome {
            Outcome::Value(value) => mask(value),
            Outcome::Error(text) => *text = words(text),
            Outcome::LeftOut(_) => {}
        }
    }
}

/// A mapper's words, unless there is a text in quotes among them: a mapper may hold a secret.
fn without_values(text: &str) -> &str {
    if text.contains(['"', '\'']) { Redactor::MASK } else { text }
}

/// Whether a step reads a member that is secret by its name, or makes one.
fn names_secret(step: &Taken) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let names = |text: &str| text.split(|c: char| !is_part(c)).any(Redactor::hides);
    (step.kind.names_members() && names(&step.what))
        || (step.kind == Kind::Member && Redactor::hides(&step.what))
}
