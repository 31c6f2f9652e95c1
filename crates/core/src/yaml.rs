//! YAML with positions: every file of ours is read here, and every complaint names its
//! line. The YAML library is seen by this module only.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Error;

use crate::outline::{Content, Member, Outline};
use crate::typed::in_words;
use crate::{Diagnostic, did_you_mean};

/// A value together with the place where it stands in its file.
pub type Located<T> = serde_saphyr::Spanned<T>;

/// Reads a file's text.
///
/// # Errors
/// The first thing in it that is no YAML or does not fit `T`, with its place and, for a
/// misspelled key, the key that was meant.
pub fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Box<Diagnostic>> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let error = error.without_snippet();
        let (line, column) = error.location().map_or((0, 0), place);
        let (message, hint) = explain(error);
        Box::new(Diagnostic::at(file, text, line, column, message).with_optional_hint(hint))
    })
}

/// `yes`, `no`, `on` and `off` are words, as they are for editors: YAML 1.2's core schema.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! { strict_booleans: true }
}

/// Where the values of a text stand; `None` where it is no YAML.
pub fn outline(text: &str) -> Option<Outline> {
    let root: Located<Shape> = serde_saphyr::from_str_with_options(text, options()).ok()?;
    Some(root.into())
}

/// A value of which only the shape is kept.
enum Shape {
    Scalar,
    List(Vec<Located<Shape>>),
    Object(Vec<(Located<String>, Located<Shape>)>),
}

impl From<Located<Shape>> for Outline {
    fn from(shape: Located<Shape>) -> Self {
        let content = match shape.value {
            Shape::Scalar => Content::Scalar,
            Shape::List(items) => Content::List(items.into_iter().map(Self::from).collect()),
            Shape::Object(members) => Content::Object(members.into_iter().map(member).collect()),
        };
        Self { span: bytes(shape.referenced), content }
    }
}

fn member((key, value): (Located<String>, Located<Shape>)) -> Member {
    Member { name: key.value, key: bytes(key.referenced), value: value.into() }
}

fn bytes(location: serde_saphyr::Location) -> std::ops::Range<usize> {
    let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let start = number(location.span().byte_offset());
    start..start + number(location.span().byte_len())
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Shape::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Shape, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_entry()? {
            list.push(member);
        }
        Ok(Shape::Object(list))
    }
}

/// The error in our words, with the word that was probably meant.
fn explain(error: &Error) -> (String, Option<String>) {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key `{field}`"), did_you_mean(field, expected.iter().copied()))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            (format!("unknown word `{variant}`"), did_you_mean(variant, expected.iter().copied()))
        }
        Error::SerdeMissingField { field, .. } => (format!("the key `{field}` is missing"), None),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            (format!("the key `{key}` is there twice"), None)
        }
        Error::Unexpected { expected: "mapping start", .. } => {
            ("this must be an object: lines of `name: value`".to_owned(), None)
        }
        Error::MultipleDocuments { .. } => {
            ("this must be one YAML document, without `---` between".to_owned(), None)
        }
        Error::Budget { .. } => ("this is too large, or its aliases make too much of it".to_owned(), None),
        // The value itself is left out: it could be a secret.
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            (format!("this must be {}", in_words(expected)), None)
        }
        other => (without_place(&other.to_string()), None),
    }
}

/// A complaint about a value that parsed well but makes no sense.
pub fn complain<T>(file: &Path, text: &str, at: &Located<T>, message: impl Into<String>) -> Diagnostic {
    let (line, column) = place(at.referenced);
    Diagnostic::at(file, text, line, column, message)
}

