//! Reading only what a mapper names: of a JSON text, the members that some field of the
//! mapper could look at. The rest is skipped without being kept.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::plan::{Left, Mapper, Missing, Piece, Pipeline, Rule, Source};
use crate::{Condition, Place};

/// The members of a document that a mapper looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// Any of them.
    Everything,
    /// These.
    Members(BTreeSet<String>),
}

impl Mapper {
    /// What the mapper looks at.
    pub fn reads(&self) -> Reads {
        let mut members = BTreeSet::new();
        let fields = self.types.iter().flat_map(|(_, fields)| fields);
        let mut rules = fields.flat_map(|field| &field.rules);
        let all_known = rules.all(|rule| rule_reads(rule, &mut members));
        if all_known { Reads::Members(members) } else { Reads::Everything }
    }
}

impl Reads {
    /// Reads a JSON object, keeping what is looked at. Anything but an object is null.
    ///
    /// # Errors
    /// A text that is no JSON.
    pub fn parse(&self, text: &[u8]) -> serde_json::Result<Value> {
        let Self::Members(members) = self else { return serde_json::from_slice(text) };
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let document = Members(members).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(document)
    }
}

/// Adds what a rule looks at; false if that cannot be known.
fn rule_reads(rule: &Rule, members: &mut BTreeSet<String>) -> bool {
    let condition = rule.when.iter().flat_map(Condition::names);
    members.extend(condition);
    let other = match &rule.missing {
        Missing::Default(source) => Some(source),
        _ => None,
    };
    let mut all_known = rule.when.as_ref().is_none_or(|condition| !condition.sees_document());
    let ends = [rule.valid.from.as_ref(), rule.valid.to.as_ref(), other];
    all_known &= all_read(ends.into_iter().flatten().chain([&rule.source]), members);
    all_known
}

fn source_reads(source: &Source, members: &mut BTreeSet<String>) -> bool {
    match source {
        Source::Constant(_) | Source::Secret(_) => true,
        Source::Reference(reference) => all_read(reference.find.iter().map(|(_, source)| source), members),
        Source::Path(path) => path_reads(path, members),
        Source::Text(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Place(Place::Path(path)) => path_reads(path, members),
            // JavaScript may look at anything.
            Piece::Place(Place::Dt(_)) => false,
        }),
        Source::Dt(_) => false,
        Source::Pipeline(pipeline) => pipeline_reads(pipeline, members),
        Source::Expression(expression) => {
            members.extend(expression.names());
            !expression.sees_document()
        }
        Source::Object(parts) => all_read(parts.iter().map(|(_, part)| part), members),
        Source::List(items) => all_read(items.iter(), members),
    }
}

fn all_read<'a>(mut sources: impl Iterator<Item = &'a Source>, members: &mut BTreeSet<String>) -> bool {
    sources.all(|source| source_reads(source, members))
}

fn pipeline_reads(pipeline: &Pipeline, members: &mut BTreeSet<String>) -> bool {
    let mut all_known = source_reads(&pipeline.root, members);
    for filter in pipeline.filters.iter().flatten() {
        if let Left::Document(source) = &filter.left {
            all_known &= source_reads(source, members);
        }
        if let Some(right) = &filter.right {
            all_known &= source_reads(right, members);
        }
    }
    all_known &= !pipeline.steps.iter().any(|step| step.operator.sees_document());
    for argument in pipeline.steps.iter().flat_map(|step| &step.arguments).flatten() {
        all_known &= source_reads(argument, members);
    }
    all_known
}

/// A path looks at the member of its whole text, and at its first key's.
fn path_reads(path: &crate::Path, members: &mut BTreeSet<String>) -> bool {
    let first = path.members();
    let is_known = !first.is_empty();
    members.insert(path.source().to_owned());
    members.extend(first);
    is_known
}

/// Keeps the named members of an object.
struct Members<'a>(&'a BTreeSet<String>);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut kept = Map::with_capacity(self.0.len());
        while let Some(name) = members.next_key_seed(Name(self.0))? {
            match name {
                Some(name) => drop(kept.insert(name.to_owned(), members.next_value()?)),
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Value::Object(kept))
    }
}

/// A member's name, if it is one of those that are kept. No text is made for the others.
struct Name<'a>(&'a BTreeSet<String>);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Option<&'a str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<&'a str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.get(name).map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn reads(fields: &str) -> Reads {
        let text = format!("mapper: T\ndirection: outgoing\nfields:\n{fields}");
        Mapper::load(Path::new("t.yaml"), &text).unwrap_or_else(|error| panic!("{error}")).reads()
    }

    fn members(names: &[&str]) -> Reads {
        Reads::Members(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn a_mapper_looks_at_what_it_names() {
        let cases = [
            ("  a: email", members(&["email"])),
            (
                "  a: email | lower\n  b: {value: x, when: y == 'z', default: w}",
                members(&["email", "w", "x", "y"]),
            ),
            (
                "  a: {from: 'mails.[0].v', then: [{concat: {suffix: '${n}', prefix: {path: p.q}}}]}",
                members(&["mails", "mails.[0].v", "n", "p", "p.q"]),
            ),
            ("  a: {from: incident.city}", members(&["city", "incident", "incident.city"])),
            ("  a: {from: .}", Reads::Everything),
            ("  a: {from: x, then: [{FormatTemplate: {template: '${.n} ${y}'}}]}", Reads::Everything),
            ("  a: \"x | FormatTemplate('${y}')\"", Reads::Everything),
            ("  a: {value: x, when: \"y | FormatTemplate('${z}') == 'z'\"}", Reads::Everything),
            ("  a: {from: '[0].x'}", Reads::Everything),
        ];
        for (fields, expected) in cases {
            assert_eq!(reads(fields), expected, "{fields}");
        }
    }

    #[test]
    fn the_rest_is_skipped_but_checked() {
        let reads = members(&["a", "b"]);
        let parse = |text: &str| reads.parse(text.as_bytes()).ok();
        assert_eq!(parse(r#"{"x": {"a": [1]}, "a": 1, "a": 2, "c": "\u00e9"}"#), Some(json!({"a": 2})));
        for broken in [r#"{"x": }"#, r#"{"a": 1} x"#, "", "[1]", r#"{"x": "\q"}"#] {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }
}
