//! Native mappers: YAML with Jinja expressions.
//!
//! This module reads the file; `rule` compiles what stands behind a target.

mod effects;
#[cfg(test)]
mod keys;
mod pipeline;
pub(crate) mod quoted;
mod rule;
mod written;

use std::path::Path as FilePath;

use provost_core::{At as _, Flaw, read};
use serde_json::Value;

use crate::load::Form;
use crate::plan::{COMMON_TYPE, Direction, Field, Mapper, Rule};
use crate::tables::{ReadFile, Tables, Written};
use rule::Compiler;
pub(crate) use rule::is_plain_path;

/// Compiles what stands in a file; `read` reads the files of its tables.
///
/// # Errors
/// Every mistake in it.
pub(crate) fn compile(
    content: &Value,
    file: &FilePath,
    read_file: &ReadFile<'_>,
) -> Result<Mapper, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let written: Option<written::File> = read(content.clone()).map_err(|flaw| flaws.push(flaw)).ok();
    let tables = tables(content, file, read_file, &mut |flaw| flaws.push(flaw.at("tables")));
    let compiler = Compiler { tables: &tables };
    let mut types = Vec::new();
    let common = content["fields"].as_object().into_iter().flatten();
    let tell = &mut |flaw: Flaw| flaws.push(flaw.at("fields"));
    types.push((COMMON_TYPE.to_owned(), fields(compiler, common, tell)));
    for (name, block) in content["types"].as_object().into_iter().flatten() {
        let targets = block.as_object().into_iter().flatten();
        let fields = fields(compiler, targets, &mut |flaw| flaws.push(flaw.at(name).at("types")));
        types.push((name.clone(), fields));
    }
    if written.as_ref().is_some_and(|file| file.direction == Direction::Incoming) {
        flaws.extend(only_outgoing(&types));
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

/// The tables; one that cannot be read is told and empty, so that nobody misses it.
fn tables(content: &Value, file: &FilePath, read_file: &ReadFile<'_>, tell: &mut dyn FnMut(Flaw)) -> Tables {
    let folder = file.parent().unwrap_or_else(|| FilePath::new(""));
    let table = |(name, written): (&String, &Value)| {
        let table = read::<Written>(written.clone()).and_then(|written| {
            written.read(folder, read_file).map_err(|why| Flaw::new(format!("table `{name}`: {why}")))
        });
        (name.clone(), table.at(name).map_err(&mut *tell).unwrap_or_default())
    };
    Tables::new(content["tables"].as_object().into_iter().flatten().map(table).collect())
}

/// An account that was read needs no names and no secrets.
fn only_outgoing(types: &[(String, Vec<Field>)]) -> Vec<Flaw> {
    let asks = |rule: &Rule| rule.unique.is_some() || rule.source.asks();
    let fields = types.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (name, field)));
    let asking = fields.filter(|(_, field)| field.rules.iter().any(asks));
    asking
        .map(|(name, field)| {
            let flaw = Flaw::new("`unique`, `generate` and `ref` are for outgoing mappers").on_key();
            flaw.along(&Form::Native.way_to(name, &field.target))
        })
        .collect()
}

/// Those of the fields that can be compiled; the flaws of the others are told.
fn fields<'a>(
    compiler: Compiler<'_>,
    targets: impl IntoIterator<Item = (&'a String, &'a Value)>,
    tell: &mut dyn FnMut(Flaw),
) -> Vec<Field> {
    let mut fields = Vec::new();
    for (target, written) in targets {
        match compiler.field(target, written).at(target) {
            Ok(field) => fields.push(field),
            Err(flaw) => tell(flaw),
        }
    }
    fields
}

