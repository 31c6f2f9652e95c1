//! Whatever people write, reading and running it never panics.

use std::path::Path as FilePath;

use proptest::prelude::*;
use provost_core::{Schema, Verb};
use provost_mapper::{Around, Environment, InExpressions, Mapped, Mapper, Path, Place, Purpose, Template};
use serde_json::{Value, json};

/// Any JSON value, not too deep.
pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z.]{0,4}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_path_is_read_or_refused(path in r"[a-c.\\\[\]:0-9 ]{0,16}", document in json_value()) {
        if let Ok(path) = Path::parse(&path) {
            path.resolve(&document);
        }
    }

    #[test]
    fn a_key_with_its_points_escaped_finds_its_value(key in "[^\\[\\]]{1,12}", value in 1_i64..) {
        let escaped = key.replace('\\', r"\\").replace('.', r"\.");
        let document = json!({"outer": {key: value}});
        let path = Path::parse(&format!("outer.{escaped}")).expect("no brackets");
        prop_assert_eq!(path.resolve(&document), Some(json!(value)));
    }

    #[test]
    fn any_dt_is_read_or_refused(text in r#"(\.|val|obj|val1---|[a-b=>(){}\[\]$/'"`\ é]){0,24}"#) {
        let _ = Place::parse(&text);
    }

    #[test]
    fn any_dt_is_run_or_fails(
        path in r"(\.|a|b|\(val\)|\[0\]|\[\]){0,4}",
        body in r"(val|val1---a|\.a|;|=|\+|\(|\)|\[|\]|'|[a1 ]){0,6}",
        document in json_value(),
    ) {
        let field = Value::from(format!("{path}={body}"));
        let file = json!({
            "name": "any", "type": "mapping-outgoing",
            "mapping": {"User Profile": {"internalMapping": {"target": {"simple": field}}}},
        });
        if let Ok(mapper) = Mapper::load(FilePath::new("any.json"), &file.to_string()) {
            mapper.run(&document, Purpose::Outgoing(Verb::Create), &Environment::fixed());
        }
    }

    #[test]
    fn any_template_is_read_or_refused(text in r#"[a{}"'|. \\]{0,20}"#) {
        let _ = Template::parse(&text);
    }

    #[test]
    fn any_mapper_is_judged(field in json_value(), rule in json_value(), key in "(then|where|rules|value|xsoar|when)") {
        let xsoar = json!({
            "name": "any", "type": "mapping-outgoing",
            "mapping": {"User Profile": {"internalMapping": {"target": {"complex": {
                "root": "a", "filters": field, "transformers": [{"operator": "DT", "args": rule}],
            }}}}},
        });
        let native = json!({"mapper": "any", "direction": "incoming", "fields": {"a": {key: rule}, "b": field}});
        let profile = Schema::built_in();
        let around = Around { profile: &profile, system: None };
        // What follows a line break is YAML, whatever it begins with.
        for text in [xsoar.to_string(), format!("# YAML\n{native}")] {
            let checked = Mapper::check(FilePath::new("any"), &text, &around);
            prop_assert_eq!(checked.mapper.is_some(), Mapper::load(FilePath::new("any"), &text).is_ok());
        }
    }

    #[test]
    fn any_xsoar_value_is_run_or_refused(field in json_value(), document in json_value()) {
        let file = json!({
            "name": "any", "type": "mapping-outgoing",
            "mapping": {"User Profile": {"internalMapping": {"target": field}}},
        });
        if let Ok(mapper) = Mapper::load(FilePath::new("any.json"), &file.to_string()) {
            mapper.run(&document, Purpose::Outgoing(Verb::Create), &Environment::fixed());
        }
    }

    #[test]
    fn any_native_expression_is_run_or_refused(expression in r"[a-c.|~ '()\[\]0-9]{0,16}", document in json_value()) {
        let rule = Value::from(expression);
        let file = format!("mapper: any\ndirection: incoming\nfields:\n  target: {rule}\n");
        if let Ok(mapper) = Mapper::load(FilePath::new("any.yaml"), &file) {
            mapper.run(&document, Purpose::Incoming, &Environment::fixed());
        }
    }

    #[test]
    fn any_operator_is_run_in_an_expression_or_refused(
        at in 0..provost_mapper::operators::all().count(),
        argument in r"(b|a\[0\]|'[a-z0-9%${}.,\\]{0,6}'|-?[0-9]{1,12}|\[b, 1\])?",
        document in json_value(),
    ) {
        let Some(operator) = provost_mapper::operators::all().nth(at) else { return Ok(()) };
        let InExpressions::As(name) = operator.in_expressions() else { return Ok(()) };
        let sign = if operator.is_filter() { "is" } else { "|" };
        let rule = Value::from(format!("a {sign} {name}({argument})"));
        let file = format!("mapper: any\ndirection: incoming\nfields:\n  target: {rule}\n");
        if let Ok(mapper) = Mapper::load(FilePath::new("any.yaml"), &file) {
            mapper.run(&json!({"a": document, "b": [document]}), Purpose::Incoming, &Environment::fixed());
        }
    }
}

/// A native mapper with one target, after running it; nothing if it is refused.
fn target(rule: &Value, document: &Value) -> Option<Mapped> {
    let file = format!("mapper: any\ndirection: incoming\nfields:\n  target: {rule}\n");
    let mapper = Mapper::load(FilePath::new("any.yaml"), &file).ok()?;
    Some(mapper.run(document, Purpose::Incoming, &Environment::fixed()))
}

/// This once ended the program.
#[test]
fn a_format_that_is_too_precise_fails() {
    for expression in
        ["'%.65536f' | format(n)", "'%.2000000000f' | format(n)", "'n = %-+5.100000F' | format(n)"]
    {
        let mapped = target(&json!(expression), &json!({"n": 7}));
        assert!(mapped.is_none_or(|mapped| mapped.errors.len() == 1), "{expression}");
    }
}

/// These once kept the program for minutes: brackets that never close.
#[test]
fn long_places_are_run_or_refused() {
    for link in ["a(", "a={", "[", "a.", "(val)", "${", "${a(}", "a='", "\\", "()", "a(}"] {
        let text = link.repeat(40_000 / link.len());
        target(&json!({"from": text}), &json!({"a": 7}));
        target(&json!({"xsoar": {"simple": format!("x${{{text}")}}), &json!({"a": 7}));
        let _ = Path::parse(&text);
    }
}
