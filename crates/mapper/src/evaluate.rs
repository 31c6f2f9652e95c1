//! The value of a source in a document.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use crate::operators::{self, Environment, Failure};
use crate::plan::{Field, Filter, Left, Missing, Piece, Pipeline, Source, Step, Valid};
use crate::{Glue, Place, Scope, dt};

/// One document while it is mapped.
pub(crate) struct Evaluation<'a> {
    document: &'a Value,
    environment: &'a Environment,
    /// The document as expressions see it, made when the first one needs it.
    scope: Option<Scope>,
}

/// A value, or nothing; the error is for people.
type Result<T> = std::result::Result<T, String>;

/// A value that may stand in the document or the plan, or nothing.
type Found<'a> = Option<Cow<'a, Value>>;

impl<'a> Evaluation<'a> {
    pub(crate) fn new(document: &'a Value, environment: &'a Environment) -> Self {
        Self { document, environment, scope: None }
    }

    /// A field's value; nothing where its condition does not hold or its source is missing.
    pub(crate) fn field(&mut self, field: &Field) -> Result<Option<Value>> {
        dt::begin_field();
        if let Some(condition) = &field.when
            && !condition.holds(self.scope()).map_err(|error| error.to_string())?
        {
            return Ok(None);
        }
        if !self.is_valid(&field.valid)? {
            return Ok(None);
        }
        match (self.source(&field.source)?, &field.missing) {
            (Some(value), _) => Ok(Some(value)),
            (None, Missing::Skip) => Ok(None),
            (None, Missing::Clear) => Ok(Some(Value::Null)),
            (None, Missing::Error) => Err("its source is missing".to_owned()),
            (None, Missing::Default(other)) => self.source(other),
        }
    }

    /// Whether this moment lies in a span. An end without a value is open.
    fn is_valid(&mut self, valid: &Valid) -> Result<bool> {
        let now = self.environment.now;
        let begun = self.instant(valid.from.as_ref())?.is_none_or(|from| from <= now);
        let ended = self.instant(valid.to.as_ref())?.is_some_and(|to| to <= now);
        Ok(begun && !ended)
    }

    fn instant(&mut self, source: Option<&Source>) -> Result<Option<Timestamp>> {
        let Some(value) = source.map(|source| self.source(source)).transpose()?.flatten() else {
            return Ok(None);
        };
        let text = value.as_str().ok_or("an end of `valid` is no date")?;
        operators::instant(text).map(Some).ok_or_else(|| format!("`{text}` is no date"))
    }

    fn source(&mut self, source: &Source) -> Result<Option<Value>> {
        Ok(self.find(source)?.map(Cow::into_owned))
    }

    /// The value of a source, without a copy where it stands in the document or the plan.
    fn find<'s>(&mut self, source: &'s Source) -> Result<Found<'s>>
    where
        'a: 's,
    {
        let owned = match source {
            Source::Constant(value) => return Ok(borrowed(value)),
            Source::Path(path) => return Ok(path.find(self.document)),
            Source::Pipeline(pipeline) => return self.pipeline(pipeline),
            Source::Dt(dt) => dt.resolve(self.document, self.environment).map_err(message)?,
            Source::Text(pieces) => Some(Value::String(self.fill(pieces)?)),
            Source::Expression(expression) => {
                expression.evaluate(self.scope()).map_err(|error| error.to_string())?
            }
            Source::Object(members) => self.object(members)?,
            Source::List(items) => self.list(items)?,
        };
        Ok(owned.map(Cow::Owned))
    }

    fn list(&mut self, items: &[Source]) -> Result<Option<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.extend(self.source(item)?);
        }
        Ok(Some(values).filter(|values| !values.is_empty()).map(Value::Array))
    }

    fn object(&mut self, members: &[(String, Source)]) -> Result<Option<Value>> {
        let mut object = serde_json::Map::with_capacity(members.len());
        let mut says_something = members.is_empty();
        for (name, source) in members {
            if let Some(value) = self.source(source)? {
                says_something |= !matches!(source, Source::Constant(_));
                object.insert(name.clone(), value);
            }
        }
        Ok(says_something.then_some(Value::Object(object)))
    }

    fn pipeline<'s>(&mut self, pipeline: &'s Pipeline) -> Result<Found<'s>>
    where
        'a: 's,
    {
        let root = self.find(&pipeline.root)?;
        let mut value = match (root, &pipeline.accessor) {
            (root, _) if !pipeline.filters.is_empty() => self.filtered(root, pipeline)?.map(Cow::Owned),
            (Some(root), Some(accessor)) => self.place(accessor, &root)?.map(Cow::Owned),
            (root, _) => root,
        };
        let mut next = 0;
        while let Some(step) = pipeline.steps.get(next) {
            let glue = pipeline.glue.as_ref().filter(|glue| glue.steps().start == next);
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
        let argument = |step: usize, position: usize| match steps[step].arguments[position].as_ref()? {
            Source::Constant(value) => borrowed(value),
            Source::Path(path) => path.find(self.document),
            Source::Text(pieces) => self.fill(pieces).ok().map(Value::String).map(Cow::Owned),
            _ => None,
        };
        glue.apply(value, argument).map(|value| (Some(value), glue.steps().end))
    }

    /// The elements that pass, the accessor applied; one survivor is taken out of its list.
    fn filtered(&mut self, root: Found<'_>, pipeline: &Pipeline) -> Result<Option<Value>> {
        let elements = match root.as_deref() {
            Some(Value::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
            None => return Ok(None),
        };
        let mut kept = Vec::new();
        for element in elements {
            if self.keeps(element, &pipeline.filters)? {
                match &pipeline.accessor {
                    Some(accessor) => match self.place(accessor, element)? {
                        Some(Value::Array(inner)) => kept.extend(inner),
                        found => kept.extend(found),
                    },
                    None => kept.push(element.clone()),
                }
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
                Some(source) => self.source(source)?,
                None => None,
            });
        }
        operators::transform(step.operator, value, &arguments, self.document, self.environment)
            .map_err(|failure| format!("`{}`: {}", step.operator.name, failure.message))
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

    fn scope(&mut self) -> &Scope {
        self.scope.get_or_insert_with(|| Scope::of_document(self.document))
    }
}

fn borrowed(value: &Value) -> Found<'_> {
    Some(Cow::Borrowed(value)).filter(|value| !value.is_null())
}

fn message(failure: Failure) -> String {
    failure.message
}
