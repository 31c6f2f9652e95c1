//! Paths into a document, as XSOAR mappers write them.
//!
//! `emails.[0].value` walks keys and indexes; a key applied to a list is applied to each
//! of its elements (fan-out); `\.` is a point inside a key.

use std::borrow::Cow;

use serde_json::Value;

/// A compiled path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    source: String,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
    /// Both ends included.
    Range(usize, usize),
    Each,
}

/// Why a text is no path.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum PathError {
    /// A bracket that holds no index, range or nothing.
    #[error("`[{0}]` is no index; write `[0]`, `[0:2]` or `[]`")]
    Index(String),
    /// A bracket that is not closed.
    #[error("`[` without a closing `]` in `{0}`")]
    Open(String),
}

/// Prefixes that playbooks write before a path; a mapper's source has no such member.
const CONTEXT_PREFIXES: [&str; 5] = ["incident", "indicator", "alert", "issue", "event"];

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// Brackets that are not closed or hold no index.
    pub fn parse(source: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut key = String::new();
        let mut rest = source.strip_prefix('.').unwrap_or(source).chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => key.extend(rest.next()),
                '.' => push_key(&mut segments, &mut key),
                '[' => {
                    push_key(&mut segments, &mut key);
                    let (inside, after) =
                        rest.as_str().split_once(']').ok_or_else(|| PathError::Open(source.to_owned()))?;
                    segments.push(bracket(inside)?);
                    rest = after.chars();
                }
                other => key.push(other),
            }
        }
        push_key(&mut segments, &mut key);
        Ok(Self { source: source.to_owned(), segments })
    }

    /// The path as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The members of the document that the path may look at; empty when it looks at the
    /// whole document.
    pub(crate) fn members(&self) -> Vec<String> {
        let keys = self.segments.iter().map_while(|segment| match segment {
            Segment::Key(key) => Some(key.clone()),
            _ => None,
        });
        let keys: Vec<String> = keys.take(2).collect();
        match keys.as_slice() {
            // A prefix of playbooks may be dropped, so that the second key counts too.
            [first, ..] if CONTEXT_PREFIXES.contains(&first.as_str()) => keys,
            [first, ..] => vec![first.clone()],
            [] => keys,
        }
    }

    /// What the path finds; `None` when there is nothing. Several values that a fan-out
    /// found are a list, one is that value.
    pub fn resolve(&self, document: &Value) -> Option<Value> {
        self.find(document).map(Cow::into_owned)
    }

    /// As [`Path::resolve`], without a copy where the value stands in the document.
    pub(crate) fn find<'a>(&self, document: &'a Value) -> Option<Cow<'a, Value>> {
        let walked = match member(document, &self.source) {
            Some(value) => Walked::Reached(value),
            // Most paths are one key, which was looked up just now.
            None if document.is_object() && self.is_one_key() => Walked::Lost,
            None => match walk(document, &self.segments) {
                Walked::Lost => walk(document, self.without_prefix(document)),
                walked => walked,
            },
        };
        match walked {
            Walked::Reached(value) => Some(Cow::Borrowed(value)).filter(|value| !value.is_null()),
            Walked::Lost => None,
            Walked::FansOut => match self.all(document) {
                (found, true) => collapse(flat(&found)).map(Cow::Owned),
                (found, false) => found.first().copied().filter(|value| !value.is_null()).map(Cow::Borrowed),
            },
        }
    }

    /// Whether its text is a key and nothing else.
    fn is_one_key(&self) -> bool {
        matches!(self.segments.as_slice(), [Segment::Key(key)] if *key == self.source)
    }

    /// Every value that the path leads to from the top of a document; whether a list was
    /// fanned out on the way.
    pub(crate) fn all<'a>(&self, document: &'a Value) -> (Vec<&'a Value>, bool) {
        if let Some(value) = document.get(&self.source) {
            return (vec![value], false);
        }
        match found(document, &self.segments) {
            (hits, _) if hits.is_empty() => found(document, self.without_prefix(document)),
            hits => hits,
        }
    }

    /// As [`Path::all`], from a value that is not the top.
    pub(crate) fn all_within<'a>(&self, value: &'a Value) -> (Vec<&'a Value>, bool) {
        found(value, &self.segments)
    }

    /// Whether the path leads to a member, be it null.
    pub fn reaches(&self, document: &Value) -> bool {
        document.get(&self.source).is_some() || !found(document, &self.segments).0.is_empty()
    }

    /// The segments without the prefix of a playbook.
    fn without_prefix(&self, document: &Value) -> &[Segment] {
        match self.segments.split_first() {
            Some((Segment::Key(first), rest))
                if !rest.is_empty()
                    && CONTEXT_PREFIXES.contains(&first.as_str())
                    && document.get(first).is_none() =>
            {
                rest
            }
            _ => &self.segments,
        }
    }
}

