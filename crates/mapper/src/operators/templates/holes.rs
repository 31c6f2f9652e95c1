//! Holes in texts, and what fills them.

use std::borrow::Cow;

use serde_json::Value;

use super::super::cast;
use super::{Call, Failure, FailureKind, bounded, json};
use crate::Path;

/// The longest hole, in bytes, and the most that stand in one another.
const LONGEST_HOLE: usize = 4 << 10;
const DEEPEST: usize = 8;

/// The holes of one call: their markers, and where their values come from.
pub(super) struct Holes<'a> {
    open: String,
    /// Empty where a hole ends with its name.
    close: String,
    /// Whether a hole without a value stays as it is.
    keep: bool,
    context: Cow<'a, Value>,
    /// What `${.place}` is taken from.
    value: Option<&'a Value>,
    inputs: Option<&'a Value>,
    incident: Option<&'a Value>,
}

impl<'a> Holes<'a> {
    /// The holes as the call's arguments have them; `with_value` for `${.place}`.
    pub(super) fn of(call: &Call<'a>, with_value: bool) -> Result<Self, Failure> {
        let (open, close) = markers(call)?;
        let context = match call.given("ctx_data").filter(|context| context.as_str() != Some("")) {
            Some(context) => Cow::Owned(json(context, "ctx_data")?),
            None => Cow::Borrowed(call.document),
        };
        let object = |name: &str| call.given(name).filter(|value| value.is_object());
        Ok(Self {
            open,
            close,
            keep: call.argument_flag("keep_symbol_to_null")?,
            context,
            value: with_value.then_some(call.value),
            inputs: object("ctx_inputs"),
            incident: object("ctx_inc"),
        })
    }

    /// A template with its holes filled; of an object also the names.
    pub(super) fn fill(&self, template: &Value) -> Result<Value, Failure> {
        match template {
            Value::String(text) if text.is_empty() => Ok(Value::from("")),
            Value::String(text) => self.text(text, 0),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| Ok((rendered(&self.text(name, 0)?), self.fill(member)?)))
                .collect(),
            other => Ok(other.clone()),
        }
    }

    /// A text with its holes filled; null where it has nothing but holes without values.
    fn text(&self, text: &str, depth: usize) -> Result<Value, Failure> {
        let (mut out, mut rest) = (Value::Null, text);
        while let Some(start) = rest.find(&self.open) {
            let inside = &rest[start + self.open.len()..];
            let Some(end) = self.end(inside) else { break };
            join(&mut out, Value::from(&rest[..start]))?;
            join(&mut out, self.hole(&inside[..end], depth)?)?;
            rest = &inside[end + self.close.len()..];
        }
        join(&mut out, Value::from(rest))?;
        Ok(out)
    }

    /// Where a hole ends: at its closing marker outside of brackets and quotes, else at
    /// the first one.
    fn end(&self, inside: &str) -> Option<usize> {
        if self.close.is_empty() {
            let is_name =
                |c: char| c == '_' || c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_whitespace());
            return Some(inside.find(|c| !is_name(c)).unwrap_or(inside.len()));
        }
        self.balanced_end(inside).or_else(|| inside.find(&self.close))
    }

    fn balanced_end(&self, inside: &str) -> Option<usize> {
        let (mut awaited, mut at): (Vec<&str>, usize) = (Vec::new(), 0);
        while at < LONGEST_HOLE {
            let here = &inside[at..];
            let c = here.chars().next()?;
            at += match awaited.last() {
                None if here.starts_with(&self.close) => return Some(at),
                Some(closing) if here.starts_with(closing) => {
                    let length = closing.len();
                    awaited.pop();
                    length
                }
                _ if c == '\\' => 1 + here[1..].chars().next()?.len_utf8(),
                Some(&("'" | "\"")) => c.len_utf8(),
                _ if here.starts_with(&self.open) => {
                    awaited.push(&self.close);
                    self.open.len()
                }
                _ => {
                    awaited.extend(closing_of(c));
                    c.len_utf8()
                }
            };
        }
        None
    }

    /// What fills a hole; holes within it are filled first.
    fn hole(&self, inside: &str, depth: usize) -> Result<Value, Failure> {
        let key = if inside.contains(&self.open) && depth < DEEPEST {
            Cow::Owned(rendered(&self.text(inside, depth + 1)?))
        } else {
            Cow::Borrowed(inside)
        };
        match self.find(&key)? {
            None if self.keep => Ok(Value::from(format!("{}{key}{}", self.open, self.close))),
            found => Ok(found.unwrap_or_default()),
        }
    }

    fn find(&self, key: &str) -> Result<Option<Value>, Failure> {
        let of_value = self.value.zip(key.strip_prefix('.').filter(|rest| !rest.is_empty()));
        if let Some((value, rest)) = of_value {
            return resolve(rest, value);
        }
        let special = [("inputs", self.inputs), ("incident", self.incident)];
        for (name, value) in special {
            let Some((value, rest)) = value.zip(key.strip_prefix(name)) else { continue };
            match rest.strip_prefix('.') {
                _ if rest.is_empty() => return Ok(Some(value.clone())),
                Some(rest) => return resolve(rest, value),
                None => {}
            }
        }
        resolve(key, &self.context)
    }
}

