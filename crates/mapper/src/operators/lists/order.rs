//! Lists in another order, or without what is there twice.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator};
use super::{at, path, written_texts};
use crate::Path;

pub(super) const UNIQ: Operator = Operator {
    name: "uniq",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Keeps the first of items that are the same.",
    examples: &[
        Example { value: r#"["b", "a", "b"]"#, arguments: &[], gives: r#"["b", "a"]"# },
        Example { value: r#"["1", 1]"#, arguments: &[], gives: r#"["1", 1]"# },
        Example { value: r#""a""#, arguments: &[], gives: r#"["a"]"# },
    ],
    run: |call| Ok(first_of_each(call.list(), |item| item)),
};

pub(super) const SORT: Operator = Operator {
    name: "sort",
    aliases: &[],
    kind: Kind::List,
    arguments: &[Argument { name: "descending", kind: ArgumentKind::Boolean, default: Some("false") }],
    null: OnNull::Stays,
    about: "Sorts numbers by value and texts by their characters, capitals first.",
    examples: &[
        Example { value: "[9, 10, 2.5]", arguments: &[], gives: "[2.5, 9, 10]" },
        Example { value: r#"["b", "C", "a"]"#, arguments: &[], gives: r#"["C", "a", "b"]"# },
        Example {
            value: r#"["10", "9"]"#,
            arguments: &[("descending", r#""true""#)],
            gives: r#"["9", "10"]"#,
        },
        Example { value: r#"[{}, "a", 1, null]"#, arguments: &[], gives: r#"[null, 1, "a", {}]"# },
    ],
    run: sort,
};

pub(super) const REVERSE_LIST: Operator = Operator {
    name: "ReverseList",
    aliases: &[],
    kind: Kind::Whole,
    arguments: &[],
    null: OnNull::Stays,
    about: "Turns the order of a list around.",
    examples: &[
        Example { value: r#"["a", "b"]"#, arguments: &[], gives: r#"["b", "a"]"# },
        Example { value: "[]", arguments: &[], gives: "[]" },
    ],
    run: |call| {
        Ok(call
            .value
            .as_array()
            .map_or_else(|| call.value.clone(), |items| items.iter().rev().cloned().collect()))
    },
};

pub(super) const SORT_BY: Operator = Operator {
    name: "SortBy",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "keys", kind: ArgumentKind::Any, default: None },
        Argument { name: "descending_keys", kind: ArgumentKind::Any, default: None },
    ],
    null: OnNull::Stays,
    about: "Sorts objects by what paths find in them: nothing, then booleans, numbers, texts and the rest.",
    examples: &[
        Example {
            value: r#"[{"n": "b", "r": 1}, {"n": "a", "r": 1}, {"n": "c", "r": 2}]"#,
            arguments: &[("keys", r#""r, n""#), ("descending_keys", r#""r""#)],
            gives: r#"[{"n": "c", "r": 2}, {"n": "a", "r": 1}, {"n": "b", "r": 1}]"#,
        },
        Example {
            value: "[2, 10, null]",
            arguments: &[("descending_keys", r#""*""#)],
            gives: "[10, 2, null]",
        },
        Example { value: r#"[{"n": 1}]"#, arguments: &[("keys", r#""n[""#)], gives: "!without a closing" },
    ],
    run: sort_by,
};

pub(super) const DEDUP_BY: Operator = Operator {
    name: "DedupBy",
    aliases: &[],
    kind: Kind::List,
    arguments: &[Argument { name: "keys", kind: ArgumentKind::Any, default: None }],
    null: OnNull::Stays,
    about: "Keeps the first of objects in which paths find the same; without keys, of items that are the same.",
    examples: &[
        Example {
            value: r#"[{"id": 1, "n": "a"}, {"id": 1, "n": "b"}, {"n": "c"}]"#,
            arguments: &[("keys", r#""id""#)],
            gives: r#"[{"id": 1, "n": "a"}, {"n": "c"}]"#,
        },
        Example { value: r#"[1, "1", 1]"#, arguments: &[], gives: r#"[1, "1"]"# },
    ],
    run: dedup_by,
};

fn sort(call: &Call<'_>) -> Result<Value, Failure> {
    let mut items = call.list().to_vec();
    let descending = call.argument_flag("descending")?;
    items.sort_by(|a, b| directed(compare(a, b), descending));
    Ok(Value::Array(items))
}

fn sort_by(call: &Call<'_>) -> Result<Value, Failure> {
    let descending = written_texts(call.given("descending_keys"))?;
    let paths = paths(call)?;
    if paths.is_empty() {
        let mut items = call.list().to_vec();
        items.sort_by(|a, b| directed(compare(a, b), descending == ["*"]));
        return Ok(Value::Array(items));
    }
    let mut rows: Vec<(Vec<Value>, &Value)> =
        call.list().iter().map(|item| (keys(&paths, item), item)).collect();
    rows.sort_by(|(a, _), (b, _)| {
        let by_path = paths
            .iter()
            .zip(a.iter().zip(b))
            .map(|(path, (a, b))| directed(compare(a, b), descending.iter().any(|key| key == path.source())));
        by_path.fold(Ordering::Equal, Ordering::then)
    });
    Ok(rows.into_iter().map(|(_, item)| item.clone()).collect())
}

fn dedup_by(call: &Call<'_>) -> Result<Value, Failure> {
    let paths = paths(call)?;
    Ok(match paths.as_slice() {
        [] => first_of_each(call.list(), |item| item),
        paths => first_of_each(call.list(), |item| keys(paths, item)),
    })
}

fn first_of_each<'a, Key: Eq + std::hash::Hash>(items: &'a [Value], key: impl Fn(&'a Value) -> Key) -> Value {
    let mut seen = HashSet::new();
    items.iter().filter(|item| seen.insert(key(item))).cloned().collect()
}

fn paths(call: &Call<'_>) -> Result<Vec<Path>, Failure> {
    written_texts(call.given("keys"))?.iter().map(|key| path(key)).collect()
}

fn keys(paths: &[Path], item: &Value) -> Vec<Value> {
    paths.iter().map(|path| at(path, item)).collect()
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

/// The order of any two values: nothing, booleans, numbers, texts, the rest by its JSON.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default())
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (a, b) if rank(a) == 4 && rank(b) == 4 => a.to_string().cmp(&b.to_string()),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
    }
}
