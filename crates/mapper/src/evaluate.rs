//! The value of a source in a document.

mod asking;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use crate::effects::{Answers, Request};
use crate::explain::{self, Trail};
use crate::glue::Spot;
use crate::operators::{self, Environment, Failure};
use crate::plan::{Filter, Left, Missing, Piece, Pipeline, Rule, Source, Step, Valid};
use crate::{Glue, Kind, Place, Scope, Taken};

/// One document while it is mapped.
pub(crate) struct Evaluation<'a> {
    document: &'a Value,
    environment: &'a Environment,
    answers: &'a Answers,
    /// What was asked that is not answered yet.
    pub(crate) requests: Vec<Request>,
    /// Whether the rule that is evaluated waits for an answer.
    pub(crate) waits: bool,
    /// The document as expressions see it, made when the first one needs it.
    scope: Option<Scope>,
    /// What was done, if that is to be explained.
    trail: Option<Trail>,
}

/// A value, or nothing; the error is for people.
type Result<T> = std::result::Result<T, String>;

/// A value that may stand in the document or the plan, or nothing.
type Found<'a> = Option<Cow<'a, Value>>;

impl<'a> Evaluation<'a> {
    pub(crate) fn new(document: &'a Value, environment: &'a Environment, answers: &'a Answers) -> Self {
        let (requests, waits) = (Vec::new(), false);
        Self { document, environment, answers, requests, waits, scope: None, trail: None }
    }

    /// An evaluation that takes every step by itself and notes it.
    pub(crate) fn explaining(
        document: &'a Value,
        environment: &'a Environment,
        answers: &'a Answers,
    ) -> Self {
        Self { trail: Some(Trail::default()), ..Self::new(document, environment, answers) }
    }

    /// What was done since the last time.
    pub(crate) fn take_trail(&mut self) -> Vec<Taken> {
        self.trail.as_mut().map(std::mem::take).unwrap_or_default().steps
    }

    /// Whether a rule applies: its condition holds, and this moment lies in its span.
    pub(crate) fn applies(&mut self, rule: &Rule) -> Result<bool> {
        if let Some(condition) = &rule.when {
            let holds =
                condition.holds_in(self.document, || self.scope()).map_err(|error| error.to_string())?;
            self.note(Kind::When, || condition.source().to_owned(), || Some(Value::from(holds)));
            if !holds {
                return Ok(false);
            }
        }
        self.is_valid(&rule.valid)
    }

    /// A rule's value for a target; nothing where its source is missing, or where it waits
    /// for an answer.
    pub(crate) fn value(&mut self, target: &str, rule: &Rule) -> Result<Option<Value>> {
        let value = match &rule.source {
            Source::Secret(kind) => {
                self.ask(Request::Secret { target: target.to_owned(), kind: kind.clone() })
            }
            source => self.source(source)?,
        };
        let value = match (value, &rule.unique) {
            (Some(value), Some(unique)) => self.unique(target, &value, unique)?,
            (value, _) => value,
        };
        match (value, &rule.missing) {
            (Some(value), _) => Ok(Some(value)),
            (None, Missing::Skip) => Ok(None),
            (None, Missing::Clear) => Ok(Some(Value::Null)),
            (None, Missing::Error) => Err("its source is missing".to_owned()),
            (None, Missing::Default(other)) => {
                self.note(Kind::Default, String::new, || None);
                self.source(other)
            }
        }
    }

    /// Notes what was done, where that is asked for. A note without a value is a heading.
    pub(crate) fn note(
        &mut self,
        kind: Kind,
        what: impl FnOnce() -> String,
        value: impl FnOnce() -> Option<Value>,
    ) {
        if let Some(trail) = &mut self.trail {
            trail.note(kind, what(), value());
        }
    }

