//! Native mappers: YAML with Jinja expressions.

use std::fmt;
use std::path::Path as FilePath;

use indexmap::IndexMap;
use provost_core::yaml::{self, Located, OneOrMany};
use provost_core::{Diagnostic, Verb};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::plan::{COMMON_TYPE, Direction, Field, Mapper, SelfTest, Source};
use crate::{Condition, Expression, Path};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mapper: String,
    direction: Direction,
    #[serde(default, rename = "description")]
    _description: String,
    fields: IndexMap<String, Located<Rule>>,
    #[serde(default)]
    tests: Vec<SelfTest>,
}

/// What stands behind a target: an expression, a constant, or both with conditions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongRule {
    /// A text is an expression, anything else stands for itself.
    value: Value,
    #[serde(default)]
    on: OneOrMany<Verb>,
    #[serde(default)]
    when: Option<String>,
}

struct Rule(LongRule);

pub(crate) fn load(file: &FilePath, text: &str) -> Result<Mapper, Box<Diagnostic>> {
    let written: File = yaml::parse(file, text)?;
    let fields = written
        .fields
        .into_iter()
        .map(|(target, located)| {
            compile(target, &located.value.0)
                .map_err(|message| Box::new(yaml::complain(file, text, &located, message)))
        })
        .collect::<Result<_, _>>()?;
    Ok(Mapper {
        name: written.mapper,
        direction: written.direction,
        strict: true,
        types: vec![(COMMON_TYPE.to_owned(), fields)],
        tests: written.tests,
    })
}

fn compile(target: String, rule: &LongRule) -> Result<Field, String> {
    let source = match &rule.value {
        Value::String(text) if is_plain_path(text) => {
            Source::Path(Path::parse(text).map_err(|error| error.to_string())?)
        }
        Value::String(text) => {
            Source::Expression(Expression::parse(text).map_err(|error| error.to_string())?)
        }
        constant => Source::Constant(constant.clone()),
    };
    let when = rule.when.as_deref().map(Condition::parse).transpose().map_err(|error| error.to_string())?;
    Ok(Field { target, on: rule.on.0.clone(), when, source })
}

/// Whether an expression only names a member, so that it need not be evaluated.
fn is_plain_path(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.split('.').all(is_word) && !["true", "false", "none"].contains(&text.to_lowercase().as_str())
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
        f.write_str("an expression, or an object with `value`, `on` and `when`")
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

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LongRule, A::Error> {
        LongRule::deserialize(MapAccessDeserializer::new(map))
    }
}

fn always(value: Value) -> LongRule {
    LongRule { value, on: OneOrMany::default(), when: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Environment, Purpose};

    const MAPPER: &str = "\
mapper: Test (Outgoing)
direction: outgoing
fields:
  login: username
  mail: email | lower
  name: displayname or (givenname ~ ' ' ~ surname)
  source: \"'HR'\"
  level: 3
  phone: {value: mobilephone, on: create}
  boss: {value: managername, when: employeetype != 'contractor'}
";

    fn load_text(text: &str) -> Result<Mapper, Box<Diagnostic>> {
        load(FilePath::new("m.yaml"), text)
    }

    fn run(verb: Verb, source: &Value) -> Value {
        let mapper = load_text(MAPPER).expect("valid");
        let mapped = mapper.run(source, Purpose::Outgoing(verb), &Environment::fixed());
        assert_eq!(mapped.errors, []);
        Value::Object(mapped.output)
    }

    #[test]
    fn expressions_constants_and_conditions_apply() {
        let ann = json!({
            "username": "ann", "email": "Ann@X", "givenname": "Ann", "surname": "Example",
            "mobilephone": "1", "managername": "Bo", "employeetype": "contractor",
        });
        assert_eq!(
            run(Verb::Create, &ann),
            json!({"login": "ann", "mail": "ann@x", "name": "Ann Example", "source": "HR", "level": 3, "phone": "1"})
        );
        let bare = json!({"managername": "Bo", "mobilephone": "1"});
        assert_eq!(run(Verb::Update, &bare), json!({"source": "HR", "level": 3, "boss": "Bo"}));
    }

    #[test]
    fn mistakes_have_a_place_and_a_hint() {
        let cases = [
            (MAPPER.replace("direction", "direktion"), 2, "did you mean `direction`?"),
            (MAPPER.replace("outgoing\n", "outwards\n"), 2, "`incoming`"),
            (MAPPER.replace("on: create", "on: creat"), 9, "did you mean `create`?"),
            (MAPPER.replace("when:", "wen:"), 10, "did you mean `when`?"),
            (MAPPER.replace("| lower", "|"), 5, ""),
        ];
        for (text, line, hint) in cases {
            let found = load_text(&text).expect_err(&text);
            assert_eq!(found.line, line, "{found}");
            assert!(found.hint.clone().unwrap_or_default().contains(hint), "{found}");
        }
    }
}
