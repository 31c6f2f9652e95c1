//! Texts that a pattern's match or a document is put into.

use fancy_regex::Captures;
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

/// A template of Python's: `\1`, `\g<1>` and `\g<name>` are groups, `\0` is all.
pub(super) fn expanded(template: &str, captures: &Captures<'_, str>) -> Result<String, Failure> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        rest = group(after, captures, &mut text)?;
    }
    text.push_str(rest);
    Ok(text)
}

/// Reads what follows a backslash; gives the rest.
fn group<'a>(after: &'a str, captures: &Captures<'_, str>, text: &mut String) -> Result<&'a str, Failure> {
    let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        text.push_str(numbered(&after[..digits], captures)?);
        return Ok(&after[digits..]);
    }
    if let Some((name, rest)) = after.strip_prefix("g<").and_then(|named| named.split_once('>')) {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        let found = if is_number {
            numbered(name, captures)?
        } else {
            captures.name(name).map_or("", |found| found.as_str())
        };
        text.push_str(found);
        return Ok(rest);
    }
    let mut characters = after.chars();
    match characters.next() {
        Some('n') => text.push('\n'),
        Some('r') => text.push('\r'),
        Some('t') => text.push('\t'),
        Some('\\') => text.push('\\'),
        other => {
            text.push('\\');
            text.extend(other);
        }
    }
    Ok(characters.as_str())
}

fn numbered<'a>(number: &str, captures: &'a Captures<'_, str>) -> Result<&'a str, Failure> {
    let index = number.parse().ok().filter(|index| *index < captures.len());
    let missing = || Failure::new(FailureKind::Argument, format!("the pattern has no group {number}"));
    Ok(captures.get(index.ok_or_else(missing)?).map_or("", |found| found.as_str()))
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
