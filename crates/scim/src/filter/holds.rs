//! Tries a filter on a resource.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{Filter, Operator, Test};
use crate::Path;

impl Filter {
    /// Whether a resource is as the filter says. Names must be written as in the resource:
    /// see [`Filter::named_by`].
    pub fn holds(&self, resource: &Map<String, Value>) -> bool {
        match self {
            Self::And(a, b) => a.holds(resource) && b.holds(resource),
            Self::Or(a, b) => a.holds(resource) || b.holds(resource),
            Self::Not(inner) => !inner.holds(resource),
            Self::Test(test) => test.holds_of(&values(resource, &test.path)),
            Self::Element(path, inner) => values_of(resource, path)
                .iter()
                .filter_map(|value| value.as_object())
                .any(|value| inner.holds(value)),
        }
    }

    /// Whether one of an attribute's values, complex or not, is as the filter says.
    pub(crate) fn holds_of_element(&self, element: &Value) -> bool {
        match element {
            Value::Object(members) => self.holds(members),
            simple => self.holds(&Map::from_iter([("value".to_owned(), simple.clone())])),
        }
    }
}

impl Test {
    /// Whether one of these values passes. Values that differ are such that none is equal.
    pub fn holds_of(&self, values: &[&Value]) -> bool {
        match self.operator {
            Operator::Present => values.iter().any(|value| is_present(value)),
            Operator::NotEqual => !self.is_any_equal(values),
            Operator::Equal => self.is_any_equal(values),
            _ => values.iter().any(|value| self.passes(value)),
        }
    }

    fn is_any_equal(&self, values: &[&Value]) -> bool {
        if self.value.is_null() {
            return !values.iter().any(|value| is_present(value));
        }
        values.iter().any(|value| self.order(value) == Some(Ordering::Equal))
    }

    fn passes(&self, value: &Value) -> bool {
        let order = || self.order(value);
        match self.operator {
            Operator::Greater => order() == Some(Ordering::Greater),
            Operator::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
            Operator::Less => order() == Some(Ordering::Less),
            Operator::LessOrEqual => order().is_some_and(Ordering::is_le),
            _ => self.is_part(value),
        }
    }

    fn is_part(&self, value: &Value) -> bool {
        let (Value::String(text), Value::String(part)) = (value, &self.value) else { return false };
        if self.is_case_exact {
            return is_part(self.operator, text, part);
        }
        is_part(self.operator, &text.to_lowercase(), &part.to_lowercase())
    }

    /// How a resource's value stands to the filter's.
    fn order(&self, value: &Value) -> Option<Ordering> {
        match (value, &self.value) {
            (Value::String(a), Value::String(b)) if self.is_case_exact => Some(a.as_str().cmp(b)),
            (Value::String(a), Value::String(b)) => Some(folded_order(a, b)),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            // Some clients write truth values as texts.
            (Value::Bool(a), Value::String(b)) | (Value::String(b), Value::Bool(a)) => {
                b.eq_ignore_ascii_case(if *a { "true" } else { "false" }).then_some(Ordering::Equal)
            }
            (a, b) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        }
    }
}

fn is_part(operator: Operator, text: &str, part: &str) -> bool {
    match operator {
        Operator::StartsWith => text.starts_with(part),
        Operator::EndsWith => text.ends_with(part),
        _ => text.contains(part),
    }
}

fn folded_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return a.bytes().map(lower).cmp(b.bytes().map(lower));
    }
    a.to_lowercase().cmp(&b.to_lowercase())
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

/// The values that a test of this path looks at; of a complex one its `value`.
fn values<'a>(resource: &'a Map<String, Value>, path: &Path) -> Vec<&'a Value> {
    let values = values_of(resource, path);
    match &path.sub {
        Some(sub) => values.iter().filter_map(|value| value.get(sub)).collect(),
        None => values.into_iter().map(|value| value.get("value").unwrap_or(value)).collect(),
    }
}

/// The values of the attribute, one by one.
fn values_of<'a>(resource: &'a Map<String, Value>, path: &Path) -> Vec<&'a Value> {
    let holder = match &path.schema {
        Some(extension) => resource.get(extension).and_then(Value::as_object),
        None => Some(resource),
    };
    match holder.and_then(|holder| holder.get(&path.attribute)) {
        None => Vec::new(),
        Some(Value::Array(values)) => values.iter().collect(),
        Some(value) => vec![value],
    }
}
