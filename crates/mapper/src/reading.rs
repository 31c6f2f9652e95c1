//! Reading only what a mapper names: of a JSON text, the members that some field of the
//! mapper could look at. The rest is skipped without being kept.

use std::collections::BTreeSet;
use std::fmt;

use provost_core::{Schema, cli_name};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::de::Read;
use serde_json::{Map, Value};

use crate::plan::{Left, Mapper, Missing, Piece, Pipeline, Rule, Source};
use crate::{Condition, Place};

/// The longest document that is mapped, in bytes.
pub const LONGEST_DOCUMENT: usize = 1 << 20;

/// The members of a document that a mapper looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// Any of them.
    Everything,
    /// These.
    Members(Names),
}

/// Names by their length, the fastest way to tell whether a name is among a few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    by_length: Vec<Vec<Known>>,
    count: usize,
    /// Whether a name counts that is written in another way, such as `Given Name`.
    in_any_spelling: bool,
}

/// A name of a member, and the name under which a mapper looks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    name: String,
    wanted: String,
}

impl Names {
    /// The names that a mapper looks for.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.by_length
            .iter()
            .flatten()
            .filter(|known| known.name == known.wanted)
            .map(|known| known.name.as_str())
    }

    fn add(&mut self, name: &str, wanted: &str) {
        if self.known(name).is_none() {
            let most = self.by_length.len().max(name.len() + 1);
            self.by_length.resize(most, Vec::new());
            self.by_length[name.len()].push(Known { name: name.to_owned(), wanted: wanted.to_owned() });
        }
    }

    fn known(&self, name: &str) -> Option<&Known> {
        let first = name.bytes().next();
        let mut same_length = self.by_length.get(name.len())?.iter();
        same_length.find(|known| known.name.bytes().next() == first && known.name == name)
    }

    /// The name under which a member is looked for, and whether it is this very name.
    fn wanted(&self, name: &str) -> Option<(&str, bool)> {
        match self.known(name) {
            Some(known) => Some((&known.wanted, known.wanted.len() == name.len() && known.wanted == name)),
            None if self.in_any_spelling && !name.bytes().all(is_plain) => {
                self.known(&cli_name(name)).map(|known| (known.wanted.as_str(), false))
            }
            None => None,
        }
    }
}

/// Whether a byte stands in cli names as it is.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

impl From<BTreeSet<String>> for Names {
    fn from(names: BTreeSet<String>) -> Self {
        let mut known = Self { by_length: Vec::new(), count: names.len(), in_any_spelling: false };
        for name in names {
            known.add(&name, &name);
        }
        known
    }
}

impl Mapper {
    /// What the mapper looks at.
    pub fn reads(&self) -> Reads {
        let mut members = BTreeSet::new();
        let fields = self.types.iter().flat_map(|(_, fields)| fields);
        let mut rules = fields.flat_map(|field| &field.rules);
        let all_known = rules.all(|rule| rule_reads(rule, &mut members));
        if all_known { Reads::Members(members.into()) } else { Reads::Everything }
    }
}

impl Reads {
    /// The same of a user profile, in which members may be written in any spelling and under
    /// any name of their field; see [`provost_core::Profile`].
    #[must_use]
    pub fn of_profile(self, schema: &Schema) -> Self {
        let Self::Members(mut names) = self else { return self };
        names.in_any_spelling = true;
        let wanted: Vec<String> = names.iter().map(str::to_owned).collect();
        for name in &wanted {
            for other in
                schema.field(name).filter(|_| cli_name(name) == *name).iter().flat_map(|field| field.names())
            {
                names.add(other, name);
            }
        }
        Self::Members(names)
    }

    /// Reads a JSON object, keeping what is looked at. Anything but an object is null.
    ///
    /// # Errors
    /// A text that is no JSON.
    pub fn parse(&self, text: &[u8]) -> serde_json::Result<Value> {
        let mut document = Value::Null;
        self.parse_into(text, &mut document)?;
        Ok(document)
    }

    /// As [`Reads::parse`], into the space of an earlier document.
    ///
    /// # Errors
    /// A text that is no JSON; the document is then of no use.
    pub fn parse_into(&self, text: &[u8], document: &mut Value) -> serde_json::Result<()> {
        let Self::Members(names) = self else {
            *document = serde_json::from_slice(text)?;
            return Ok(());
        };
        if !document.is_object() {
            *document = Value::Object(Map::with_capacity(names.count));
        }
        let kept = document.as_object_mut().map(|kept| Members { names, kept });
        // Checking the encoding at once is faster than text by text; only what is kept must be right.
        match (kept, std::str::from_utf8(text)) {
            (None, _) => Ok(()),
            (Some(kept), Ok(text)) => read(serde_json::Deserializer::from_str(text), kept),
            (Some(kept), Err(_)) => read(serde_json::Deserializer::from_slice(text), kept),
        }
    }
}

fn read<'de, R: Read<'de>>(
    mut deserializer: serde_json::Deserializer<R>,
    kept: Members<'_>,
) -> serde_json::Result<()> {
    kept.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// Adds what a rule looks at; false if that cannot be known.
fn rule_reads(rule: &Rule, members: &mut BTreeSet<String>) -> bool {
    let condition = rule.when.iter().flat_map(Condition::names);
    members.extend(condition.cloned());
    let other = match &rule.missing {
        Missing::Default(source) => Some(&**source),
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
            members.extend(expression.names().iter().cloned());
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
struct Members<'a> {
    names: &'a Names,
    kept: &'a mut Map<String, Value>,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.kept.clear();
        while let Some(name) = members.next_key_seed(Name(self.names))? {
            match name {
                Some((name, true)) => drop(self.kept.insert(name.to_owned(), members.next_value()?)),
                // The very name wins over others.
                Some((name, false)) if !self.kept.contains_key(name) => {
                    self.kept.insert(name.to_owned(), members.next_value()?);
                }
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The name that a member is kept under, if it is, and whether that is its own. No text is
/// made for the others.
struct Name<'a>(&'a Names);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Option<(&'a str, bool)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<(&'a str, bool)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.wanted(name))
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
        let names: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
        Reads::Members(names.into())
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
    fn a_profile_is_read_in_any_spelling() {
        let reads = members(&["givenname", "manageremail", "Job Title", "x"]).of_profile(&Schema::built_in());
        let cases = [
            (r#"{"Given Name": 1, "x": 2, "y": 3}"#, json!({"givenname": 1, "x": 2})),
            (r#"{"givenname": 1, "Given Name": 2}"#, json!({"givenname": 1})),
            (r#"{"given_name": 2, "givenname": 1}"#, json!({"givenname": 1})),
            (r#"{"manageremailaddress": "bo@x"}"#, json!({"manageremail": "bo@x"})),
            (r#"{"Manager Email Address": "bo@x", "manageremail": "cy@x"}"#, json!({"manageremail": "cy@x"})),
            (r#"{"Job Title": 1, "jobtitle": 2}"#, json!({"Job Title": 1})),
        ];
        for (text, expected) in cases {
            let read = reads.parse(text.as_bytes()).expect(text);
            assert_eq!(read, expected, "{text}");
            let profile = provost_core::Profile::parse(text).expect(text).mapping_source();
            for (name, value) in read.as_object().expect("an object") {
                assert_eq!(profile.get(name), Some(value), "{text}");
            }
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
