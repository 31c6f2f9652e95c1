//! Converted mappers map as the originals do: random ones, the cases, and real files.

mod random;

use std::path::Path;

use proptest::prelude::*;
use provost_core::Verb;
use provost_mapper::{ConvertError, Direction, Environment, Form, Mapped, Mapper, Purpose, Reads, convert};
use serde_json::{Map, Value, json};

use crate::never_panics::json_value;
use crate::{conformance, real_files};

fn load(text: &str) -> Mapper {
    Mapper::load(Path::new("t"), text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn converted(text: &str, to: Form) -> String {
    convert(Path::new("t"), text, to).unwrap_or_else(|error| panic!("{error}\n{text}")).text
}

/// What a mapping gives: its output, and the fields that fail.
fn outcome(mapped: Mapped) -> (Value, Vec<String>) {
    let mut failing: Vec<String> = mapped.errors.into_iter().map(|error| error.target).collect();
    failing.sort();
    (Value::Object(mapped.output), failing)
}

/// The outcomes for everything that a mapper may be asked for: the purposes of its
/// direction, and the types.
fn outcomes(mapper: &Mapper, types: &[String], document: &Value) -> Vec<(Value, Vec<String>)> {
    let environment = Environment::fixed();
    let purposes = match mapper.direction {
        Direction::Incoming => vec![Purpose::Incoming],
        Direction::Outgoing => Verb::ALL.into_iter().map(Purpose::Outgoing).collect(),
    };
    let by_purpose = purposes.into_iter().map(|purpose| mapper.run(document, purpose, &environment));
    let by_type = types.iter().map(|name| mapper.run_type(name, document, &environment));
    by_purpose.chain(by_type).map(outcome).collect()
}

fn types(file: &Value) -> Vec<String> {
    file["mapping"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// Checks a file of XSOAR and what it is converted to, there and back; answers the native
/// mapper and the way back.
fn check(file: &Value, documents: &[Value]) -> (String, Value) {
    let original = file.to_string();
    let native = converted(&original, Form::Native);
    let back = converted(&native, Form::Xsoar);
    let mappers = [load(&native), load(&back)];
    for document in documents {
        let expected = outcomes(&load(&original), &types(file), document);
        for (mapper, text) in mappers.iter().zip([&native, &back]) {
            let got = outcomes(mapper, &types(file), document);
            assert_eq!(got, expected, "{document}\n{original}\n{text}");
        }
    }
    (native, serde_json::from_str(&back).expect("JSON"))
}

proptest! {
    #[test]
    fn xsoar_mappers_come_back(file in random::file(), documents in prop::collection::vec(random::document(), 3)) {
        let (_, back) = check(&file, &documents);
        prop_assert_eq!(back, file);
    }

    #[test]
    fn odd_xsoar_mappers_come_back_the_same_from_the_second_time_on(
        file in random::odd_file(),
        documents in prop::collection::vec(random::document(), 3),
    ) {
        let (native, back) = check(&file, &documents);
        let (again, back_again) = check(&back, &documents);
        prop_assert_eq!(again, native);
        prop_assert_eq!(back_again, back);
    }

    #[test]
    fn whatever_can_be_read_is_converted(
        name in prop::sample::select(vec!["T", "User Profile", "User Profile - Create"]),
        values in prop::collection::vec(json_value(), 5),
        depth in 0_usize..4,
    ) {
        let [fields, other, beside, value, document] = <[Value; 5]>::try_from(values).expect("five");
        let mapping = match depth {
            0 => fields,
            1 => json!({name: fields}),
            2 => json!({name: {"internalMapping": fields, "beside": beside}}),
            _ => json!({name: {"internalMapping": {"a": value, "b": {"simple": beside, "complex": fields}}}}),
        };
        let file = json!({"id": "T", "type": "mapping-outgoing", "mapping": mapping, "name": other, "description": other});
        if Mapper::load(Path::new("t"), &file.to_string()).is_ok() {
            check(&file, &[document]);
        }
    }

    #[test]
    fn native_mappers_become_xsoar_mappers(
        file in random::native::file(),
        documents in prop::collection::vec(random::document(), 3),
    ) {
        let text = file.to_string();
        // JSON is YAML, but a file that begins with a brace is taken for XSOAR's.
        let native = format!("# native\n{text}");
        let xsoar = converted(&native, Form::Xsoar);
        let (original, mapper) = (load(&native), load(&xsoar));
        let types = types(&serde_json::from_str(&xsoar).expect("JSON"));
        let named: Vec<String> = types.into_iter().filter(|name| original.types.iter().any(|(known, _)| known == name)).collect();
        for document in &documents {
            prop_assert_eq!(outcomes(&mapper, &named, document), outcomes(&original, &named, document), "{}\n{}", &xsoar, document);
        }
    }
}

#[test]
fn every_case_is_the_same_after_its_conversion() {
    for case in conformance::cases() {
        let (file, _) = conformance::mapper(&case);
        if Mapper::load(Path::new("t"), &file.to_string()).is_ok() {
            check(&file, &[case["input"].clone()]);
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "the number is for reports")]
fn real_files_are_the_same_after_their_conversion() {
    let (mut fields, mut fragments) = (0, 0);
    let odd = [json!({}), json!([]), json!({"email": 7, "target": {"type": 1}})];
    for text in real_files::texts() {
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let mapper = load(&text);
        let people = ["", "x ", "O\"Neil ", "\\", "\n", "${a}", "ø"].map(|odd| person(&mapper, odd));
        let (native, back) = check(&file, &[people.as_slice(), &odd].concat());
        fields += mapper.types.iter().map(|(_, fields)| fields.len()).sum::<usize>();
        fragments += native.matches("xsoar: {").count() + native.matches("      xsoar:\n").count();
        assert_eq!(normal(&back), normal(&file), "{native}");
    }
    eprintln!("{fragments} of {fields} real fields stay as they are under `xsoar`");
    assert!(fragments * 100 <= fields);
}

/// A document with a text, a part of which is odd, for every member that a mapper reads.
fn person(mapper: &Mapper, odd: &str) -> Value {
    let Reads::Members(names) = mapper.reads() else { return json!({}) };
    let member = |name: &str| (name.to_owned(), Value::from(format!("{odd}{name}")));
    Value::Object(names.iter().map(member).collect())
}

/// A file in its normal form: without arguments that are not given, and with places for
/// texts that are one `${...}`.
fn normal(value: &Value) -> Value {
    let held = |text: &Value| {
        text.as_str().and_then(|text| text.strip_prefix("${")?.strip_suffix('}')).map(Value::from)
    };
    match value {
        Value::Object(members) => {
            let is_given = |value: &Value| value != &json!({"isContext": false, "value": null});
            let members = members.iter().filter(|(_, value)| is_given(value));
            let mut members: Map<String, Value> =
                members.map(|(name, value)| (name.clone(), normal(value))).collect();
            if let Some(path) = members.get("root").and_then(held) {
                members.insert("root".to_owned(), path);
            }
            if let Some(path) = members.get("value").and_then(|value| held(&value["simple"])) {
                members.insert("isContext".to_owned(), true.into());
                members["value"]["simple"] = path;
            }
            Value::Object(members)
        }
        Value::Array(items) => items.iter().map(normal).collect(),
        other => other.clone(),
    }
}

#[test]
fn what_has_no_equivalent_is_told_all_at_once() {
    let text = "\
mapper: T
direction: outgoing
fields:
  a: givenname ~ surname
  b: {value: x, when: y, strength: weak}
  c: {value: x, missing: clear}
  d: {value: x, on: get}
  e: [{value: x}]
  f: {clear: true}
  g: {rules: [{value: x | first, when: y}, {value: x | last}]}
  fine: x
";
    let Err(ConvertError::NoEquivalent(problems)) = convert(Path::new("t"), text, Form::Xsoar) else {
        panic!("it has no equivalent");
    };
    let expected = [
        "`a`: ",
        "`b`: `when`",
        "`b`: `strength`",
        "`c`: ",
        "`d`: `on`",
        "`e`: ",
        "`f`: ",
        "`g`: `when`",
        "x | first",
        "x | last",
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for word in expected {
        assert!(problems.iter().any(|problem| problem.contains(word)), "{word}: {problems:?}");
    }
}

#[test]
fn what_is_not_kept_is_told() {
    let twice = r#"{"name": "T", "type": "mapping-incoming", "mapping": {"User Profile": {"internalMapping": {"a": {"simple": "x"}, "a": {"simple": "y"}}}}}"#;
    let found = convert(Path::new("t"), twice, Form::Native).expect("converted");
    assert!(found.notes[0].contains("User Profile.internalMapping.a` is there twice"), "{found:?}");
    let native = "mapper: T\ndirection: incoming\nfields:\n  a: {value: x | lower, on: create}\n  b: {rules: [y, z]}\ntests: [{given: {}, expect: {}}]\n";
    let found = convert(Path::new("t"), native, Form::Xsoar).expect("converted");
    for word in ["x | lower", "`a`: `on`", "`b`: rule 2", "strict", "`tests`"] {
        assert!(found.notes.iter().any(|note| note.contains(word)), "{word}: {found:?}");
    }
}
