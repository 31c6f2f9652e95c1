//! DT, XSOAR's language for places that select and change: `crew(val.rank > 1).name=val + '!'`.
//!
//! Paths are walked here. Selectors and mutators are JavaScript, which `script` runs in
//! a sandbox: values go in and come out as JSON, and nothing else does. Without the cargo
//! feature `dt-js` there is no engine, and a DT with JavaScript in it is refused.
//!
//! Start at [`Place::parse`], which tells DT from plain paths, and [`Dt::resolve`].

mod scan;
#[cfg(feature = "dt-js")]
mod script;
#[cfg(not(feature = "dt-js"))]
#[path = "no_script.rs"]
mod script;

use serde_json::Value;

use crate::operators::{Environment, Failure, FailureKind};
use crate::path::{collapse, flat};
use crate::{Path, PathError};
use scan::Piece;

pub(crate) use scan::hole_end;
pub(crate) use script::begin_field;

/// A compiled DT.
#[derive(Debug)]
pub struct Dt {
    source: String,
    parts: Vec<Part>,
    mutator: Option<Mutator>,
}

#[derive(Debug)]
enum Part {
    Path(Path),
    /// Keeps the items for which the body says yes.
    Selector(Body),
}

#[derive(Debug)]
struct Mutator {
    body: Body,
    /// Whether a list is one value.
    whole_list: bool,
}

/// JavaScript over `val` and the other places that it names.
#[derive(Debug)]
struct Body {
    #[cfg_attr(not(feature = "dt-js"), expect(dead_code, reason = "only an engine reads it"))]
    text: String,
    bindings: Vec<Binding>,
}

/// `val1---path`: a path from the top of the document, or within `val` if it begins with a
/// point.
#[derive(Debug)]
struct Binding {
    #[cfg_attr(not(feature = "dt-js"), expect(dead_code, reason = "only an engine reads it"))]
    name: String,
    path: Path,
    within: bool,
}

/// A place in a document: a plain path, or DT.
#[derive(Debug)]
pub enum Place {
    /// Keys and indexes only.
    Path(Path),
    /// With a selector or a mutator.
    Dt(Dt),
}

/// Why a text is no DT.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum DtError {
    /// One of its paths cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A merge key, which has a meaning only where entries are written.
    #[error("`({0})` compares with `obj`, the entry that is being written; a mapper writes none")]
    WriteKey(String),
    /// This build has no JavaScript.
    #[error("`{0}` is JavaScript, and this build has none; build it with the cargo feature `dt-js`")]
    NoEngine(String),
}

impl Place {
    /// Reads a place. It is DT if it has a selector or a mutator.
    ///
    /// # Errors
    /// As for [`Dt::parse`] and [`Path::parse`].
    pub fn parse(source: &str) -> Result<Self, DtError> {
        let dt = Dt::parse(source)?;
        let plain = dt.mutator.is_none() && dt.parts.iter().all(|part| matches!(part, Part::Path(_)));
        Ok(if plain { Self::Path(Path::parse(source)?) } else { Self::Dt(dt) })
    }

    /// The place as written.
    pub(crate) fn source(&self) -> &str {
        match self {
            Self::Path(path) => path.source(),
            Self::Dt(dt) => dt.source(),
        }
    }

    /// What is found there.
    pub(crate) fn resolve(
        &self,
        document: &Value,
        environment: &Environment,
    ) -> Result<Option<Value>, Failure> {
        match self {
            Self::Path(path) => Ok(path.resolve(document)),
            Self::Dt(dt) => dt.resolve(document, environment),
        }
    }
}