    /// Does something of which the notes are a part of something else.
    fn deeper<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        let by = |evaluation: &mut Self, change: fn(usize) -> usize| {
            if let Some(trail) = &mut evaluation.trail {
                trail.depth = change(trail.depth);
            }
        };
        by(self, |depth| depth + 1);
        let result = part(self);
        by(self, |depth| depth - 1);
        result
    }

    /// Whether this moment lies in a span. An end without a value is open.
    fn is_valid(&mut self, valid: &Valid) -> Result<bool> {
        if valid.from.is_none() && valid.to.is_none() {
            return Ok(true);
        }
        let now = self.environment.now;
        let from = self.deeper(|this| this.instant(valid.from.as_ref()))?;
        let to = self.deeper(|this| this.instant(valid.to.as_ref()))?;
        let is_valid = from.is_none_or(|from| from <= now) && to.is_none_or(|to| now < to);
        self.note(Kind::Valid, || format!("at {now}"), || Some(Value::from(is_valid)));
        Ok(is_valid)
    }

    fn instant(&mut self, source: Option<&Source>) -> Result<Option<Timestamp>> {
        let Some(value) = source.map(|source| self.source(source)).transpose()?.flatten() else {
            return Ok(None);
        };
        let text = value.as_str().ok_or("an end of `valid` is no date")?;
        operators::instant(text).map(Some).ok_or_else(|| format!("`{text}` is no date"))
    }

    pub(crate) fn source(&mut self, source: &Source) -> Result<Option<Value>> {
        Ok(self.find(source)?.map(Cow::into_owned))
    }

    /// The value of a source, without a copy where it stands in the document or the plan.
    fn find<'s>(&mut self, source: &'s Source) -> Result<Found<'s>>
    where
        'a: 's,
    {
        let found = match source {
            Source::Constant(value) => borrowed(value),
            Source::Path(path) => path.find(self.document),
            Source::Pipeline(pipeline) => self.pipeline(pipeline)?,
            Source::Dt(dt) => dt.resolve(self.document, self.environment).map_err(message)?.map(Cow::Owned),
            Source::Text(pieces) => Some(Cow::Owned(Value::String(self.fill(pieces)?))),
            Source::Expression(expression) => {
                let document = self.document;
                expression.evaluate_in(document, || self.scope()).map_err(|error| error.to_string())?
            }
            Source::Object(members) => self.object(members)?.map(Cow::Owned),
            Source::List(items) => self.list(items)?.map(Cow::Owned),
            Source::Reference(reference) => self.reference(reference)?.map(Cow::Owned),
            // A rule's own source: `value` knows the target that it is for.
            Source::Secret(_) => None,
        };
        if self.trail.is_some()
            && let Some(kind) = explain::kind_of(source)
        {
            self.note(kind, || explain::source(source), || Some(shown(found.as_deref())));
        }
        Ok(found)
    }

    fn list(&mut self, items: &[Source]) -> Result<Option<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            self.note(Kind::Item, || position.to_string(), || None);
            values.extend(self.deeper(|this| this.source(item))?);
        }
        Ok(Some(values).filter(|values| !values.is_empty()).map(Value::Array))
    }

    fn object(&mut self, members: &[(String, Source)]) -> Result<Option<Value>> {
        let is_constant = |(_, source): &(String, Source)| matches!(source, Source::Constant(_));
        let mut object = serde_json::Map::new();
        let mut says_something = members.is_empty();
        for (at, (name, source)) in members.iter().enumerate() {
            // With nothing but constants ahead there is nothing to make them for.
            if !says_something && self.trail.is_none() && members[at..].iter().all(is_constant) {
                return Ok(None);
            }
            self.note(Kind::Member, || name.clone(), || None);
            if let Some(value) = self.deeper(|this| this.source(source))? {
                says_something |= !matches!(source, Source::Constant(_));
                if object.is_empty() {
                    object = serde_json::Map::with_capacity(members.len());
                }
                object.insert(name.clone(), value);
            }
        }
        Ok(says_something.then_some(Value::Object(object)))
    }

    fn pipeline<'s>(&mut self, pipeline: &'s Pipeline) -> Result<Found<'s>>
    where
        'a: 's,
    {
        let mut value = self.find(&pipeline.root)?;
        if let Some(root) = self.trail.as_mut().and_then(|trail| trail.steps.last_mut()) {
            root.kind = Kind::Root;
        }
        if !pipeline.filters.is_empty() {
            value = self.filtered(value.as_deref(), pipeline)?.map(Cow::Owned);
        } else if let (Some(root), Some(accessor)) = (&value, &pipeline.accessor) {
            value = self.place(accessor, root)?.map(Cow::Owned);
        }
        if let Some(accessor) = &pipeline.accessor {
            self.note(Kind::Take, || accessor.source().to_owned(), || Some(shown(value.as_deref())));
        }
        let is_explained = self.trail.is_some();
        let mut next = 0;
        while let Some(step) = pipeline.steps.get(next) {
            let glue = pipeline.glue.as_ref().filter(|glue| !is_explained && glue.steps().start == next);
            (value, next) = match glue.and_then(|glue| self.glued(glue, &pipeline.steps, value.as_deref())) {
                Some((glued, after)) => (glued.map(Cow::Owned), after),
                None => (self.step(step, value.map(Cow::into_owned))?.map(Cow::Owned), next + 1),
            };
        }
        Ok(value)
    }

    /// Several steps at once, and the step after them. Nothing stays nothing.
    fn glued(&self, glue: &Glue, steps: &[Step], value: Option<&Value>) -> Option<(Option<Value>, usize)> {
        let Some(value) = value else { return Some((None, glue.steps().end)) };
        let argument = |spot: Spot| match (steps[spot.step].arguments[spot.argument].as_ref()?, spot.piece) {
            (Source::Path(path), _) => path.find(self.document),
            (Source::Text(pieces), Some(piece)) => match &pieces[piece] {
                Piece::Place(Place::Path(path)) => path.find(self.document).map(in_text),
                _ => None,
            },
            _ => None,
        };
        glue.apply(value, argument).map(|value| (Some(value), glue.steps().end))
    }

    /// The elements that pass, the accessor applied; one survivor is taken out of its list.
    fn filtered(&mut self, root: Option<&Value>, pipeline: &Pipeline) -> Result<Option<Value>> {
        let elements = match root {
            Some(Value::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => return Ok(None),
        };
        let mut passing = Vec::new();
        // The operands are looked at for each element, which is too much to tell.
        let trail = self.trail.take();
        let tested: Result<()> = elements.iter().try_for_each(|element| {
            if self.keeps(element, &pipeline.filters)? {
                passing.push(element);
            }
            Ok(())
        });
        self.trail = trail;
        tested?;
        self.note(
            Kind::Filter,
            || {
                format!(
                    "{}: {} of {} kept",
                    explain::condition(&pipeline.filters),
                    passing.len(),
                    elements.len()
                )
            },
            || Some(passing.iter().copied().cloned().collect()),
        );
        let mut kept = Vec::new();
        for element in passing {
            match &pipeline.accessor {
                Some(accessor) => match self.place(accessor, element)? {
                    Some(Value::Array(inner)) => kept.extend(inner),
                    found => kept.extend(found),
                },
                None => kept.push(element.clone()),
            }
        }
        Ok(match kept.len() {
            0 => None,
            1 => kept.pop(),
            _ => Some(Value::Array(kept)),
        })
    }

    fn keeps(&mut self, element: &Value, groups: &[Vec<Filter>]) -> Result<bool> {
        for group in groups {
            let mut passes = false;
            for filter in group {
                passes = passes || self.passes(filter, element)?;
            }
            if !passes {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn passes(&mut self, filter: &Filter, element: &Value) -> Result<bool> {
        let left = match &filter.left {
            Left::Element => Some(Cow::Borrowed(element)),
            Left::Within(Place::Path(path)) => path.find(element),
            Left::Within(place) => self.place(place, element)?.map(Cow::Owned),
            Left::Document(source) => self.find(source)?,
        };
        let right = filter.right.as_ref().map(|right| self.source(right)).transpose()?.flatten();
        operators::passes(filter.operator, left.as_deref(), &[right], filter.ignore_case, self.environment)
            .map_err(|failure| format!("`{}`: {}", filter.operator.name, failure.message))
    }

    fn step(&mut self, step: &Step, value: Option<Value>) -> Result<Option<Value>> {
        let mut arguments = Vec::with_capacity(step.arguments.len());
        for argument in &step.arguments {
            arguments.push(match argument {
                Some(Source::Constant(value)) => borrowed(value).map(Cow::into_owned),
                Some(source) => self.deeper(|this| this.source(source))?,
                None => None,
            });
        }
        let result = operators::transform(step.operator, value, &arguments, self.document, self.environment)
            .map_err(|failure| format!("`{}`: {}", step.operator.name, failure.message));
        let given = |result: &Result<Option<Value>>| {
            result.as_ref().map_or(None, |value| Some(shown(value.as_ref())))
        };
        self.note(Kind::Transformer, || explain::call(step, &arguments), || given(&result));
        result
    }

    fn place(&self, place: &Place, value: &Value) -> Result<Option<Value>> {
        place.resolve(value, self.environment).map_err(message)
    }

    /// A text with its places filled; what is missing leaves nothing.
    fn fill(&self, pieces: &[Piece]) -> Result<String> {
        let mut text = String::new();
        for piece in pieces {
            let found = match piece {
                Piece::Literal(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Piece::Place(Place::Path(path)) => path.find(self.document),
                Piece::Place(place) => self.place(place, self.document)?.map(Cow::Owned),
            };
            match found.as_deref() {
                None => {}
                Some(Value::String(found)) => text.push_str(found),
                Some(other) => text.push_str(&other.to_string()),
            }
        }
        Ok(text)
    }

    fn scope(&mut self) -> Scope {
        self.scope.get_or_insert_with(|| Scope::of_document(self.document, self.environment)).clone()
    }
}

/// A value as a text with places shows it.
fn in_text(value: Cow<'_, Value>) -> Cow<'_, Value> {
    if value.is_string() { value } else { Cow::Owned(Value::String(value.to_string())) }
}

/// A value as it is noted: nothing is null.
fn shown(value: Option<&Value>) -> Value {
    value.cloned().unwrap_or_default()
}

fn borrowed(value: &Value) -> Found<'_> {
    Some(Cow::Borrowed(value)).filter(|value| !value.is_null())
}

fn message(failure: Failure) -> String {
    failure.message
}
