//! Native mappers: YAML with Jinja expressions.
//!
//! This module reads the file; `rule` compiles what stands behind a target.

pub(crate) mod quoted;
mod rule;
mod written;

use std::path::Path as FilePath;

use provost_core::Diagnostic;
use provost_core::yaml;
use serde_json::Value;

use crate::plan::{COMMON_TYPE, Field, Mapper};
pub(crate) use rule::is_plain_path;

pub(crate) fn load(file: &FilePath, text: &str) -> Result<Mapper, Box<Diagnostic>> {
    let written: written::File = yaml::parse(file, text)?;
    let compile = |fields| compile(file, text, fields);
    let mut types = vec![(COMMON_TYPE.to_owned(), compile(written.fields)?)];
    for (name, fields) in written.types {
        types.push((name, compile(fields)?));
    }
    Ok(Mapper {
        name: written.mapper,
        direction: written.direction,
        strict: written.strict.unwrap_or(true),
        types,
        tests: written.tests,
    })
}

fn compile(file: &FilePath, text: &str, fields: written::Fields) -> Result<Vec<Field>, Box<Diagnostic>> {
    fields
        .into_iter()
        .map(|(target, mut located)| {
            rule::compile(target, std::mem::take(&mut located.value.0))
                .map_err(|message| Box::new(yaml::complain(file, text, &located, message)))
        })
        .collect()
}

/// A rule as it would stand behind a target, compiled.
pub(crate) fn field(target: &str, rule: &Value) -> Result<Field, String> {
    let written::Rule(written) = serde_json::from_value(rule.clone()).map_err(|error| error.to_string())?;
    rule::compile(target.to_owned(), written)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use provost_core::Verb;

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
            ("  a: [{value: phone, type: \"'work'\"}]", json!({})),
            ("  a: {value: \"'x'\", then: [{concat: {suffix: '${givenname}'}}]}", json!({"a": "xAnn"})),
            (
                "  a: {from: email, then: [{concat: {suffix: {from: givenname, then: [toUpperCase]}}}]}",
                json!({"a": "ann@xANN"}),
            ),
            (
                "  a: {from: mails, where: [{left: {path: givenname}, is: isEqualString, right: Ann}], take: t}",
                json!({"a": ["w", "h"]}),
            ),
            (
                "  a: {from: mails, take: '[0]', then: [{FormatTemplate: {template: '${.t}'}}]}",
                json!({"a": "w"}),
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
            ("  a: {clear: true, take: x}", "need a `from`"),
            ("  a: {rules: [email], when: email}", "beside `rules`"),
            ("  a: {rules: [email, {rules: [email]}]}", "rule 2: a rule holds no further"),
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
}
