//! The commonest expressions without the engine: `a or b`, `a ~ ' ' ~ b`, `a | lower`,
//! `x if a else y` and what is made of them, over the members of a document as they stand.
//!
//! It never knows better: where a value is not of the few kinds whose meaning is plain, the
//! engine is asked for the whole expression.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use minijinja::machinery::ast::{BinOp, BinOpKind, Expr, UnaryOpKind};
use serde_json::Value;

use super::{Named, functions, texts, values};
use crate::path;

/// The longest text that is plain. With it no expression comes near the engine's limits.
const LONGEST_TEXT: usize = 4 << 10;

type Change = fn(&str) -> String;

/// Filters without arguments that make a text of a text.
const CHANGES: [(&str, Change); 5] = [
    ("lower", str::to_lowercase),
    ("upper", str::to_uppercase),
    ("trim", |text| text.trim().to_owned()),
    ("string", str::to_owned),
    ("quoted", texts::as_json),
];

/// An expression of which all parts are plain.
#[derive(Debug)]
pub(super) enum Plain {
    Constant(Value),
    /// A member, and the members on the way to it.
    Member(Vec<String>),
    Not(Box<Plain>),
    Or(Box<[Plain; 2]>),
    And(Box<[Plain; 2]>),
    Join(Box<[Plain; 2]>),
    /// Whether a value is, or is not, a text.
    Is(Box<Plain>, String, bool),
    Choice(Box<[Plain; 2]>, Option<Box<Plain>>),
    Change(Change, Box<Plain>),
}

/// What a part gives.
enum Got<'a> {
    /// A name without a value, which may be tested but not used.
    Missing,
    /// A choice that was not made, which may be used as well.
    Silent,
    Value(Cow<'a, Value>),
}

/// Only the engine knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclear;

/// Why there is no value.
enum Stop {
    /// What is missing is used.
    Lacks,
    /// Only the engine knows.
    Unclear,
}

type Result<T> = std::result::Result<T, Stop>;

/// What the expression is asked over.
#[derive(Clone, Copy)]
struct Over<'a> {
    names: Names<'a>,
    /// Whether what is missing may be compared and looked into, as in conditions.
    is_condition: bool,
}

/// Where names are.
#[derive(Clone, Copy)]
enum Names<'a> {
    /// In a document, where null counts as missing.
    Document(&'a Value),
    /// In a view, where null is a value.
    View(&'a dyn Named),
}

impl Plain {
    /// The expression, if all of it is plain.
    pub(super) fn of(expression: &Expr<'_>) -> Option<Self> {
        match expression {
            Expr::Const(constant) => {
                values::to_json(&constant.value).ok().filter(is_scalar).map(Self::Constant)
            }
            Expr::Var(name) => (!functions::is_one(name.id)).then(|| Self::Member(vec![name.id.to_owned()])),
            Expr::GetAttr(member) => Self::of(&member.expr)?.deeper(member.name),
            Expr::UnaryOp(operation) if matches!(operation.op, UnaryOpKind::Not) => {
                Some(Self::Not(Box::new(Self::of(&operation.expr)?)))
            }
            Expr::BinOp(operation) => Self::operation(operation),
            Expr::IfExpr(choice) => {
                let given = Self::both(&choice.test_expr, &choice.true_expr)?;
                match &choice.false_expr {
                    None => Some(Self::Choice(given, None)),
                    Some(other) => Some(Self::Choice(given, Some(Box::new(Self::of(other)?)))),
                }
            }
            Expr::Filter(filter) if filter.args.is_empty() => {
                let (_, change) = CHANGES.iter().find(|(name, _)| *name == filter.name)?;
                Some(Self::Change(*change, Box::new(Self::of(filter.expr.as_ref()?)?)))
            }
            _ => None,
        }
    }

    /// A member of a member.
    fn deeper(self, name: &str) -> Option<Self> {
        let Self::Member(mut path) = self else { return None };
        path.push(name.to_owned());
        Some(Self::Member(path))
    }

    fn operation(operation: &BinOp<'_>) -> Option<Self> {
        let (left, right) = (&operation.left, &operation.right);
        match operation.op {
            BinOpKind::ScOr => Self::both(left, right).map(Self::Or),
            BinOpKind::ScAnd => Self::both(left, right).map(Self::And),
            BinOpKind::Concat => Self::both(left, right).map(Self::Join),
            BinOpKind::Eq => Self::is(left, right, true),
            BinOpKind::Ne => Self::is(left, right, false),
            _ => None,
        }
    }

    fn both(left: &Expr<'_>, right: &Expr<'_>) -> Option<Box<[Self; 2]>> {
        Some(Box::new([Self::of(left)?, Self::of(right)?]))
    }

    fn is(value: &Expr<'_>, text: &Expr<'_>, wanted: bool) -> Option<Self> {
        match Self::of(text)? {
            Self::Constant(Value::String(text)) => Some(Self::Is(Box::new(Self::of(value)?), text, wanted)),
            _ => None,
        }
    }

    /// Its value, or that it has none.
    ///
    /// # Errors
    /// The engine has to be asked.
    pub(super) fn value<'a>(
        &'a self,
        document: &'a Value,
    ) -> std::result::Result<Option<Cow<'a, Value>>, Unclear> {
        match self.got(Over { names: Names::Document(document), is_condition: false }) {
            Ok(Got::Value(value)) if value.is_null() => Ok(None),
            Ok(Got::Value(value)) if is_scalar(&value) => Ok(Some(value)),
            Ok(Got::Missing | Got::Silent) | Err(Stop::Lacks) => Ok(None),
            Ok(Got::Value(_)) | Err(Stop::Unclear) => Err(Unclear),
        }
    }

    /// The same over a view.
    ///
    /// # Errors
    /// The engine has to be asked.
    pub(super) fn seen<'a>(
        &'a self,
        names: &'a dyn Named,
    ) -> std::result::Result<Option<Cow<'a, Value>>, Unclear> {
        match self.got(Over { names: Names::View(names), is_condition: false }) {
            Ok(Got::Value(value)) if value.is_null() => Ok(None),
            Ok(Got::Value(value)) => Ok(Some(value)),
            Ok(Got::Missing | Got::Silent) | Err(Stop::Lacks) => Ok(None),
            Err(Stop::Unclear) => Err(Unclear),
        }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// The engine has to be asked.
    pub(super) fn holds(&self, document: &Value) -> std::result::Result<bool, Unclear> {
        let over = Over { names: Names::Document(document), is_condition: true };
        self.got(over).map(|got| got.holds(over)).map_err(|_| Unclear)
    }

    fn got<'a>(&'a self, over: Over<'a>) -> Result<Got<'a>> {
        match self {
            Self::Constant(value) => Ok(Got::Value(Cow::Borrowed(value))),
            Self::Member(path) => over.member(path),
            Self::Not(part) => Ok(made(!part.got(over)?.holds(over))),
            Self::Or(parts) => match parts[0].got(over)? {
                left if left.holds(over) => Ok(left),
                _ => parts[1].got(over),
            },
            Self::And(parts) => match parts[0].got(over)? {
                left if left.holds(over) => parts[1].got(over),
                left => Ok(left),
            },
            Self::Choice(parts, other) => match (parts[0].got(over)?.holds(over), other) {
                (true, _) => parts[1].got(over),
                (false, Some(other)) => other.got(over),
                (false, None) => Ok(Got::Silent),
            },
            Self::Is(part, text, wanted) => match part.got(over)? {
                Got::Value(value) if is_scalar(&value) => {
                    Ok(made((value.as_str() == Some(text.as_str())) == *wanted))
                }
                Got::Missing if over.is_condition => Ok(made(!wanted)),
                Got::Missing => Err(Stop::Lacks),
                _ => Err(Stop::Unclear),
            },
            Self::Join(parts) => {
                let (left, right) = (parts[0].got(over)?, parts[1].got(over)?);
                let (left, right) = (left.text()?, right.text()?);
                let mut joined = String::with_capacity(left.len() + right.len());
                joined.push_str(&left);
                joined.push_str(&right);
                short(joined)
            }
            Self::Change(change, part) => short(change(&part.got(over)?.text()?)),
        }
    }
}