/// The text that a `${place}` in the document stands for.
pub(in super::super) fn document_text(place: &str, document: &Value) -> Result<String, Failure> {
    Ok(resolve(place, document)?.as_ref().map(rendered).unwrap_or_default())
}

/// A value as a part of a text.
pub(super) fn rendered(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => cast::text(other).unwrap_or_else(|_| other.to_string()),
    }
}

fn resolve(key: &str, within: &Value) -> Result<Option<Value>, Failure> {
    let wrong = |message: String| Failure::new(FailureKind::Argument, message);
    if key.is_empty() {
        return Ok(None);
    }
    let found = Path::parse(key).map(|path| path.resolve(within));
    match found {
        Ok(Some(value)) => Ok(Some(value)),
        _ if key.contains(['=', '(']) => {
            Err(wrong(format!("a hole holds an expression, but only places are filled: `{key}`")))
        }
        Ok(None) => Ok(None),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn markers(call: &Call<'_>) -> Result<(String, String), Failure> {
    let given = call.argument_or_empty("variable_markers")?;
    let given = if given.is_empty() { "${,}" } else { given.as_str() };
    let mut parts = given.split(',').map(str::trim);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(open), close, None) if !open.is_empty() => {
            Ok((open.to_owned(), close.unwrap_or_default().to_owned()))
        }
        _ => Err(Failure::new(
            FailureKind::Argument,
            "`variable_markers` must be what a hole begins with, or that, a comma and what it ends with",
        )),
    }
}

fn closing_of(c: char) -> Option<&'static str> {
    Some(match c {
        '(' => ")",
        '[' => "]",
        '{' => "}",
        '\'' => "'",
        '"' => "\"",
        _ => return None,
    })
}

/// Adds to what is there: a first value keeps its type, all others are text.
fn join(out: &mut Value, next: Value) -> Result<(), Failure> {
    match (&mut *out, next) {
        (_, Value::Null) => {}
        (_, Value::String(text)) if text.is_empty() => {}
        (Value::Null, next) => *out = next,
        (Value::String(text), next) => {
            text.push_str(&rendered(&next));
            bounded(text.len())?;
        }
        (first, next) => *out = Value::from(rendered(first) + &rendered(&next)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holes(open: &str, close: &str, context: Value) -> Holes<'static> {
        let (open, close) = (open.to_owned(), close.to_owned());
        Holes {
            open,
            close,
            keep: false,
            context: Cow::Owned(context),
            value: None,
            inputs: None,
            incident: None,
        }
    }

    #[test]
    fn holes_are_filled_from_the_document() {
        let document = json!({
            "name": "Ann", "n": 7, "key": "name", "list": [1], "it's": "x", "a(b)": "y",
            "deep": {"er": true}, "odd}": "z",
        });
        let holes = holes("${", "}", document);
        let cases = [
            ("${name}", json!("Ann")),
            ("${n}", json!(7)),
            ("${n}${n}", json!("77")),
            ("${list}!", json!("[1]!")),
            ("${deep.er}", json!(true)),
            ("${${key}}", json!("Ann")),
            ("${it's}-", json!("x-")),
            ("${a(b)}", json!("y")),
            ("${none}", json!(null)),
            ("a ${none} b", json!("a  b")),
            ("${open", json!("${open")),
            ("$name}", json!("$name}")),
        ];
        for (template, expected) in cases {
            assert_eq!(holes.fill(&json!(template)), Ok(expected), "{template}");
        }
    }

    #[test]
    fn a_hole_without_an_end_marker_ends_with_its_name() {
        let holes = holes("$", "", json!({"name": "Ann", "n": 7}));
        for (template, expected) in [("$name.", "Ann."), ("$n-$name", "7-Ann"), ("a$", "a")] {
            assert_eq!(holes.fill(&json!(template)), Ok(json!(expected)), "{template}");
        }
    }

    #[test]
    fn unbalanced_holes_end_somewhere() {
        let holes = holes("${", "}", json!({}));
        for template in
            ["${(}".repeat(2_000), "${".repeat(20_000), "${'\\".to_owned(), "${".repeat(50) + &"}".repeat(50)]
        {
            drop(holes.fill(&Value::from(template)));
        }
    }
}
