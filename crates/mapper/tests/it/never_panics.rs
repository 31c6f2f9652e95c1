//! Whatever people write, reading and running it never panics.

use std::path::Path as FilePath;

use proptest::prelude::*;
use provost_core::Verb;
use provost_mapper::{Environment, Mapper, Path, Place, Purpose, Template};
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
}
