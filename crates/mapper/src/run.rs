//! Running a mapper over a document.

use provost_core::{Attributes, Verb};
use serde_json::Value;

use crate::plan::{COMMON_TYPE, Field, Mapper, Piece, Source};
use crate::{ExpressionError, Path, Scope};

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
    fn wants(self, field: &Field) -> bool {
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
    pub fn run(&self, document: &Value, purpose: Purpose) -> Mapped {
        let mut run = Run { document, scope: None, mapped: Mapped::default() };
        let named = purpose.type_names().iter().find_map(|name| self.fields_of(name));
        for field in [self.fields_of(COMMON_TYPE), named].into_iter().flatten().flatten() {
            if purpose.wants(field) {
                run.apply(field);
            }
        }
        run.mapped
    }

    fn fields_of(&self, type_name: &str) -> Option<&[Field]> {
        self.types.iter().find(|(name, _)| name == type_name).map(|(_, fields)| fields.as_slice())
    }
}

struct Run<'a> {
    document: &'a Value,
    /// The document as expressions see it, made when the first one needs it.
    scope: Option<Scope>,
    mapped: Mapped,
}

impl Run<'_> {
    fn apply(&mut self, field: &Field) {
        match self.value(field) {
            Ok(Some(value)) => {
                self.mapped.output.insert(field.target.clone(), value);
            }
            Ok(None) => {}
            Err(error) => {
                self.mapped
                    .errors
                    .push(FieldError { target: field.target.clone(), problem: error.to_string() });
            }
        }
    }

    fn value(&mut self, field: &Field) -> Result<Option<Value>, ExpressionError> {
        if let Some(condition) = &field.when
            && !condition.holds(self.scope())?
        {
            return Ok(None);
        }
        match &field.source {
            Source::Constant(value) => Ok(Some(value.clone())),
            Source::Path(path) => Ok(path.resolve(self.document)),
            Source::Text(pieces) => Ok(Some(Value::String(fill(pieces, self.document)))),
            Source::Expression(expression) => expression.evaluate(self.scope()),
        }
    }

    fn scope(&mut self) -> &Scope {
        self.scope.get_or_insert_with(|| Scope::of_document(self.document))
    }
}

/// A text with its places filled; what is missing leaves nothing.
fn fill(pieces: &[Piece], document: &Value) -> String {
    let text = |path: &Path| match path.resolve(document) {
        None => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    };
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(literal) => literal.clone(),
            Piece::Path(path) => text(path),
        })
        .collect()
}
