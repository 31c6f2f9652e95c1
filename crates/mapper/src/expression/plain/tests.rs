//! Simple expressions with and without the engine.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Condition, Expression, Scope};
use super::LONGEST_TEXT;
use crate::{Environment, Tables};

/// Expressions of the shapes that are known, and of some that are not.
fn expression() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => "[a-d]",
        2 => "[a-d]\\.[a-d]",
        1 => "[a-d]\\.[a-d]\\.[a-d]",
        2 => "'[ aBß]{0,2}'",
        1 => prop::sample::select(vec!["0", "7", "1.0", "true", "none", "clear", "now", "range", "loop", "self", "''"])
            .prop_map(str::to_owned),
    ];
    part.prop_recursive(4, 16, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let sign = prop::sample::select(vec!["or", "and", "~", "==", "!=", "+", "<", "in"]);
        let filter = prop::sample::select(vec![
            "lower",
            "upper",
            "trim",
            "string",
            "quoted",
            "length",
            "trim('a')",
            "default('a')",
            "toUpperCase",
        ]);
        prop_oneof![
            4 => (two.clone(), sign).prop_map(|((a, b), sign)| format!("({a} {sign} {b})")),
            2 => (inner.clone(), filter).prop_map(|(a, filter)| format!("({a} | {filter})")),
            1 => inner.clone().prop_map(|a| format!("(not {a})")),
            1 => inner.clone().prop_map(|a| format!("({a}).b")),
            1 => two.prop_map(|(a, b)| format!("({a} if {b})")),
            2 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        4 => "[ aBßİ\"\\\\]{0,3}".prop_map(Value::from),
        1 => Just(Value::from("x".repeat(LONGEST_TEXT - 1))),
        1 => Just(Value::from("İ".repeat(LONGEST_TEXT / 2))),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop_oneof![Just(json!(0)), Just(json!(-0.0)), Just(json!(2.0)), Just(json!(u64::MAX)), Just(json!(-7))],
        2 => Just(Value::Null),
    ];
    scalar.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..2).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..3)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    let name = prop_oneof![8 => "[a-d]", 1 => prop::sample::select(vec!["now", "range", "loop", "clear"]).prop_map(str::to_owned)];
    prop::collection::btree_map(name, value(), 0..6).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_engine_says_the_same(source in expression(), document in document()) {
        let scope = Scope::of_document(&document, &Environment::fixed());
        if let Ok(parsed) = Expression::of_mapper(&source, &Tables::default())
            && let Some(Ok(found)) = parsed.plain.as_ref().map(|plain| plain.value(&document))
        {
            prop_assert_eq!(Ok(found.map(Cow::into_owned)), parsed.evaluate(&scope));
        }
        if let Ok(condition) = Condition::of_mapper(&source, &Tables::default())
            && let Some(Ok(holds)) = condition.0.plain.as_ref().map(|plain| plain.holds(&document))
        {
            prop_assert_eq!(Ok(holds), condition.holds(&scope));
        }
    }

    #[test]
    fn the_engine_says_the_same_of_views(source in expression(), names in document()) {
        if let Ok(parsed) = Expression::parse(&source)
            && let Some(Ok(found)) = parsed.plain.as_ref().map(|plain| plain.seen(&names))
        {
            prop_assert_eq!(Ok(found.map(Cow::into_owned)), parsed.evaluate(&Scope::new(&names)));
        }
    }
}

#[test]
fn the_commonest_need_no_engine() {
    let document = json!({"a": "Ann", "b": " Bo ", "n": 7, "deep": {"a": "x"}, "nothing": null, "empty": ""});
    let cases = [
        ("a ~ ' ' ~ n", Some(json!("Ann 7"))),
        ("missing or (a | lower)", Some(json!("ann"))),
        ("b | trim | upper", Some(json!("BO"))),
        ("n | string", Some(json!("7"))),
        ("missing | string", None),
        ("empty or none", None),
        ("a and deep.a", Some(json!("x"))),
        ("a if missing", None),
        ("'x' if deep.a == 'x' and not nothing else 'y'", Some(json!("x"))),
        ("a ~ nothing", None),
        ("deep.b.c", None),
    ];
    for (source, expected) in cases {
        let parsed = Expression::of_mapper(source, &Tables::default()).expect(source);
        let found = parsed.plain.as_ref().map(|plain| plain.value(&document));
        assert_eq!(
            found.map(|found| found.map(|found| found.map(Cow::into_owned))),
            Some(Ok(expected)),
            "{source}"
        );
    }
}