impl Segment {
    /// Applies the segment to a value; says whether it fanned out over a list.
    fn step<'a>(&self, value: &'a Value, found: &mut Vec<&'a Value>) -> bool {
        match (self, value) {
            (Self::Key(key), Value::Object(members)) => {
                found.extend(members.get(key));
                false
            }
            (Self::Key(_), Value::Array(items)) => {
                for item in items {
                    self.step(item, found);
                }
                true
            }
            (Self::Index(index), Value::Array(items)) => {
                found.extend(items.get(*index));
                false
            }
            (Self::Range(from, to), Value::Array(items)) => {
                found.extend(items.iter().take(to.saturating_add(1)).skip(*from));
                true
            }
            (Self::Each, Value::Array(items)) => {
                found.extend(items);
                true
            }
            _ => false,
        }
    }
}

/// The most members that are looked through one by one, which is faster than hashing a name.
const FEW: usize = 24;

/// A member of an object.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    if members.len() > FEW {
        return members.get(name);
    }
    members.iter().find(|(other, _)| *other == name).map(|(_, member)| member)
}

/// Where a walk that goes to one place only ends.
enum Walked<'a> {
    Reached(&'a Value),
    Lost,
    /// There are several places to go to.
    FansOut,
}

/// Follows the segments as long as each leads to one place.
fn walk<'a>(document: &'a Value, segments: &[Segment]) -> Walked<'a> {
    let mut value = document;
    for segment in segments {
        let next = match (segment, value) {
            (Segment::Key(key), Value::Object(members)) => members.get(key),
            (Segment::Index(index), Value::Array(items)) => items.get(*index),
            (_, Value::Array(_)) => return Walked::FansOut,
            _ => None,
        };
        let Some(next) = next else { return Walked::Lost };
        value = next;
    }
    Walked::Reached(value)
}

/// Follows the segments; says whether a list was fanned out on the way.
fn found<'a>(document: &'a Value, segments: &[Segment]) -> (Vec<&'a Value>, bool) {
    let mut found = vec![document];
    let mut fanned_out = false;
    for segment in segments {
        let mut next = Vec::new();
        for value in found {
            fanned_out |= segment.step(value, &mut next);
        }
        found = next;
    }
    (found, fanned_out)
}

/// The values of a fan-out: list-valued hits are spliced one level, nulls are dropped.
pub(crate) fn flat(found: &[&Value]) -> Vec<Value> {
    let mut values = Vec::new();
    for value in found {
        match value {
            Value::Null => {}
            Value::Array(items) => values.extend(items.iter().filter(|item| !item.is_null()).cloned()),
            other => values.push((*other).clone()),
        }
    }
    values
}

/// The result of a fan-out: nothing, the only value, or the list.
pub(crate) fn collapse(mut values: Vec<Value>) -> Option<Value> {
    match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Value::Array(values)),
    }
}

fn push_key(segments: &mut Vec<Segment>, key: &mut String) {
    if !key.is_empty() {
        segments.push(Segment::Key(std::mem::take(key)));
    }
}

fn bracket(inside: &str) -> Result<Segment, PathError> {
    let error = || PathError::Index(inside.to_owned());
    let number = |text: &str| text.trim().parse::<usize>().map_err(|_| error());
    match inside.split_once(':') {
        Some((from, to)) => Ok(Segment::Range(number(from)?, number(to)?)),
        None if inside.trim().is_empty() => Ok(Segment::Each),
        None => Ok(Segment::Index(number(inside)?)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_find_what_the_documentation_says() {
        let document = json!({
            "city": "Oslo", "Message ID": 7, "a.b": "whole", "none": null,
            "name": {"givenName": "Ann"},
            "emails": [{"value": "a@x"}, {"value": "b@x"}], "one": [{"value": "c@x"}],
            "tags": ["t"], "grid": [[1, 2], [3]],
            "urn:enterprise:1.0": {"costCenter": "C1"},
        });
        let cases = [
            ("city", json!("Oslo")),
            ("Message ID", json!(7)),
            ("a.b", json!("whole")),
            ("name.givenName", json!("Ann")),
            ("emails.[0].value", json!("a@x")),
            ("emails[1].value", json!("b@x")),
            ("emails.value", json!(["a@x", "b@x"])),
            ("one.value", json!("c@x")),
            ("tags", json!(["t"])),
            ("emails.[0:1].value", json!(["a@x", "b@x"])),
            ("emails.[].value", json!(["a@x", "b@x"])),
            (r"urn:enterprise:1\.0.costCenter", json!("C1")),
            ("incident.city", json!("Oslo")),
            (".", document.clone()),
            ("", document.clone()),
        ];
        for (path, expected) in cases {
            let found = Path::parse(path).expect(path).resolve(&document);
            assert_eq!(found, Some(expected), "{path}");
        }
        for path in ["none", "nope", "city.deep", "emails.[5].value", "emails.nope", "name.[0]"] {
            assert_eq!(Path::parse(path).expect(path).resolve(&document), None, "{path}");
        }
    }

    #[test]
    fn broken_brackets_are_errors() {
        assert!(matches!(Path::parse("a.[x]"), Err(PathError::Index(_))));
        assert!(matches!(Path::parse("a.[0"), Err(PathError::Open(_))));
    }
}
