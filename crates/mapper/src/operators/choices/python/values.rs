//! What Python makes of JSON values: text, truth, order and sums.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::super::cast;
use super::super::patterns::Flags;

/// `str(value)`; lists and objects as JSON.
pub(in super::super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `bool(value)`.
pub(in super::super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// How values are compared.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Comparing {
    /// For patterns; its case flag is for `==` and `!=` too.
    pub(in super::super) flags: Flags,
    /// Whether a pattern must match a whole text.
    pub(in super::super) whole: bool,
    /// Whether a value is also compared to each item of a list on the right.
    pub(in super::super) items: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    In,
    NotIn,
}

pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value, comparing: Comparing) -> bool {
    let ignore_case = comparing.flags.ignore_case;
    compare_once(comparison, left, right, ignore_case)
        || (comparing.items
            && right.as_array().is_some_and(|items| {
                items.iter().any(|item| compare_once(comparison, left, item, ignore_case))
            }))
}

/// Compares two values; what cannot be compared is not so.
fn compare_once(comparison: Comparison, left: &Value, right: &Value, ignore_case: bool) -> bool {
    let same = || if ignore_case { equal(&folded(left), &folded(right)) } else { equal(left, right) };
    let order = || order(left, right);
    match comparison {
        Comparison::Equal => same(),
        Comparison::Unequal => !same(),
        Comparison::Less => order().is_some_and(Ordering::is_lt),
        Comparison::AtMost => order().is_some_and(Ordering::is_le),
        Comparison::Greater => order().is_some_and(Ordering::is_gt),
        Comparison::AtLeast => order().is_some_and(Ordering::is_ge),
        Comparison::In => contains(right, left) == Some(true),
        Comparison::NotIn => contains(right, left) == Some(false),
    }
}

/// `==`: numbers by value, and true is 1.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has = |(name, value)| right.get(name).is_some_and(|other| equal(value, other));
            left.len() == right.len() && left.iter().all(has)
        }
        _ => match number(left).zip(number(right)) {
            Some((left, right)) => left.partial_cmp(&right) == Some(Ordering::Equal),
            None => left == right,
        },
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

/// `item in container`; none where that makes no sense.
fn contains(container: &Value, item: &Value) -> Option<bool> {
    match (container, item) {
        (Value::Array(items), _) => Some(items.iter().any(|other| equal(item, other))),
        (Value::String(text), Value::String(part)) => Some(text.contains(part.as_str())),
        (Value::Object(members), Value::String(name)) => Some(members.contains_key(name)),
        (Value::Object(members), Value::Number(_) | Value::Bool(_)) => {
            Some(members.contains_key(&text(item)))
        }
        _ => None,
    }
}

pub(super) fn add(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Value::from(format!("{left}{right}")),
        (Value::Array(left), Value::Array(right)) => left.iter().chain(right).cloned().collect(),
        _ => number(left)
            .zip(number(right))
            .map_or(Value::Null, |(left, right)| cast::json_number(left + right)),
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(*flag)),
        other => other.as_f64(),
    }
}

fn folded(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::from(text.to_lowercase()),
        Value::Array(items) => items.iter().map(folded).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.to_lowercase(), folded(member))).collect()
        }
        other => other.clone(),
    }
}
