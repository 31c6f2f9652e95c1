//! Texts that a document is put into.

use serde_json::Value;

use super::super::{Failure, FailureKind, cast};
use crate::Path;

/// Applies a function to all texts in a value, and to the names of its members.
pub(super) fn each_text(
    value: &Value,
    change: &dyn Fn(&str) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter().map(|item| each_text(item, change)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| Ok((cast::text(&change(name)?)?, each_text(member, change)?)))
            .collect(),
        other => Ok(other.clone()),
    }
}

/// What the holes of a text are filled from.
pub(super) struct Places<'a> {
    /// `${path}`.
    pub(super) document: &'a Value,
    /// `${.path}`.
    pub(super) value: &'a Value,
    /// `${..path}`.
    pub(super) node: &'a Value,
}

impl Places<'_> {
    /// A text with its holes filled; one that is a single hole keeps the type. `expand`
    /// changes what is written between and in the holes, never what they are filled with.
    pub(super) fn filled(
        &self,
        template: &str,
        expand: &dyn Fn(&str) -> Result<String, Failure>,
    ) -> Result<Value, Failure> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inside, after)) = after.split_once('}') else { break };
            let found = self.found(&expand(inside)?)?;
            if before.is_empty() && after.is_empty() && rest.len() == template.len() {
                return Ok(found);
            }
            text.push_str(&expand(before)?);
            match found {
                Value::Null => {}
                found => text.push_str(&cast::text(&found).unwrap_or_else(|_| found.to_string())),
            }
            rest = after;
        }
        text.push_str(&expand(rest)?);
        Ok(Value::from(text))
    }

    fn found(&self, hole: &str) -> Result<Value, Failure> {
        let (place, written) = match (hole.strip_prefix(".."), hole.strip_prefix('.')) {
            (Some(rest), _) if !rest.is_empty() => (self.node, rest),
            (_, Some(rest)) if !rest.is_empty() => (self.value, rest),
            _ => (self.document, hole),
        };
        let wrong = |problem: String| Failure::new(FailureKind::Argument, problem);
        let path = Path::parse(written).map_err(|error| wrong(error.to_string()))?;
        match path.resolve(place) {
            None if written.contains(['(', '=']) => Err(wrong(format!("`{hole}` is no path"))),
            found => Ok(found.unwrap_or_default()),
        }
    }
}
