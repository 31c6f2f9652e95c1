//! YAML with positions: every file of ours is read here, and every complaint names its
//! line. The YAML library is seen by this module only.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde_saphyr::Error;

use crate::{Diagnostic, did_you_mean};

/// A value together with the place where it stands in its file.
pub type Located<T> = serde_saphyr::Spanned<T>;

/// Reads a file's text.
///
/// # Errors
/// The first thing in it that is no YAML or does not fit `T`, with its place and, for a
/// misspelled key, the key that was meant.
pub fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Box<Diagnostic>> {
    serde_saphyr::from_str(text).map_err(|error| {
        let error = error.without_snippet();
        let (line, column) = error.location().map_or((0, 0), place);
        let (message, hint) = explain(error);
        Box::new(Diagnostic::at(file, text, line, column, message).with_optional_hint(hint))
    })
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

/// A type as people say it.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "a string" => "a text",
        "a map" => "an object: lines of `name: value`",
        "a sequence" => "a list",
        other => other,
    }
}

/// The library's message without the place, which the diagnostic carries itself.
fn without_place(message: &str) -> String {
    message.lines().next().unwrap_or_default().split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

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
    fn values_know_where_they_stand() {
        let text = "open: true\nwidth:   7\n";
        let door: Door = parse(Path::new("door.yaml"), text).expect("a door");
        let found = complain(Path::new("door.yaml"), text, &door.width, "too narrow");
        assert_eq!((door.width.value, found.line, found.column), (7, 2, 10));
    }
}
