//! From a JSON value to a type, with errors that know behind which key they stand.

use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;

use crate::{At as _, Flaw, did_you_mean};

/// Reads a value as a type.
///
/// # Errors
/// The first thing in it that does not fit.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Flaw> {
    T::deserialize(Reader(value))
}

/// A type as people say it.
pub(crate) fn in_words(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        "a map" => "an object: lines of `name: value`",
        "a sequence" => "a list",
        other if other.starts_with("enum ") => "a word",
        other if other.starts_with("struct ") => "an object: lines of `name: value`",
        other => other,
    }
}

impl de::Error for Flaw {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    // The value itself is left out: it could be a secret.
    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("this must be {}", in_words(&expected.to_string())))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("this must be {}", in_words(&expected.to_string())))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("unknown key `{name}`"))
            .with_optional_hint(did_you_mean(name, known.iter().copied()))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("unknown word `{word}`"))
            .with_optional_hint(did_you_mean(word, known.iter().copied()))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format!("the key `{name}` is missing"))
    }
}

struct Reader(Value);

impl<'de> Deserializer<'de> for Reader {
    type Error = Flaw;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                // Not one is too large for it: `arbitrary_precision` is off.
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter().enumerate())),
            Value::Object(members) => visitor.visit_map(Members { members: members.into_iter(), next: None }),
        }
    }

    /// A number or a truth value where a text is wanted is what stands there.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self.0 {
            Value::Bool(value) => visitor.visit_string(value.to_string()),
            Value::Number(number) if !number.is_f64() => visitor.visit_string(number.to_string()),
            other => Reader(other).deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// A key with nothing behind it has an empty object, or an empty list.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self.0 {
            Value::Null => Reader(Value::Object(serde_json::Map::new())).deserialize_any(visitor),
            other => Reader(other).deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self.0 {
            Value::Null => Reader(Value::Array(Vec::new())).deserialize_any(visitor),
            other => Reader(other).deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        if let Value::String(word) = self.0 {
            return visitor.visit_enum(word.into_deserializer());
        }
        let known: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        Err(Flaw::new(format!("this must be one of {}", known.join(", "))))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        match self.0 {
            Value::Object(_) => self.deserialize_any(visitor),
            _ => Err(Flaw::new(format!("this must be {}", in_words("a map")))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Items(std::iter::Enumerate<std::vec::IntoIter<Value>>);

impl<'de> de::SeqAccess<'de> for Items {
    type Error = Flaw;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Flaw> {
        self.0.next().map(|(index, item)| seed.deserialize(Reader(item)).at(index)).transpose()
    }
}

struct Members {
    members: serde_json::map::IntoIter,
    next: Option<(String, Value)>,
}

impl<'de> de::MapAccess<'de> for Members {
    type Error = Flaw;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Flaw> {
        let Some((name, value)) = self.members.next() else { return Ok(None) };
        let key = seed.deserialize(Reader(Value::from(name.as_str())));
        let key = key.map_err(|flaw| flaw.on_key().at(&name))?;
        self.next = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Flaw> {
        let (name, value) = self.next.take().expect("a key comes before its value");
        seed.deserialize(Reader(value)).at(name)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::Verb;
    use crate::yaml::OneOrMany;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct House {
        name: String,
        #[serde(default)]
        doors: Vec<Door>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Door {
        width: u32,
        #[serde(default)]
        on: OneOrMany<Verb>,
    }

    #[test]
    fn what_fits_is_read() {
        let house =
            read(json!({"name": 7, "doors": [{"width": 1, "on": "create"}, {"width": 2, "on": ["get"]}]}));
        let doors = vec![
            Door { width: 1, on: OneOrMany(vec![Verb::Create]) },
            Door { width: 2, on: OneOrMany(vec![Verb::Get]) },
        ];
        assert_eq!(house, Ok(House { name: "7".to_owned(), doors }));
        assert_eq!(
            read(json!({"name": "x", "doors": null})),
            Ok(House { name: "x".to_owned(), doors: vec![] })
        );
    }

    #[test]
    fn what_does_not_fit_says_where() {
        let cases = [
            (json!({"nam": "x"}), "nam", "unknown key `nam`; did you mean `name`?"),
            (json!({"name": "x", "doors": {}}), "doors", "this must be a list"),
            (
                json!({"name": "x", "doors": [{"width": "wide"}]}),
                "doors/0/width",
                "this must be a whole number",
            ),
            (
                json!({"name": "x", "doors": [{"width": 1}, {"width": 1, "on": ["get", "creat"]}]}),
                "doors/1/on/1",
                "unknown word `creat`; did you mean `create`?",
            ),
            (json!({}), "", "the key `name` is missing"),
            (json!([]), "", "this must be an object: lines of `name: value`"),
        ];
        for (value, way, message) in cases {
            let flaw = read::<House>(value.clone()).expect_err("a flaw");
            let keys: Vec<String> = flaw
                .keys()
                .map(|key| match key {
                    crate::Key::Name(name) => name.clone(),
                    crate::Key::Index(index) => index.to_string(),
                })
                .collect();
            assert_eq!((keys.join("/").as_str(), flaw.to_string().as_str()), (way, message), "{value}");
        }
    }
}
