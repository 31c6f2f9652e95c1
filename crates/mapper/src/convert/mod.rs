//! Mapper files in the other form: XSOAR's JSON as native YAML, and back.
//!
//! A rule is converted from its compiled form (`to_native`, `to_xsoar`), and what was
//! written is compiled again and compared (`same`). So a converted mapper maps as the
//! original does; what cannot be said stands as it is under `xsoar:` on the way there, and
//! is an error on the way back. Start at [`convert`].

mod same;
mod to_native;
mod to_xsoar;
mod whole;
mod yaml;

use std::path::Path;

use provost_core::Diagnostic;
use serde_json::Value;

use crate::load::Form;
use crate::operators::ArgumentKind;
use crate::plan::Mapper;

/// The operator that reads a text as JSON: how XSOAR's files say constants that are no text.
const PARSE_JSON: &str = "ParseJSON";

/// The types of XSOAR's files for the commands.
const CREATE: &str = "User Profile - Create";
const UPDATE: &str = "User Profile - Update";
const BOTH: &str = "User Profile";

/// A mapper in the other form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The file.
    pub text: String,
    /// What is not in it, or not quite as it was, and why.
    pub notes: Vec<String>,
}

/// Why a mapper cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(Box<Diagnostic>),
    /// It says what the other form has no words for.
    #[error("{} has no equivalent in XSOAR's form:\n{}", count(.0), lines(.0))]
    NoEquivalent(Vec<String>),
}

/// A mapper's file in a form. One that has this form already stays as it is.
///
/// # Errors
/// A file that cannot be read, or everything in it that the other form cannot say.
pub fn convert(file: &Path, text: &str, to: Form) -> Result<Converted, ConvertError> {
    let mapper = Mapper::load(file, text).map_err(ConvertError::Unreadable)?;
    match (Form::of(text), to) {
        (Form::Xsoar, Form::Native) => Ok(to_native::convert(&mapper, text)),
        (Form::Native, Form::Xsoar) => {
            let written = provost_core::yaml::parse(file, text).map_err(ConvertError::Unreadable)?;
            to_xsoar::convert(mapper, &written).map_err(ConvertError::NoEquivalent)
        }
        _ => Ok(Converted {
            text: text.to_owned(),
            notes: vec!["the file has this form already; it stays as it is".to_owned()],
        }),
    }
}

fn count(problems: &[String]) -> String {
    if problems.len() == 1 {
        "one construct".to_owned()
    } else {
        format!("each of {} constructs", problems.len())
    }
}

fn lines(problems: &[String]) -> String {
    problems.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n")
}

/// Whether an operator reads an argument as a number or a flag, so that a text will do.
fn is_cast(kind: ArgumentKind) -> bool {
    matches!(kind, ArgumentKind::Number | ArgumentKind::Boolean)
}

/// A constant as the text that an operator would read it from.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