impl Dt {
    /// Reads a DT; a plain path is one too.
    ///
    /// # Errors
    /// Paths that cannot be read, merge keys with `obj`, and JavaScript in a build that
    /// has none.
    pub fn parse(source: &str) -> Result<Self, DtError> {
        let scanned = scan::split(source);
        let part = |piece: &Piece<'_>| match piece {
            Piece::Path(path) => Ok(Part::Path(Path::parse(path)?)),
            Piece::Selector(body) if scan::is_write_key(body) => Err(DtError::WriteKey((*body).to_owned())),
            Piece::Selector(body) => Body::parse(body).map(Part::Selector),
        };
        let mutator = scanned.mutator.as_ref().map(|mutator| {
            Ok::<_, DtError>(Mutator { body: Body::parse(mutator.body)?, whole_list: mutator.whole_list })
        });
        Ok(Self {
            source: source.to_owned(),
            parts: scanned.pieces.iter().map(part).collect::<Result<_, _>>()?,
            mutator: mutator.transpose()?,
        })
    }

    /// The DT as written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// What it makes of a document; `None` when that is nothing.
    pub(crate) fn resolve(
        &self,
        document: &Value,
        environment: &Environment,
    ) -> Result<Option<Value>, Failure> {
        if let Some(value) = document.get(&self.source) {
            return Ok(Some(value.clone()).filter(|value| !value.is_null()));
        }
        let (found, fanned_out) = self.found(document, environment)?;
        match &self.mutator {
            None if fanned_out => Ok(collapse(flat(&found))),
            None => Ok(first(&found)),
            Some(mutator) => mutator.apply(&found, fanned_out, document, environment),
        }
    }

    /// What the path and its selectors lead to; whether a list was fanned out.
    fn found<'a>(
        &self,
        document: &'a Value,
        environment: &Environment,
    ) -> Result<(Vec<&'a Value>, bool), Failure> {
        let (mut found, mut fanned_out) = (vec![document], false);
        for (position, part) in self.parts.iter().enumerate() {
            match part {
                Part::Path(path) if position == 0 => (found, fanned_out) = path.all(document),
                Part::Path(path) => {
                    let starts = std::mem::take(&mut found);
                    for (more, fanned) in starts.into_iter().map(|start| path.all_within(start)) {
                        found.extend(more);
                        fanned_out |= fanned;
                    }
                }
                Part::Selector(body) => {
                    found = body.select(&found, document, environment)?;
                    fanned_out = true;
                }
            }
        }
        Ok((found, fanned_out))
    }
}

impl Mutator {
    fn apply(
        &self,
        found: &[&Value],
        fanned_out: bool,
        document: &Value,
        environment: &Environment,
    ) -> Result<Option<Value>, Failure> {
        let value = match fanned_out {
            true if self.whole_list => Some(Value::Array(flat(found))),
            true => collapse(flat(found)),
            false => first(found),
        };
        match value {
            None => Ok(None),
            Some(Value::Array(items)) if !self.whole_list => {
                let items: Vec<&Value> = items.iter().filter(|item| !item.is_null()).collect();
                let results = self.body.change(&items, document, environment)?;
                Ok(if fanned_out { collapse(results) } else { Some(Value::Array(results)) })
            }
            Some(value) => Ok(self.body.change(&[&value], document, environment)?.pop()),
        }
    }
}

impl Body {
    fn parse(body: &str) -> Result<Self, DtError> {
        if !script::AVAILABLE {
            return Err(DtError::NoEngine(body.to_owned()));
        }
        let (text, bound) = scan::bindings(body);
        let binding = |bound: &scan::Bound<'_>| {
            Ok::<_, DtError>(Binding {
                name: bound.name.to_owned(),
                path: Path::parse(bound.path)?,
                within: bound.path.starts_with('.'),
            })
        };
        Ok(Self { text, bindings: bound.iter().map(binding).collect::<Result<_, _>>()? })
    }

    /// The values, or items of lists, for which the body is true.
    fn select<'a>(
        &self,
        found: &[&'a Value],
        document: &Value,
        environment: &Environment,
    ) -> Result<Vec<&'a Value>, Failure> {
        let items = |value: &'a Value| match value {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let items: Vec<&Value> = found.iter().flat_map(|value| items(value)).collect();
        let answers = script::run(self, self.rows(&items, document), true, environment)?;
        let chosen = items.into_iter().zip(answers).filter(|(_, answer)| answer.as_deref() == Some("true"));
        Ok(chosen.map(|(item, _)| item).collect())
    }

    /// What the body makes of each value, without those of which it makes nothing.
    fn change(
        &self,
        values: &[&Value],
        document: &Value,
        environment: &Environment,
    ) -> Result<Vec<Value>, Failure> {
        let results = script::run(self, self.rows(values, document), false, environment)?;
        let mut changed = Vec::with_capacity(results.len());
        for text in results.into_iter().flatten() {
            let value: Value = serde_json::from_str(&text).map_err(|error| {
                Failure::new(FailureKind::Json, format!("the result is no JSON: {error}"))
            })?;
            changed.extend(Some(value).filter(|value| !value.is_null()));
        }
        Ok(changed)
    }

    /// `val` and what is bound beside it, for each value, as JSON lists.
    fn rows(&self, values: &[&Value], document: &Value) -> Vec<String> {
        let row = |value: &Value| {
            let mut row = format!("[{value}");
            for binding in &self.bindings {
                let bound = binding.path.resolve(if binding.within { value } else { document });
                row.push(',');
                row.push_str(&bound.unwrap_or_default().to_string());
            }
            row.push(']');
            row
        };
        values.iter().map(|value| row(value)).collect()
    }
}

/// The only value, unless it is null.
fn first(found: &[&Value]) -> Option<Value> {
    found.first().filter(|value| !value.is_null()).map(|value| (*value).clone())
}

#[cfg(all(test, feature = "dt-js"))]
mod tests;
