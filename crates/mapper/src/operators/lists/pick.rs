//! Items of a list, and where they are.

use serde_json::Value;

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast,
};
use super::{MOST_ITEMS, is_same, too_many, unpacked, written};

pub(super) const AT_INDEX: Operator = Operator {
    name: "atIndex",
    aliases: &["getIndex"],
    kind: Kind::List,
    arguments: &[Argument { name: "index", kind: ArgumentKind::Number, default: None }],
    null: OnNull::Stays,
    about: "Takes the item at a position, counted from zero; nothing where there is none.",
    examples: &[
        Example { value: r#"["a", "b"]"#, arguments: &[("index", r#""1""#)], gives: r#""b""# },
        Example { value: r#"["a"]"#, arguments: &[("index", "-1")], gives: "null" },
        Example { value: r#"["a"]"#, arguments: &[("index", "7")], gives: "null" },
        Example { value: r#"["a"]"#, arguments: &[], gives: "!`index` is not given" },
    ],
    run: at_index,
};

pub(super) const FIRST_ARRAY_ELEMENT: Operator = Operator {
    name: "FirstArrayElement",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes the first item; a list without items and a single value stay as they are.",
    examples: &[
        Example { value: r#"["a", "b"]"#, arguments: &[], gives: r#""a""# },
        Example { value: r#""a""#, arguments: &[], gives: r#""a""# },
        Example { value: "[]", arguments: &[], gives: "[]" },
    ],
    run: |call| Ok(call.list().first().unwrap_or(call.value).clone()),
};

pub(super) const LAST_ARRAY_ELEMENT: Operator = Operator {
    name: "LastArrayElement",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes the last item; a list without items and a single value stay as they are.",
    examples: &[
        Example { value: r#"["a", "b"]"#, arguments: &[], gives: r#""b""# },
        Example { value: "[]", arguments: &[], gives: "[]" },
    ],
    run: |call| Ok(call.list().last().unwrap_or(call.value).clone()),
};

pub(super) const JOIN_IF_SINGLE_ELEMENT_ONLY: Operator = Operator {
    name: "JoinIfSingleElementOnly",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes the item out of a list of one; other lists stay as they are.",
    examples: &[
        Example { value: r#"["a"]"#, arguments: &[], gives: r#""a""# },
        Example { value: r#"["a", "b"]"#, arguments: &[], gives: r#"["a", "b"]"# },
        Example { value: "[]", arguments: &[], gives: "[]" },
    ],
    run: |call| match call.list() {
        [single] => Ok(single.clone()),
        _ => Ok(call.value.clone()),
    },
};

pub(super) const SLICE: Operator = Operator {
    name: "slice",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "from", kind: ArgumentKind::Number, default: Some("0") },
        Argument { name: "to", kind: ArgumentKind::Number, default: None },
    ],
    null: OnNull::Stays,
    about: "Takes the items from one position up to, but without, another one.",
    examples: &[
        Example { value: "[1, 2, 3]", arguments: &[("from", "1"), ("to", r#""2""#)], gives: "[2]" },
        Example { value: "[1, 2, 3]", arguments: &[("from", "1")], gives: "[2, 3]" },
        Example { value: "[1, 2, 3]", arguments: &[("from", "-5"), ("to", "99")], gives: "[1, 2, 3]" },
        Example { value: "[1, 2, 3]", arguments: &[("from", "2"), ("to", "1")], gives: "[]" },
    ],
    run: slice,
};

pub(super) const SLICE_BY_ITEM: Operator = Operator {
    name: "sliceByItem",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "from", kind: ArgumentKind::Any, default: None },
        Argument { name: "to", kind: ArgumentKind::Any, default: None },
    ],
    null: OnNull::Stays,
    about: "Takes the items from the first that is `from` up to, but without, the next that is `to`.",
    examples: &[
        Example {
            value: r#"["a", "b", "c"]"#,
            arguments: &[("from", r#""b""#), ("to", r#""c""#)],
            gives: r#"["b"]"#,
        },
        Example { value: "[1, 2, 3]", arguments: &[("from", r#""2""#)], gives: "[2, 3]" },
        Example { value: "[1, 2, 3]", arguments: &[("from", "7")], gives: "[]" },
    ],
    run: |call| Ok(slice_by_item(call)),
};

pub(super) const INDEX_OF: Operator = Operator {
    name: "indexOf",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "item", kind: ArgumentKind::Any, default: None },
        Argument { name: "fromLast", kind: ArgumentKind::Boolean, default: Some("false") },
    ],
    null: OnNull::Called,
    about: "Finds the position of an item, counted from zero; -1 where it is not in the list.",
    examples: &[
        Example { value: r#"["a", "b", "a"]"#, arguments: &[("item", r#""a""#)], gives: "0" },
        Example { value: "[7, 7]", arguments: &[("item", r#""7""#), ("fromLast", "true")], gives: "1" },
        Example { value: "null", arguments: &[("item", r#""a""#)], gives: "-1" },
    ],
    run: index_of,
};

pub(super) const GET_RANGE: Operator = Operator {
    name: "GetRange",
    aliases: &[],
    kind: Kind::List,
    arguments: &[Argument { name: "range", kind: ArgumentKind::Any, default: None }],
    null: OnNull::Stays,
    about: "Takes items by positions and ranges such as `0,2-3`; both ends of a range belong to it.",
    examples: &[
        Example { value: "[1, 2, 3, 4]", arguments: &[("range", r#""3,0-1""#)], gives: "[4, 1, 2]" },
        Example { value: "[1, 2, 3]", arguments: &[("range", r#""1-""#)], gives: "[2, 3]" },
        Example { value: "[1, 2]", arguments: &[("range", r#""5""#)], gives: "!there is no item 5" },
        Example { value: "[1, 2]", arguments: &[("range", r#""b-c""#)], gives: "!`b-c` is no position" },
    ],
    run: get_range,
};

fn at_index(call: &Call<'_>) -> Result<Value, Failure> {
    call.required("index")?;
    let index = call.argument_integer("index")?.and_then(|index| usize::try_from(index).ok());
    Ok(index.and_then(|index| call.list().get(index)).cloned().unwrap_or_default())
}

fn slice(call: &Call<'_>) -> Result<Value, Failure> {
    let list = call.list();
    let from = bounded(call.argument_integer("from")?.unwrap_or_default(), list.len());
    let to = call.argument_integer("to")?.map_or(list.len(), |to| bounded(to, list.len()));
    Ok(list.get(from..to).unwrap_or_default().into())
}

/// A position within a list: the nearest end for one outside.
pub(super) fn bounded(position: i64, length: usize) -> usize {
    usize::try_from(position.max(0)).map_or(length, |position| position.min(length))
}

fn slice_by_item(call: &Call<'_>) -> Value {
    let find = |list: &[Value], name: &str, absent: usize| match call.given(name) {
        None => absent,
        Some(wanted) => list.iter().position(|item| is_same(item, wanted)).unwrap_or(list.len()),
    };
    let list = call.list();
    let rest = &list[find(list, "from", 0)..];
    rest[..find(rest, "to", rest.len())].into()
}

fn index_of(call: &Call<'_>) -> Result<Value, Failure> {
    let wanted = call.given("item").unwrap_or(&Value::Null);
    let is_wanted = |item: &Value| is_same(item, wanted);
    let found = if call.argument_flag("fromLast")? {
        call.list().iter().rposition(is_wanted)
    } else {
        call.list().iter().position(is_wanted)
    };
    Ok(found.map_or(Value::from(-1), Value::from))
}

fn get_range(call: &Call<'_>) -> Result<Value, Failure> {
    let items = unpacked(call);
    let mut picked = Vec::new();
    for range in written(call.given("range")) {
        picked.extend_from_slice(range_of(&items, cast::text(&range)?.trim())?);
        if picked.len() > MOST_ITEMS {
            return Err(too_many());
        }
    }
    Ok(Value::Array(picked))
}

fn range_of<'a>(items: &'a [Value], range: &str) -> Result<&'a [Value], Failure> {
    let error = |message: String| Failure::new(FailureKind::Argument, message);
    let position = |text: &str, open: usize| match text.trim() {
        "" => Ok(open),
        text => text.parse::<usize>().map_err(|_| error(format!("`{range}` is no position and no range"))),
    };
    if let Some((from, to)) = range.split_once('-') {
        let (from, to) = (position(from, 0)?, position(to, items.len())?.saturating_add(1));
        return Ok(items.get(from..to.min(items.len())).unwrap_or_default());
    }
    let index = position(range, 0)?;
    items.get(index).map(std::slice::from_ref).ok_or_else(|| error(format!("there is no item {index}")))
}
