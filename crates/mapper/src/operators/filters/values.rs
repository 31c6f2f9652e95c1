//! Filters on values of any type: whether they are there, and what lists hold.

use provost_core::is_empty;
use serde_json::Value;

use super::{FILTER, Passes, WHOLE, answer, none, not, right, same};
use crate::operators::{Call, Operator, cast};

pub(super) const TABLE: &[Operator] = &[
    Operator {
        name: "isTrue",
        arguments: &[],
        about: "The value is true, or the word for it.",
        examples: examples![
            r#""True""# => "true";
            "[false, true]" => "true";
            r#""yes""# => "false";
        ],
        run: |call| answer(Ok(is(call, true))),
        ..FILTER
    },
    Operator {
        name: "isFalse",
        arguments: &[],
        about: "The value is false, or the word for it.",
        examples: examples![
            r#""false""# => "true";
            "true" => "false";
            "null" => "false";
        ],
        run: |call| answer(Ok(is(call, false))),
        ..FILTER
    },
    Operator {
        name: "isExists",
        arguments: &[],
        about: "There is a value, be it false or empty.",
        examples: examples![
            "[]" => "true";
            r#""""# => "true";
            "null" => "false";
        ],
        run: |call| answer(Ok(!call.value.is_null())),
        ..WHOLE
    },
    Operator {
        name: "isNotExists",
        arguments: &[],
        about: "There is no value.",
        examples: examples![
            "null" => "true";
            "false" => "false";
        ],
        run: |call| answer(Ok(call.value.is_null())),
        ..WHOLE
    },
    Operator {
        name: "isEmpty",
        aliases: &["IsEmpty"],
        arguments: &[],
        about: "The value is missing, or an empty text, list or object.",
        examples: examples![
            r#""""# => "true";
            "null" => "true";
            "0" => "false";
            r#"[""]"# => "false";
        ],
        run: |call| answer(Ok(is_empty(call.value))),
        ..WHOLE
    },
    Operator {
        name: "isNotEmpty",
        aliases: &["IsNotEmpty"],
        arguments: &[],
        about: "The value is there, and no empty text, list or object.",
        examples: examples![
            "false" => "true";
            "{}" => "false";
        ],
        run: |call| answer(Ok(!is_empty(call.value))),
        ..WHOLE
    },
    Operator {
        name: "containsGeneral",
        about: "The right text is somewhere in the left one, or the right value is an item of the left list.",
        examples: examples![
            r#"["vpn", "mail"]"#, r#""vpn""# => "true";
            r#"["vpn-oslo"]"#, r#""vpn""# => "false";
            r#""OSLO\\ann""#, r#""\\""# => "true";
            "null", r#""a""# => "false";
        ],
        run: |call| answer(contains(call)),
        ..WHOLE
    },
    Operator {
        name: "notContainsGeneral",
        aliases: &["doesNotContainGeneral"],
        about: "The right text is nowhere in the left one, or the right value is no item of the left list.",
        examples: examples![
            r#"["vpn", "mail"]"#, r#""wiki""# => "true";
            r#""wiki""#, r#""ik""# => "false";
            "null", r#""a""# => "true";
        ],
        run: |call| not(contains(call)),
        ..WHOLE
    },
    Operator {
        name: "in",
        about: "The left value, or an item of it, is an item of the right list.",
        examples: examples![
            r#""a""#, r#"["a", "b"]"# => "true";
            r#"["x", {"k": 1}]"#, r#"[{"k": 1}]"# => "true";
            r#""a""#, r#""a,b""# => "false";
            r#""a""#, "null" => "false";
        ],
        run: |call| answer(Ok(within(call))),
        ..FILTER
    },
    Operator {
        name: "notIn",
        about: "Neither the left value nor an item of it is an item of the right list.",
        examples: examples![
            r#""c""#, r#"["a", "b"]"# => "true";
            r#"["c", "a"]"#, r#"["a", "b"]"# => "false";
            "null", r#"["a"]"# => "true";
        ],
        run: |call| none(call, |call| Ok(within(call))),
        ..WHOLE
    },
    Operator {
        name: "hasLength",
        about: "The left list has as many items as the right number says; a single value is one.",
        examples: examples![
            r#"["a", "b"]"#, r#""2""# => "true";
            r#""abc""#, "1" => "true";
            "null", "0" => "true";
        ],
        run: |call| answer(has_length(call)),
        ..WHOLE
    },
];

fn is(call: &Call<'_>, wanted: bool) -> bool {
    cast::boolean(call.value).is_ok_and(|found| found == wanted)
}

fn contains(call: &Call<'_>) -> Passes {
    match (call.value, right(call)) {
        (Value::Null, _) | (_, Value::Null) => Ok(false),
        (Value::Array(items), right) => Ok(items.iter().any(|item| same(call, item, right))),
        (Value::String(left), right) => {
            let fold = |text| super::folded(call, text);
            Ok(fold(left.clone()).contains(&fold(cast::text(right)?)))
        }
        (left, right) => Ok(same(call, left, right)),
    }
}

fn within(call: &Call<'_>) -> bool {
    match (call.value, right(call)) {
        (Value::Null, _) | (_, Value::Null) => false,
        (left, Value::Array(items)) => items.iter().any(|item| same(call, left, item)),
        (left, right) => same(call, left, right),
    }
}

fn has_length(call: &Call<'_>) -> Passes {
    let length = if call.value.is_null() { 0 } else { call.list().len() };
    Ok(call.argument_integer("right")?.is_some_and(|wanted| i64::try_from(length) == Ok(wanted)))
}
