//! What an operator is given.

use jiff::Timestamp;
use serde_json::Value;

use super::{Operator, cast};

/// A call of an operator: the value, its arguments in the order of the table, and the
/// world outside.
pub(crate) struct Call<'a> {
    pub(crate) operator: &'a Operator,
    /// The value, the list, or the left side. Null only where the operator wants that.
    pub(crate) value: &'a Value,
    pub(crate) arguments: &'a [Option<Value>],
    /// The whole document, for operators that fill holes of their own; null for filters.
    pub(crate) document: &'a Value,
    /// Filters: whether case is ignored.
    pub(crate) ignore_case: bool,
    pub(crate) environment: &'a Environment,
}

/// The world outside, held still so that a mapping can be repeated.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// This moment.
    pub now: Timestamp,
    /// Where random values begin.
    pub seed: u64,
}

impl Environment {
    /// A world in which it is always the first second of 2026.
    pub fn fixed() -> Self {
        Self { now: Timestamp::constant(1_767_225_600, 0), seed: 0 }
    }
}

/// Why an operator has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) message: String,
}

/// The kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// A value is of the wrong type.
    Cast,
    /// A text is no JSON.
    Json,
    /// Lists do not fit together.
    Length,
    /// An argument is missing or makes no sense.
    Argument,
    /// It took too long or too much.
    Limit,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl<'a> Call<'a> {
    /// The value as text.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        cast::text(self.value)
    }

    /// The value as a number.
    pub(crate) fn number(&self) -> Result<f64, Failure> {
        cast::number(self.value)
    }

    /// The value as a list; operators of kind `List` always have one.
    pub(crate) fn list(&self) -> &'a [Value] {
        self.value.as_array().map_or(std::slice::from_ref(self.value), Vec::as_slice)
    }

    /// An argument as it was given, or nothing. The table's default is not looked at.
    pub(crate) fn given(&self, name: &str) -> Option<&'a Value> {
        let position = self.operator.position(name)?;
        self.arguments.get(position)?.as_ref()
    }

    /// An argument as text, by default the table's.
    pub(crate) fn argument_text(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.given(name) {
            Some(value) => cast::text(value).map(Some),
            None => Ok(self.default(name).map(str::to_owned)),
        }
    }

    /// An argument as text, empty where there is none.
    pub(crate) fn argument_or_empty(&self, name: &str) -> Result<String, Failure> {
        self.argument_text(name).map(Option::unwrap_or_default)
    }

    /// An argument as a number, by default the table's.
    pub(crate) fn argument_number(&self, name: &str) -> Result<Option<f64>, Failure> {
        match self.given(name) {
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(value) => cast::number(value).map(Some),
            None => Ok(self.default(name).and_then(|text| text.parse().ok())),
        }
    }

    /// An argument as a whole number.
    pub(crate) fn argument_integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        let whole = |number: f64| match number {
            number if number.fract() == 0.0 && number.abs() < 9e15 => Ok(number as i64),
            _ => Err(Failure::new(FailureKind::Cast, format!("`{name}` must be a whole number"))),
        };
        self.argument_number(name)?.map(whole).transpose()
    }

    /// An argument as yes or no, by default the table's, else no.
    pub(crate) fn argument_flag(&self, name: &str) -> Result<bool, Failure> {
        match self.given(name) {
            Some(Value::String(text)) if text.is_empty() => Ok(self.default(name) == Some("true")),
            Some(value) => cast::boolean(value),
            None => Ok(self.default(name) == Some("true")),
        }
    }

    /// An argument that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, Failure> {
        let missing = || Failure::new(FailureKind::Argument, format!("`{name}` is not given"));
        self.argument_text(name)?.ok_or_else(missing)
    }

    fn default(&self, name: &str) -> Option<&'static str> {
        self.operator.position(name).and_then(|position| self.operator.arguments[position].default)
    }
}