impl<'a> Over<'a> {
    /// The value of a member.
    fn member(self, path: &[String]) -> Result<Got<'a>> {
        let found = match self.names {
            Names::View(names) => Some(in_view(names, path).ok_or(Stop::Unclear)?),
            Names::Document(document) => self.in_document(document, path)?,
        };
        match found {
            None => Ok(Got::Missing),
            Some(Value::String(text)) if text.len() > LONGEST_TEXT => Err(Stop::Unclear),
            Some(value) => Ok(Got::Value(Cow::Borrowed(value))),
        }
    }

    /// A member of a document, where one that is null is missing.
    fn in_document(self, document: &'a Value, path: &[String]) -> Result<Option<&'a Value>> {
        let mut found = Some(document);
        for name in path {
            found = match found {
                Some(value) => path::member(value, name).filter(|member| !member.is_null()),
                None if self.is_condition => None,
                None => return Err(Stop::Lacks),
            };
        }
        Ok(found)
    }
}

/// A member that a view has. Whether one is null or not there makes a difference to the engine,
/// which is asked then.
fn in_view<'a>(names: &'a dyn Named, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let found = rest.iter().try_fold(names.named(first)?, |value, name| path::member(value, name))?;
    Some(found).filter(|value| !value.is_null())
}

impl Got<'_> {
    fn holds(&self, over: Over<'_>) -> bool {
        match self {
            Self::Missing | Self::Silent => false,
            Self::Value(value) => holds(value, over.names),
        }
    }

    /// The text that it is, or that the engine would print.
    fn text(&self) -> Result<Cow<'_, str>> {
        match self {
            Self::Missing => Err(Stop::Lacks),
            Self::Silent => Err(Stop::Unclear),
            Self::Value(value) => match &**value {
                Value::String(text) => Ok(Cow::Borrowed(text)),
                Value::Number(number) if !number.is_f64() => Ok(Cow::Owned(number.to_string())),
                _ => Err(Stop::Unclear),
            },
        }
    }
}

/// Whether a value counts as true. In a document members that are null are not there.
fn holds(value: &Value, names: Names<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) if matches!(names, Names::View(_)) => !members.is_empty(),
        Value::Object(members) => members.values().any(|member| !member.is_null()),
    }
}

/// Whether a value is the same for the engine: not one in which nulls would be left out.
fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn made<'a>(value: impl Into<Value>) -> Got<'a> {
    Got::Value(Cow::Owned(value.into()))
}

fn short<'a>(text: String) -> Result<Got<'a>> {
    if text.len() > LONGEST_TEXT { Err(Stop::Unclear) } else { Ok(made(text)) }
}
