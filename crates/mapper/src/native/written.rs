//! A native mapper as it is written.

use std::fmt;

use indexmap::IndexMap;
use provost_core::Verb;
use provost_core::yaml::OneOrMany;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::plan::{Direction, SelfTest, Strength};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) mapper: String,
    pub(super) direction: Direction,
    #[serde(default, rename = "description")]
    _description: String,
    /// Members of the XSOAR file that the mapper was converted from; without effect here.
    #[serde(default, rename = "xsoar")]
    _xsoar: serde_json::Map<String, Value>,
    /// Whether a failing field fails the mapping; true where it is not said.
    #[serde(default)]
    pub(super) strict: Option<bool>,
    #[serde(default, rename = "fields")]
    _fields: Fields,
    /// Fields that apply where a type is asked for by name, after `fields`.
    #[serde(default, rename = "types")]
    _types: IndexMap<String, Fields>,
    /// What `lookup` looks in; each is read on its own.
    #[serde(default, rename = "tables")]
    _tables: IndexMap<String, Value>,
    #[serde(default)]
    pub(super) tests: Vec<SelfTest>,
}

/// Each target with what stands behind it, which is read as a [`Rule`] one by one, so that
/// a mistake in one hides none in the others.
pub(super) type Fields = IndexMap<String, Value>;

/// What stands behind a target: an expression, a constant, a list, or the long form.
#[derive(PartialEq)]
pub(super) struct Rule(pub(super) LongRule);

/// The long form. One of `value`, `from`, `clear`, `xsoar`, `generate` and `ref` says where the value comes
/// from; the others say when and how it is set. Or it has `rules` and nothing else.
#[derive(Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct LongRule {
    /// Several, of which the first that applies is taken. Each is a [`Rule`].
    #[serde(default)]
    pub(super) rules: Option<Vec<Value>>,
    /// A text is an expression; lists and objects are made of expressions.
    #[serde(default)]
    pub(super) value: Option<Value>,
    /// A path, as XSOAR writes it.
    #[serde(default)]
    pub(super) from: Option<String>,
    /// Which elements of a list are kept: all must hold.
    #[serde(default, rename = "where")]
    pub(super) filters: Vec<Value>,
    /// What is taken of each element.
    #[serde(default)]
    pub(super) take: Option<String>,
    /// Transformers, first to last.
    #[serde(default)]
    pub(super) then: Vec<Value>,
    /// Empties the target.
    #[serde(default)]
    pub(super) clear: bool,
    /// A value object of an XSOAR file, as it is.
    #[serde(default)]
    pub(super) xsoar: Option<Value>,
    /// A secret.
    #[serde(default)]
    pub(super) generate: Option<Value>,
    /// What another person's account has.
    #[serde(default, rename = "ref")]
    pub(super) reference: Option<Value>,
    /// How the value becomes one that nobody has.
    #[serde(default)]
    pub(super) unique: Option<Value>,
    #[serde(default)]
    pub(super) on: OneOrMany<Verb>,
    #[serde(default)]
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) valid: Option<Span>,
    #[serde(default)]
    pub(super) strength: Strength,
    /// What is set where the source is missing.
    #[serde(default)]
    pub(super) default: Option<Value>,
    #[serde(default)]
    pub(super) missing: Option<OnMissing>,
    /// Whether it is written without its keys, as a value alone.
    #[serde(skip)]
    pub(super) is_short: bool,
}

/// From when and until when; each end an expression.
#[derive(Deserialize, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    #[serde(default)]
    pub(super) from: Option<Value>,
    #[serde(default)]
    pub(super) to: Option<Value>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum OnMissing {
    Skip,
    Clear,
    Error,
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RuleVisitor).map(Self)
    }
}

struct RuleVisitor;

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = LongRule;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression, a list of them, or an object with `value` or `from`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<LongRule, E> {
        Ok(always(Value::from(text)))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<LongRule, E> {
        Ok(always(Value::from(value)))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<LongRule, E> {
        Ok(always(Value::from(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<LongRule, E> {
        Ok(always(Value::from(value)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<LongRule, E> {
        Ok(always(Value::from(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<LongRule, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(items)).map(always)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LongRule, A::Error> {
        LongRule::deserialize(MapAccessDeserializer::new(map))
    }
}

fn always(value: Value) -> LongRule {
    LongRule { value: Some(value), is_short: true, ..LongRule::default() }
}

impl LongRule {
    /// Whether it works on its value step by step.
    pub(super) fn is_pipeline(&self) -> bool {
        !self.filters.is_empty() || self.take.is_some() || !self.then.is_empty()
    }
}
