//! Comparisons as JavaScript makes them.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::cast;

/// `===`: the same type and the same value. Lists and objects are never the same ones.
pub(super) fn strictly_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(_) | Value::Object(_), _) => false,
        _ => left == right,
    }
}

/// `==`, where null is the empty text: unlike types are compared as numbers.
pub(super) fn loosely_equal(left: &Value, right: &Value) -> bool {
    let is_container = |value: &Value| value.is_array() || value.is_object();
    if is_container(left) && is_container(right) {
        return false;
    }
    let plain = |value: &Value| if value.is_null() { Value::from("") } else { primitive(value) };
    match (plain(left), plain(right)) {
        (Value::String(left), Value::String(right)) => left == right,
        (left, right) => number(&left).partial_cmp(&number(&right)) == Some(Ordering::Equal),
    }
}

/// The order of two values; none where one of them is no number.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (primitive(left), primitive(right)) {
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (left, right) => number(&left).partial_cmp(&number(&right)),
    }
}

/// `String(value)`.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(items) => {
            let texts: Vec<String> =
                items.iter().map(|item| if item.is_null() { String::new() } else { text(item) }).collect();
            texts.join(",")
        }
        plain => cast::text(plain).unwrap_or_default(),
    }
}

fn primitive(value: &Value) -> Value {
    if value.is_array() || value.is_object() { Value::from(text(value)) } else { value.clone() }
}

/// `Number(value)`.
fn number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(flag) => f64::from(*flag),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => number_in(text.trim()),
        _ => f64::NAN,
    }
}

fn number_in(text: &str) -> f64 {
    if text.is_empty() {
        return 0.0;
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u32::from_str_radix(digits, 16).map_or(f64::NAN, f64::from);
    }
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if is_decimal { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unlike_types_are_compared_as_numbers() {
        let equal = [
            (json!("7"), json!(7)),
            (json!(" 7.0 "), json!(7)),
            (json!("0x10"), json!(16)),
            (json!(null), json!("")),
            (json!(null), json!(0)),
            (json!(true), json!("1")),
            (json!(["a", "b"]), json!("a,b")),
        ];
        for (left, right) in equal {
            assert!(loosely_equal(&left, &right), "{left} == {right}");
            assert!(loosely_equal(&right, &left), "{right} == {left}");
            assert!(!strictly_equal(&left, &right), "{left} === {right}");
        }
        let unlike = [
            (json!(true), json!("true")),
            (json!("a"), json!("A")),
            (json!("inf"), json!("infinity")),
            (json!(["a"]), json!(["a"])),
            (json!({}), json!("{}")),
        ];
        for (left, right) in unlike {
            assert!(!loosely_equal(&left, &right), "{left} != {right}");
        }
        assert!(strictly_equal(&json!(7), &json!(7.0)));
    }

    #[test]
    fn texts_have_an_order_of_their_own() {
        assert_eq!(order(&json!("10"), &json!("9")), Some(Ordering::Less));
        assert_eq!(order(&json!("10"), &json!(9)), Some(Ordering::Greater));
        assert_eq!(order(&json!("x"), &json!(9)), None);
        assert_eq!(order(&json!(null), &json!(0)), Some(Ordering::Equal));
    }
}
