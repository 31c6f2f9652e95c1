//! Steps that are taken at once give what they give one by one. Explaining a mapping takes
//! them one by one.

use std::path::Path as FilePath;

use proptest::prelude::*;
use provost_core::Verb;
use provost_mapper::{Environment, Mapper, Outcome, Purpose};
use serde_json::{Value, json};

/// What people have in their profiles, and what they should not have.
fn member() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[A-Za-z ]{0,8}",
        r#"["\\/nu{}\[\]:,a0\u{1}\u{7}\n\t\u{7f}\u{2028}\u{f8ff}ø安]{0,6}"#,
        Just(r"\ud83d".to_owned()),
    ];
    let leaf = prop_oneof![
        8 => text.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ];
    let nested = prop_oneof![
        prop::collection::vec(leaf.clone(), 0..3).prop_map(Value::from),
        leaf.clone().prop_map(|leaf| json!([[leaf]])),
        leaf.clone().prop_map(|leaf| json!({"a": leaf})),
    ];
    prop_oneof![6 => leaf, 1 => nested]
}

/// Arguments of `concat` as mappers write them: JSON in pieces, places, and texts with places.
fn argument() -> impl Strategy<Value = Value> {
    let literals = prop_oneof![
        Just(r#"{"k": ""#.to_owned()),
        Just(r#"", "m": ""#.to_owned()),
        Just(r#""}"#.to_owned()),
        Just(r#"[{"t": true, "v": ""#.to_owned()),
        Just(r#""}]"#.to_owned()),
        Just("\"".to_owned()),
        Just(r#"{"k": 1, "k": ""#.to_owned()),
        Just(r#"", "k": null}"#.to_owned()),
        Just(r#""\u00f8\n"#.to_owned()),
        r#"(\$\{b\}|["\\{}:,k1 \u{f8ff}]){0,4}"#,
        Just("${b}".to_owned()),
        Just("x${b}-${c}".to_owned()),
    ];
    prop_oneof![
        1 => Just(json!({"value": null})),
        1 => Just(json!({"isContext": true, "value": {"simple": "c"}})),
        6 => literals.prop_map(|text| json!({"isContext": false, "value": {"simple": text}})),
    ]
}

/// A chain of `concat`, with or without other steps around it.
fn steps() -> impl Strategy<Value = Value> {
    let concat = (argument(), argument()).prop_map(
        |(prefix, suffix)| json!({"operator": "concat", "args": {"prefix": prefix, "suffix": suffix}}),
    );
    let plain = |name: &'static str| Just(json!({"operator": name, "args": {}}));
    let ends = prop_oneof![4 => plain("ParseJSON"), 1 => plain("trim"), 1 => plain("toUpperCase")];
    let before = prop::option::weighted(0.2, prop_oneof![plain("trim"), plain("join")]);
    (before, prop::collection::vec(concat, 0..5), prop::collection::vec(ends, 0..3))
        .prop_map(|(before, chain, ends)| before.into_iter().chain(chain).chain(ends).collect())
}

/// Chains that are JSON with holes more often than not.
fn glued_json() -> impl Strategy<Value = Value> {
    let (open, close) = (r#"{"k": ""#, r#""}"#);
    let literal = |text: &str| json!({"isContext": false, "value": {"simple": text}});
    Just(json!([
        {"operator": "concat", "args": {"prefix": literal(open), "suffix": literal(r#"", "m": ["n "#)}},
        {"operator": "concat", "args": {"suffix": literal("${b}")}},
        {"operator": "concat", "args": {"suffix": literal(r#""], "n": {"o": "${c}","#)}},
        {"operator": "concat", "args": {"suffix": literal(r#" "k": null}, "p": ""#)}},
        {"operator": "concat", "args": {"suffix": {"isContext": true, "value": {"simple": "c"}}}},
        {"operator": "concat", "args": {"suffix": literal(close)}},
        {"operator": "ParseJSON", "args": {}},
    ]))
}

/// The field's value, or its error, mapped at once and step by step.
fn both_ways(steps: &Value, document: &Value) -> [Result<Option<Value>, String>; 2] {
    let field = json!({"complex": {"root": "a", "filters": [], "accessor": "", "transformers": steps}});
    let file = json!({
        "name": "glue", "type": "mapping-outgoing",
        "mapping": {"User Profile": {"internalMapping": {"target": field}}},
    });
    let mapper = Mapper::load(FilePath::new("glue.json"), &file.to_string()).expect("the mapper is read");
    let (purpose, environment) = (Purpose::Outgoing(Verb::Create), Environment::fixed());
    let mut mapped = mapper.run(document, purpose, &environment);
    let at_once = match mapped.errors.pop() {
        Some(error) => Err(error.problem),
        None => Ok(mapped.output.remove("target")),
    };
    let one_by_one = match mapper.explain(document, purpose, &environment).remove(0).outcome {
        Outcome::Value(value) => Ok(Some(value)),
        Outcome::LeftOut(_) => Ok(None),
        Outcome::Error(problem) => Err(problem),
    };
    [at_once, one_by_one]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn steps_at_once_are_the_steps_one_by_one(
        steps in prop_oneof![steps(), glued_json()],
        a in member(),
        b in member(),
        c in member(),
    ) {
        let [at_once, one_by_one] = both_ways(&steps, &json!({"a": a, "b": b, "c": c}));
        prop_assert_eq!(at_once, one_by_one);
    }
}

#[test]
fn every_kind_of_value_is_glued_as_by_its_steps() {
    let steps = json!([
        {"operator": "concat", "args": {
            "prefix": {"value": {"simple": "{\"k\": \""}}, "suffix": {"value": {"simple": "\", \"m\": \"${b}\"}"}}}},
        {"operator": "ParseJSON", "args": {}},
    ]);
    let glued = |k: &str, m: &str| Ok(Some(json!({"k": k, "m": m})));
    let rows = [
        (json!({"a": "Ann", "b": "Example"}), glued("Ann", "Example")),
        (json!({"a": 7, "b": 1.5}), glued("7", "1.5")),
        (json!({"a": true}), glued("true", "")),
        (json!({"a": "ø", "b": null}), glued("ø", "")),
        (json!({"a": r"\u00f8", "b": "1"}), glued("ø", "1")),
        (json!({"a": null, "b": "1"}), Ok(None)),
        (json!({"b": "1"}), Ok(None)),
        (json!({"a": ["x", "y"], "b": "1"}), Ok(Some(json!([{"k": "x", "m": "1"}, {"k": "y", "m": "1"}])))),
        (json!({"a": [], "b": "1"}), Ok(Some(json!([])))),
        (json!({"a": {}, "b": "1"}), Err("`concat`: an object is no text".to_owned())),
    ];
    for (document, expected) in rows {
        let [at_once, one_by_one] = both_ways(&steps, &document);
        assert_eq!(at_once, expected, "{document}");
        assert_eq!(one_by_one, expected, "{document}");
    }
    let [at_once, one_by_one] = both_ways(&steps, &json!({"a": "say \"hi\""}));
    assert!(at_once.as_ref().is_err_and(|problem| problem.contains("no JSON")), "{at_once:?}");
    assert_eq!(at_once, one_by_one);
}