/// One value or a list of them; absent is an empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> OneOrMany<T> {
    /// Whether the list holds the value, or holds nothing and so allows all.
    pub fn allows(&self, value: &T) -> bool {
        self.0.is_empty() || self.0.contains(value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value or a list of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(text.into_deserializer()).map(|one| OneOrMany(vec![one]))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(|one| OneOrMany(vec![one]))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        T::deserialize(number.into_deserializer()).map(|one| OneOrMany(vec![one]))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(|one| OneOrMany(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(OneOrMany(list))
    }
}

fn place(location: serde_saphyr::Location) -> (usize, usize) {
    let number = |n: u64| usize::try_from(n).unwrap_or(0);
    (number(location.line()), number(location.column()))
}

/// The library's message without the place, which the diagnostic carries itself.
fn without_place(message: &str) -> String {
    message.lines().next().unwrap_or_default().split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{At as _, Flaw};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Door {
        width: Located<u32>,
        #[serde(default, rename = "open")]
        _open: bool,
    }

    fn complaint(text: &str) -> Diagnostic {
        *parse::<Door>(Path::new("door.yaml"), text).expect_err(text)
    }

    #[test]
    fn a_misspelled_key_says_which_was_meant() {
        let found = complaint("width: 1\nopn: true\n");
        assert_eq!((found.line, found.hint.as_deref()), (2, Some("did you mean `open`?")), "{found}");
        assert!(found.message.contains("unknown key `opn`"), "{found}");
        assert_eq!(found.excerpt, "opn: true");
    }

    #[test]
    fn wrong_types_and_broken_yaml_have_a_place() {
        assert_eq!(complaint("open: true\nwidth: wide\n").line, 2);
        assert!(complaint("width: [1\n").line > 0);
        assert!(complaint("").message.len() > 5);
        let bomb = format!("a: &a [x]\nb: [{}]", "*a,".repeat(300_000));
        for (text, message) in [("width: 1\n---\nwidth: 2\n", "one YAML document"), (&bomb, "too large")] {
            let parsed = parse::<serde_json::Value>(Path::new("door.yaml"), text);
            let found = parsed.expect_err(message).message;
            assert!(found.contains(message), "{found}");
        }
    }

    #[test]
    fn one_or_many_reads_both_and_allows_all_when_empty() {
        #[derive(Deserialize)]
        struct Rule {
            #[serde(default)]
            status: OneOrMany<u16>,
        }
        let status = |text: &str| parse::<Rule>(Path::new("rule.yaml"), text).expect(text).status;
        assert_eq!(status("status: 404"), OneOrMany(vec![404]));
        assert_eq!(status("status: [404, 410]"), OneOrMany(vec![404, 410]));
        assert!(status("{}").allows(&500) && !status("status: 404").allows(&500));
    }

    #[test]
    fn an_outline_finds_every_value_again() {
        let text = "a: {b: [1, 'two é']}\nlong:\n  - x: &y no\n    \"é z\": *y\n  -\nt: |\n  some\n  text\n";
        let outline = outline(text).expect("an outline");
        let cases = [
            (Flaw::new("m").at(0).at("b").at("a"), (1, 9, 1)),
            (Flaw::new("m").at(1).at("b").at("a"), (1, 12, 7)),
            (Flaw::new("m").on_words("o é").at(1).at("b").at("a"), (1, 15, 3)),
            (Flaw::new("m").at("b").at("a"), (1, 5, 1)),
            (Flaw::new("m").on_key().at("x").at(0).at("long"), (3, 5, 1)),
            (Flaw::new("m").at("é z").at(0).at("long"), (4, 12, 2)),
            (Flaw::new("m").on_key().at("é z").at(0).at("long"), (4, 5, 5)),
            (Flaw::new("m").at("long"), (2, 1, 4)),
        ];
        for (flaw, place) in cases {
            let found = outline.complain(Path::new("t.yaml"), text, flaw.clone());
            assert_eq!((found.line, found.column, found.length), place, "{flaw:?}");
        }
    }

    #[test]
    fn words_that_were_truth_values_once_are_words() {
        let value = |text: &str| parse::<serde_json::Value>(Path::new("t.yaml"), text).expect(text);
        for word in ["yes", "no", "on", "off", "y", "n", "No"] {
            assert_eq!(value(word), serde_json::Value::from(word));
        }
        assert_eq!(value("true"), serde_json::Value::from(true));
    }

    #[test]
    fn values_know_where_they_stand() {
        let text = "open: true\nwidth:   7\n";
        let door: Door = parse(Path::new("door.yaml"), text).expect("a door");
        let found = complain(Path::new("door.yaml"), text, &door.width, "too narrow");
        assert_eq!((door.width.value, found.line, found.column), (7, 2, 10));
    }
}
