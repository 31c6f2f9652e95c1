//! The value of a source in a document.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::effects::{self, Answers, Reference, Request, Unique};
use crate::operators::{self, Environment, Failure};
use crate::plan::{Filter, Left, Missing, Piece, Pipeline, Rule, Source, Step, Valid};
use crate::{Place, Scope};

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
}

/// A value, or nothing; the error is for people.
type Result<T> = std::result::Result<T, String>;

impl<'a> Evaluation<'a> {
    pub(crate) fn new(document: &'a Value, environment: &'a Environment, answers: &'a Answers) -> Self {
        Self { document, environment, answers, requests: Vec::new(), waits: false, scope: None }
    }

    /// Whether a rule applies: its condition holds, and this moment lies in its span.
    pub(crate) fn applies(&mut self, rule: &Rule) -> Result<bool> {
        if let Some(condition) = &rule.when
            && !condition.holds(self.scope()).map_err(|error| error.to_string())?
        {
            return Ok(false);
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

    pub(crate) fn source(&mut self, source: &Source) -> Result<Option<Value>> {
        match source {
            Source::Constant(value) => Ok(Some(value.clone()).filter(|value| !value.is_null())),
            Source::Path(path) => Ok(path.resolve(self.document)),
            Source::Dt(dt) => dt.resolve(self.document, self.environment).map_err(message),
            Source::Text(pieces) => self.fill(pieces).map(|text| Some(Value::String(text))),
            Source::Pipeline(pipeline) => self.pipeline(pipeline),
            Source::Expression(expression) => {
                expression.evaluate(self.scope()).map_err(|error| error.to_string())
            }
            Source::Object(members) => self.object(members),
            Source::Reference(reference) => self.reference(reference),
            // A rule's own source: `value` knows the target that it is for.
            Source::Secret(_) => Ok(None),
            Source::List(items) => {
                let values: Vec<Value> =
                    items.iter().filter_map(|item| self.source(item).transpose()).collect::<Result<_>>()?;
                Ok(Some(Value::Array(values)).filter(|list| list != &Value::Array(Vec::new())))
            }
        }
    }

    /// The answer, if it is known; else it is asked for.
    fn ask(&mut self, request: Request) -> Option<Value> {
        if let Some(answer) = self.answers.of(&request) {
            return answer.clone();
        }
        self.waits = true;
        if !self.requests.contains(&request) {
            self.requests.push(request);
        }
        None
    }

    fn unique(&mut self, target: &str, value: &Value, unique: &Unique) -> Result<Option<Value>> {
        let value =
            value.as_str().filter(|text| !text.is_empty()).ok_or("a `unique` value must be a text")?;
        let mut candidates = vec![effects::suffixed(value, "", unique.length)];
        for n in unique.from..=unique.max {
            let suffix = unique.suffix.evaluate(&Scope::new(&json!({"n": n})));
            let suffix = suffix.map_err(|error| error.to_string())?.unwrap_or_default();
            let suffix = operators::text(&suffix).map_err(message)?;
            candidates.push(effects::suffixed(value, &suffix, unique.length));
        }
        let by = unique.by.as_deref().unwrap_or(target).to_owned();
        Ok(self.ask(Request::Unique { by, candidates }))
    }

    fn reference(&mut self, reference: &Reference) -> Result<Option<Value>> {
        let mut find = Vec::new();
        for (attribute, source) in &reference.find {
            let value = self.source(source)?.filter(|value| !provost_core::is_empty(value));
            if let Some(value) = value {
                find.push((attribute.clone(), operators::text(&value).map_err(message)?));
            }
        }
        if find.is_empty() {
            return Ok(None);
        }
        let Reference { take, must_exist, .. } = reference;
        Ok(self.ask(Request::Reference { find, take: take.clone(), must_exist: *must_exist }))
    }

    fn object(&mut self, members: &[(String, Source)]) -> Result<Option<Value>> {
        let mut object = serde_json::Map::new();
        let mut says_something = members.is_empty();
        for (name, source) in members {
            if let Some(value) = self.source(source)? {
                says_something |= !matches!(source, Source::Constant(_));
                object.insert(name.clone(), value);
            }
        }
        Ok(says_something.then_some(Value::Object(object)))
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Result<Option<Value>> {
        let root = self.source(&pipeline.root)?;
        let mut value = if pipeline.filters.is_empty() {
            match (root, &pipeline.accessor) {
                (Some(root), Some(accessor)) => self.place(accessor, &root)?,
                (root, _) => root,
            }
        } else {
            self.filtered(root, pipeline)?
        };
        for step in &pipeline.steps {
            value = self.step(step, value)?;
        }
        Ok(value)
    }

    /// The elements that pass, the accessor applied; one survivor is taken out of its list.
    fn filtered(&mut self, root: Option<Value>, pipeline: &Pipeline) -> Result<Option<Value>> {
        let elements = match root {
            Some(Value::Array(items)) => items,
            Some(single) => vec![single],
            None => return Ok(None),
        };
        let mut kept = Vec::new();
        for element in elements {
            if self.keeps(&element, &pipeline.filters)? {
                match &pipeline.accessor {
                    Some(accessor) => match self.place(accessor, &element)? {
                        Some(Value::Array(inner)) => kept.extend(inner),
                        found => kept.extend(found),
                    },
                    None => kept.push(element),
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
            Left::Element => Some(element.clone()),
            Left::Within(place) => self.place(place, element)?,
            Left::Document(source) => self.source(source)?,
        };
        let right = filter.right.as_ref().map(|right| self.source(right)).transpose()?.flatten();
        operators::passes(filter.operator, left.as_ref(), &[right], filter.ignore_case, self.environment)
            .map_err(|failure| format!("`{}`: {}", filter.operator.name, failure.message))
    }

    fn step(&mut self, step: &Step, value: Option<Value>) -> Result<Option<Value>> {
        let arguments: Vec<Option<Value>> = step
            .arguments
            .iter()
            .map(|argument| {
                argument.as_ref().map(|source| self.source(source)).transpose().map(Option::flatten)
            })
            .collect::<Result<_>>()?;
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
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Place(place) => match self.place(place, self.document)? {
                    None => {}
                    Some(Value::String(found)) => text.push_str(&found),
                    Some(other) => text.push_str(&other.to_string()),
                },
            }
        }
        Ok(text)
    }

    fn scope(&mut self) -> &Scope {
        self.scope.get_or_insert_with(|| Scope::of_document(self.document, self.environment))
    }
}

fn message(failure: Failure) -> String {
    failure.message
}
