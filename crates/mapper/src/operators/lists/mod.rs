//! Lists: picking, ordering, putting together, summing up.

mod build;
mod order;
mod pairs;
mod pick;
mod totals;

use serde_json::Value;

use super::{Call, Failure, FailureKind, Operator, cast};
use crate::Path;

pub(super) const OPERATORS: &[Operator] = &[
    totals::JOIN,
    totals::COUNT,
    totals::SUM_LIST,
    order::UNIQ,
    order::SORT,
    order::REVERSE_LIST,
    order::SORT_BY,
    order::DEDUP_BY,
    pick::AT_INDEX,
    pick::FIRST_ARRAY_ELEMENT,
    pick::LAST_ARRAY_ELEMENT,
    pick::JOIN_IF_SINGLE_ELEMENT_ONLY,
    pick::SLICE,
    pick::SLICE_BY_ITEM,
    pick::INDEX_OF,
    pick::GET_RANGE,
    build::APPEND,
    build::APPEND_IF_NOT_EMPTY,
    build::SPLICE,
    build::CONVERT_TO_SINGLE_ELEMENT_ARRAY,
    build::REMOVE_EMPTY,
    pairs::PRODUCT_JOIN,
    pairs::MAKE_PAIR,
];

/// More items than this make no sense in a profile; lists that grow by a product stop here.
const MOST_ITEMS: usize = 100_000;

/// A list as people write it in an argument: a list, JSON text of one, or texts between
/// commas. Nothing is the empty list.
pub(super) fn written(value: Option<&Value>) -> Vec<Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) => json_list(text).unwrap_or_else(|| {
            let pieces = text.split(',').map(str::trim).filter(|piece| !piece.is_empty());
            pieces.map(Value::from).collect()
        }),
        Some(single) => vec![single.clone()],
    }
}

/// The same as texts.
pub(super) fn written_texts(value: Option<&Value>) -> Result<Vec<String>, Failure> {
    written(value).iter().map(cast::text).collect()
}

/// The items of a call's list; one text that is JSON of a list stands for that list.
pub(super) fn unpacked(call: &Call<'_>) -> Vec<Value> {
    match call.list() {
        [Value::String(text)] => json_list(text),
        _ => None,
    }
    .unwrap_or_else(|| call.list().to_vec())
}

/// A path in an argument.
pub(super) fn path(text: &str) -> Result<Path, Failure> {
    Path::parse(text).map_err(|error| Failure::new(FailureKind::Argument, error.to_string()))
}

/// What a path finds in a list's item; nothing where that is no object.
fn at(path: &Path, item: &Value) -> Value {
    Some(item).filter(|item| item.is_object()).and_then(|item| path.resolve(item)).unwrap_or_default()
}

/// Whether an item is what an argument says; arguments are mostly text, items need not be.
fn is_same(item: &Value, wanted: &Value) -> bool {
    item == wanted
        || matches!((cast::text(item), cast::text(wanted)), (Ok(item), Ok(wanted)) if item == wanted)
}

fn too_many() -> Failure {
    Failure::new(FailureKind::Limit, format!("the list would have more than {MOST_ITEMS} items"))
}

fn json_list(text: &str) -> Option<Vec<Value>> {
    let text = text.trim();
    text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}
