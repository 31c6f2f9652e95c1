//! Native mappers: YAML with Jinja expressions.
//!
//! This module reads the file; `rule` compiles what stands behind a target.

#[cfg(test)]
mod keys;
mod rule;
mod written;

use provost_core::{At as _, Flaw, read};
use serde_json::Value;

use crate::plan::{COMMON_TYPE, Field, Mapper};

/// Compiles what stands in a file.
///
/// # Errors
/// Every mistake in it.
pub(crate) fn compile(content: &Value) -> Result<Mapper, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let written: Option<written::File> = read(content.clone()).map_err(|flaw| flaws.push(flaw)).ok();
    let mut types = Vec::new();
    if let Some(targets) = content["fields"].as_object() {
        types.push((COMMON_TYPE.to_owned(), fields(targets, &mut |flaw| flaws.push(flaw.at("fields")))));
    }
    for (name, block) in content["types"].as_object().into_iter().flatten() {
        let targets = block.as_object().into_iter().flatten();
        let fields = fields(targets, &mut |flaw| flaws.push(flaw.at(name).at("types")));
        types.push((name.clone(), fields));
    }
    match written.filter(|_| flaws.is_empty()) {
        None => Err(flaws),
        Some(file) => Ok(Mapper {
            name: file.mapper,
            direction: file.direction,
            strict: file.strict.unwrap_or(true),
            types,
            tests: file.tests,
        }),
    }
}

/// Those of the fields that can be compiled; the flaws of the others are told.
fn fields<'a>(
    targets: impl IntoIterator<Item = (&'a String, &'a Value)>,
    tell: &mut dyn FnMut(Flaw),
) -> Vec<Field> {
    let mut fields = Vec::new();
    for (target, written) in targets {
        match rule::compile(target, written).at(target) {
            Ok(field) => fields.push(field),
            Err(flaw) => tell(flaw),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use std::path::Path as FilePath;

    use provost_core::{Diagnostic, Verb};

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
        Mapper::load(FilePath::new("m.yaml"), text)
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

    fn run_text(fields: &str, source: &Value) -> Result<Value, String> {
        let text = format!("mapper: T\ndirection: outgoing\nfields:\n{fields}");
        let mapper = load_text(&text).map_err(|error| error.to_string())?;
        let mapped = mapper.run(source, Purpose::Outgoing(Verb::Create), &Environment::fixed());
        match mapped.errors.first() {
            None => Ok(Value::Object(mapped.output)),
            Some(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn every_long_form_does_what_it_says() {
        let ann = json!({
            "email": "ann@x", "givenname": "Ann", "mails": [{"t": "w", "v": "1"}, {"t": "h", "v": "2"}],
            "start": "2025-01-01", "end": "2027-01-01",
        });
        let cases = [
            ("  a: [{value: email, primary: true}]", json!({"a": [{"value": "ann@x", "primary": true}]})),
            ("  a: [{value: phone, primary: true}]", json!({})),
            ("  a: {value: {first: givenname, last: surname}}", json!({"a": {"first": "Ann"}})),
            ("  a: {from: 'mails.[1].v'}", json!({"a": "2"})),
            (
                "  a: {from: mails, where: [{left: t, is: isEqualString, right: h}], take: v}",
                json!({"a": "2"}),
            ),
            (
                "  a: {from: mails, where: [{any: [{left: t, is: isEqualString, right: h}, {left: t, is: isEqualString, right: w}]}], take: v}",
                json!({"a": ["1", "2"]}),
            ),
            (
                "  a: {from: email, then: [{concat: {prefix: 'mailto:', suffix: '?${givenname}'}}]}",
                json!({"a": "mailto:ann@x?Ann"}),
            ),
            ("  a: {value: surname, default: \"'none'\"}", json!({"a": "none"})),
            ("  a: {value: surname, missing: clear}", json!({"a": null})),
            ("  a: {clear: true}", json!({"a": null})),
            ("  a: {value: email, valid: {from: start, to: end}}", json!({"a": "ann@x"})),
            ("  a: {value: email, valid: {from: end}}", json!({})),
            ("  a: {xsoar: {simple: 'x-${email}'}}", json!({"a": "x-ann@x"})),
            (
                "  a: {rules: [{value: surname, when: surname}, {value: 1, on: update}, givenname]}",
                json!({"a": "Ann"}),
            ),
            ("  a: {rules: [{value: surname}, givenname]}", json!({})),
        ];
        for (fields, expected) in cases {
            assert_eq!(run_text(fields, &ann), Ok(expected), "{fields}");
        }
    }

    #[test]
    fn types_come_after_the_common_fields() {
        let text = "mapper: T\ndirection: incoming\nfields: {a: x, b: x}\ntypes: {IAM - App Add: {b: w}}";
        let mapper = load_text(text).expect("valid");
        let run = |name| {
            Value::Object(mapper.run_type(name, &json!({"x": 1, "w": 2}), &Environment::fixed()).output)
        };
        assert_eq!(run("IAM - App Add"), json!({"a": 1, "b": 2}));
        assert_eq!(run("User Profile"), json!({"a": 1, "b": 1}));
    }

    #[test]
    fn long_forms_that_make_no_sense_are_refused() {
        let cases = [
            ("  a: {value: email, from: email}", "one of `value`, `from`"),
            ("  a: {on: create}", "one of `value`, `from`"),
            ("  a: {value: email, take: x}", "need a `from`"),
            ("  a: {rules: [email], when: email}", "beside `rules`"),
            ("  a: {rules: [email, {rules: [email]}]}", "4:23: a rule holds no further"),
            ("  a: {from: email, then: [conct]}", "did you mean `concat`?"),
            ("  a: {from: email, then: [{concat: {prefx: x}}]}", "did you mean `prefix`?"),
            ("  a: {from: email, then: [isEqualString]}", "is a filter"),
            ("  a: {from: email, where: [{lft: x, is: isEqualString}]}", "did you mean `left`?"),
            ("  a: {value: surname, missing: error}", "its source is missing"),
            ("  a: {value: surname, missing: error, default: email}", "either `default` or `missing`"),
        ];
        for (fields, expected) in cases {
            let problem = run_text(fields, &json!({"email": "a"})).expect_err(fields);
            assert!(problem.contains(expected), "{fields}: {problem}");
        }
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

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let schema = crate::schema();
        let words = |pointer: &str| -> Vec<String> {
            let found = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
            let mut words: Vec<String> = match found {
                Value::Object(members) => members.keys().cloned().collect(),
                list => list
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            };
            words.sort();
            words
        };
        let sorted = |known: &[&str]| {
            let mut known: Vec<String> = known.iter().map(|&word| word.to_owned()).collect();
            known.sort();
            known
        };
        let rule: Vec<&str> =
            keys::of::<written::LongRule>().iter().copied().filter(|key| *key != "rules").collect();
        let cases = [
            ("/properties", keys::of::<written::File>()),
            ("/properties/direction/enum", keys::of::<crate::Direction>()),
            ("/$defs/rule/properties", rule.as_slice()),
            ("/$defs/rule/properties/valid/properties", keys::of::<written::Span>()),
            ("/$defs/rule/properties/strength/enum", keys::of::<crate::Strength>()),
            ("/$defs/rule/properties/missing/enum", keys::of::<written::OnMissing>()),
            ("/$defs/condition/anyOf/0/properties", &rule::CONDITION_KEYS),
            ("/$defs/test/properties", keys::of::<crate::SelfTest>()),
        ];
        for (pointer, known) in cases {
            assert_eq!(words(pointer), sorted(known), "{pointer}");
        }
    }
}
