//! Lists with items added or taken away.

use provost_core::is_empty;
use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator};
use super::pick::bounded;
use super::{written, written_texts};

pub(super) const APPEND: Operator = Operator {
    name: "append",
    aliases: &[],
    kind: Kind::List,
    arguments: &[Argument { name: "item", kind: ArgumentKind::Any, default: None }],
    null: OnNull::Called,
    about: "Adds an item, or all items of a list, at the end.",
    examples: &[
        Example { value: r#"["a"]"#, arguments: &[("item", r#""b""#)], gives: r#"["a", "b"]"# },
        Example { value: r#""a""#, arguments: &[("item", "[1, 2]")], gives: r#"["a", 1, 2]"# },
        Example { value: "null", arguments: &[("item", r#""a""#)], gives: r#"["a"]"# },
        Example { value: "null", arguments: &[], gives: "null" },
    ],
    run: |call| Ok(appended(call.list(), &single_or_all(call.given("item")))),
};

pub(super) const APPEND_IF_NOT_EMPTY: Operator = Operator {
    name: "AppendIfNotEmpty",
    aliases: &[],
    kind: Kind::Whole,
    arguments: &[
        Argument { name: "item", kind: ArgumentKind::Any, default: None },
        Argument { name: "raw", kind: ArgumentKind::Boolean, default: Some("false") },
    ],
    null: OnNull::Called,
    about: "Adds items at the end if there are any; a text is split at its commas unless it is `raw`.",
    examples: &[
        Example { value: r#"["a"]"#, arguments: &[("item", r#""b, c""#)], gives: r#"["a", "b", "c"]"# },
        Example {
            value: r#"["a"]"#,
            arguments: &[("item", r#""b, c""#), ("raw", r#""true""#)],
            gives: r#"["a", "b, c"]"#,
        },
        Example { value: r#"["a"]"#, arguments: &[("item", r#""""#)], gives: r#"["a"]"# },
        Example { value: "null", arguments: &[], gives: "null" },
    ],
    run: append_if_not_empty,
};

pub(super) const SPLICE: Operator = Operator {
    name: "splice",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "index", kind: ArgumentKind::Number, default: Some("0") },
        Argument { name: "deleteCount", kind: ArgumentKind::Number, default: Some("0") },
        Argument { name: "item", kind: ArgumentKind::Any, default: None },
    ],
    null: OnNull::Stays,
    about: "Takes items away at a position and puts an item, or all items of a list, there.",
    examples: &[
        Example {
            value: "[1, 2, 3]",
            arguments: &[("index", "1"), ("deleteCount", "1"), ("item", r#""b""#)],
            gives: r#"[1, "b", 3]"#,
        },
        Example { value: "[1, 2]", arguments: &[("index", "9"), ("item", "[3, 4]")], gives: "[1, 2, 3, 4]" },
        Example { value: "[1, 2]", arguments: &[("index", "-3"), ("deleteCount", "99")], gives: "[]" },
    ],
    run: splice,
};

pub(super) const CONVERT_TO_SINGLE_ELEMENT_ARRAY: Operator = Operator {
    name: "ConvertToSingleElementArray",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Called,
    about: "Makes a list of a single value; nothing and an empty text are a list without items.",
    examples: &[
        Example { value: r#""a""#, arguments: &[], gives: r#"["a"]"# },
        Example { value: "[1, 2]", arguments: &[], gives: "[1, 2]" },
        Example { value: "null", arguments: &[], gives: "[]" },
    ],
    run: |call| match call.list() {
        [Value::String(text)] if text.is_empty() => Ok(Value::Array(Vec::new())),
        items => Ok(items.into()),
    },
};

pub(super) const REMOVE_EMPTY: Operator = Operator {
    name: "RemoveEmpty",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "empty_values", kind: ArgumentKind::Any, default: None },
        Argument { name: "remove_keys", kind: ArgumentKind::Boolean, default: Some("false") },
    ],
    null: OnNull::Stays,
    about: "Drops items that are empty or one of the given texts; with `remove_keys` also such members of objects.",
    examples: &[
        Example { value: r#"["a", "", null, [], [""], 0]"#, arguments: &[], gives: r#"["a", 0]"# },
        Example {
            value: r#"["a", "n/a", "-"]"#,
            arguments: &[("empty_values", r#""n/a, -""#)],
            gives: r#"["a"]"#,
        },
        Example {
            value: r#"[{"a": "", "b": {"c": null}}, {"a": [1, ""]}]"#,
            arguments: &[("remove_keys", "true")],
            gives: r#"[{"a": [1]}]"#,
        },
    ],
    run: remove_empty,
};

fn append_if_not_empty(call: &Call<'_>) -> Result<Value, Failure> {
    let items = match call.given("item") {
        Some(item) if is_empty(item) => Vec::new(),
        Some(item @ Value::String(_)) if !call.argument_flag("raw")? => written(Some(item)),
        item => single_or_all(item),
    };
    if items.is_empty() {
        return Ok(call.value.clone());
    }
    let list = if call.value.is_null() { &[] } else { call.list() };
    Ok(appended(list, &items))
}

/// Nothing added to nothing is nothing, so that a field without a source stays away.
fn appended(list: &[Value], items: &[Value]) -> Value {
    match [list, items].concat() {
        all if all.is_empty() => Value::Null,
        all => Value::Array(all),
    }
}

fn single_or_all(item: Option<&Value>) -> Vec<Value> {
    match item {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(single) => vec![single.clone()],
    }
}

fn splice(call: &Call<'_>) -> Result<Value, Failure> {
    let mut list = call.list().to_vec();
    let from = bounded(call.argument_integer("index")?.unwrap_or_default(), list.len());
    let gone = bounded(call.argument_integer("deleteCount")?.unwrap_or_default(), list.len() - from);
    list.splice(from..from + gone, single_or_all(call.given("item")));
    Ok(Value::Array(list))
}

fn remove_empty(call: &Call<'_>) -> Result<Value, Failure> {
    let words = written_texts(call.given("empty_values"))?;
    let clean = call.argument_flag("remove_keys")?;
    let items = call.list().iter().cloned().map(|item| if clean { cleaned(item, &words) } else { item });
    Ok(items.filter(|item| !means_nothing(item, &words)).collect())
}

/// An object without its empty members, those of objects inside it included.
fn cleaned(value: Value, words: &[String]) -> Value {
    let inner = |value: Value| match value {
        Value::Array(items) => items
            .into_iter()
            .map(|item| cleaned(item, words))
            .filter(|item| !means_nothing(item, words))
            .collect(),
        other => cleaned(other, words),
    };
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, inner(member)))
            .filter(|(_, member)| !means_nothing(member, words))
            .collect(),
        other => other,
    }
}

/// Whether a value is empty, one of the words for it, or a list of nothing but such.
fn means_nothing(value: &Value, words: &[String]) -> bool {
    match value {
        Value::String(text) => text.is_empty() || words.contains(text),
        Value::Array(items) => items.iter().all(|item| means_nothing(item, words)),
        other => is_empty(other),
    }
}