/// A rule as it would stand behind a target, compiled.
pub(crate) fn field(target: &str, rule: &Value) -> Result<Field, Flaw> {
    Compiler { tables: &Tables::default() }.field(target, rule)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use provost_core::{Diagnostic, Verb};

    use super::*;
    use crate::{Answers, Environment, Purpose};

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

    const EFFECTS: &str = "\
mapper: T
direction: outgoing
fields:
  login: {value: givenname | lower, unique: {by: username, from: 2, max: 4}}
  password: {generate: {}}
  manager: {ref: {where: {email: manageremail, username: managername}}}
  urn: {value: {boss: {value: {ref: {where: {email: manageremail}, take: username}}}}}
tests:
";

    #[test]
    fn effects_are_asked_for_and_the_answers_used() {
        let mapper = load_text(&EFFECTS.replace("tests:\n", "")).expect("valid");
        let ann = json!({"givenname": "Ann", "manageremail": "bo@x"});
        let run = |verb, answers: &Answers| {
            mapper.run_with(&ann, Purpose::Outgoing(verb), &Environment::fixed(), answers)
        };
        let first = run(Verb::Create, &Answers::default());
        assert_eq!(first.pending, ["login", "password", "manager", "urn"]);
        assert_eq!(Value::Object(first.output), json!({}));
        let shown: Vec<String> = first.requests.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "the first of ann, ann2, ann3, ... that no account has as `username`",
                "a secret of 24 characters",
                "`id` of the account with email = bo@x",
                "`username` of the account with email = bo@x",
            ]
        );
        let mut answers = Answers::default();
        for (request, answer) in first.requests.into_iter().zip([json!("ann3"), json!("s3cret"), json!(7)]) {
            answers.add(request, Some(answer));
        }
        assert_eq!(run(Verb::Create, &answers).pending, ["urn"]);
        let nobody = run(Verb::Create, &answers).requests.remove(0);
        answers.add(nobody, None);
        let last = run(Verb::Create, &answers);
        assert_eq!((last.pending.len(), last.errors.len()), (0, 0));
        let expected = json!({"login": "ann3", "password": "s3cret", "manager": 7});
        assert_eq!(Value::Object(last.output), expected);
        assert_eq!(run(Verb::Update, &Answers::default()).pending, ["manager", "urn"], "made once");
    }

    #[test]
    fn tests_in_the_file_say_which_accounts_there_are() {
        let accounts = "accounts: [{id: '7', username: ann, email: BO@x}, {username: ann2}]";
        let good = "{login: ann3, password: '[generated]', manager: '7', urn: {boss: {value: ann}}}";
        let given = "given: {Given Name: Ann, manager_email: bo@x}, on: create";
        let failing =
            |test: &str| load_text(&format!("{EFFECTS}  - {{{test}}}\n")).expect(test).failing_tests();
        assert_eq!(failing(&format!("{given}, {accounts}, expect: {good}")), [] as [&str; 0]);
        assert_eq!(failing(&format!("{given}, expect: {good}")).len(), 1);
        let all_taken = "accounts: [{username: ann}, {username: ann2}, {username: ann3}, {username: ann4}]";
        let taken = failing(&format!("{given}, {all_taken}, expect: {good}"));
        assert_eq!(taken, ["test 1: every value for `username` is taken"]);
    }

    #[test]
    fn tests_in_the_file_take_what_a_path_finds() {
        let text = "mapper: T\ndirection: outgoing\nfields:\n  a: {ref: {where: {email: boss}, take: profile.login}}\n\
            tests:\n  - {given: {boss: b}, accounts: [{email: b, profile: {login: x}}], expect: {a: x}}\n";
        assert_eq!(load_text(text).expect("valid").failing_tests(), [] as [&str; 0]);
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
    fn tables_are_looked_up() {
        let tables = "tables:\n  regions: {NO: EMEA, US: AMER, 47: north}\n  deep: {a: {b: [1]}}\n";
        let cases = [
            ("lookup('regions', country)", json!({"a": "EMEA"})),
            ("lookup('regions', city)", json!({})),
            ("lookup('regions', missing)", json!({})),
            ("lookup('regions', city, 'APAC')", json!({"a": "APAC"})),
            ("lookup('regions', city, default=none)", json!({})),
            ("lookup('regions', country, default='x') | lower", json!({"a": "emea"})),
            ("lookup('regions', code)", json!({"a": "north"})),
            ("lookup('regions', city) | upper", json!({})),
            ("lookup('regions', city) or 'none'", json!({"a": "none"})),
            ("lookup('deep', 'a').b[0]", json!({"a": 1})),
            ("lookup('re' ~ 'gions', country)", json!({"a": "EMEA"})),
            ("{value: email, when: \"lookup('regions', country) == 'EMEA'\"}", json!({"a": "x"})),
            ("{value: email, when: \"lookup('regions', city)\"}", json!({})),
            ("phone if country == 'US' else clear", json!({"a": null})),
            ("clear", json!({"a": null})),
            ("{value: clear, default: email}", json!({"a": null})),
            ("{value: missing or clear, missing: error}", json!({"a": null})),
            ("{value: {b: clear, c: email}}", json!({"a": {"b": null, "c": "x"}})),
            ("{from: clear}", json!({"a": "a member"})),
        ];
        let source = json!({"country": "NO", "city": "X", "code": 47, "email": "x", "clear": "a member"});
        for (field, expected) in cases {
            assert_eq!(run_text(&format!("  a: {field}\n{tables}"), &source), Ok(expected), "{field}");
        }
        let mistakes = [
            ("lookup('region', country)", "there is no table `region` (did you mean `regions`?)"),
            ("lookup(country, 'x')", "there is no table `NO`"),
            ("lookup('regions', [country])", "the key of `lookup` is a text"),
        ];
        for (field, expected) in mistakes {
            let problem = run_text(&format!("  a: {field}\n{tables}"), &source).expect_err(field);
            assert!(problem.contains(expected), "{field}: {problem}");
        }
        let problem =
            run_text("  a: email\ntables:\n  s: {csv: s.csv, key: a}\n", &source).expect_err("no files");
        assert!(
            problem.contains("table `s`: could not read `s.csv`: no other file is read here"),
            "{problem}"
        );
    }

    #[test]
    fn long_forms_that_make_no_sense_are_refused() {
        let cases = [
            ("  a: {value: email, from: email}", "one of `value`, `from`"),
            ("  a: {on: create}", "one of `value`, `from`"),
            ("  a: {value: email, on: 3}", "this must be a word"),
            ("  a: {from: email, then: 3}", "this must be a list"),
            ("  a: {value: null}", "write `clear: true`"),
            ("  a: {clear: true, take: x}", "need a `from`"),
            ("  a: {ref: {where: {}}}", "at least one attribute"),
            ("  a: {ref: {where: {id: email}, take: 'x['}}", "4:39: `[` without a closing"),
            ("  a: [{ref: {where: {id: email}, tke: id}}]", "did you mean `take`?"),
            ("  a: {generate: {length: 4}}", "from 8 to 256"),
            ("  a: {generate: {}, value: email}", "one of `value`"),
            ("  a: {value: {b: {generate: {}}}}", "4:19: `generate` stands in a rule of its own"),
            ("  a: [{value: email, unique: {}}]", "`unique` stands in a rule of its own"),
            ("  a: {value: email, unique: {suffix: m}}", "knows `n` only"),
            ("  a: {value: email, unique: {suffix: \"'x'\"}}", "must name `n`"),
            ("  a: {value: email, unique: {from: 9, max: 2}}", "at most 1000"),
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
            ("/$defs/rule/properties/generate/properties", keys::of::<effects::Generate>()),
            ("/$defs/rule/properties/generate/properties/classes/items/enum", keys::of::<crate::Class>()),
            ("/$defs/rule/properties/ref/properties", keys::of::<effects::Ref>()),
            ("/$defs/rule/properties/unique/properties", keys::of::<effects::Unique>()),
            ("/$defs/condition/anyOf/0/properties", &pipeline::CONDITION_KEYS),
            ("/$defs/test/properties", keys::of::<crate::SelfTest>()),
        ];
        for (pointer, known) in cases {
            assert_eq!(words(pointer), sorted(known), "{pointer}");
        }
    }
}
