//! Filters that compare texts.

use serde_json::Value;

use super::{FILTER, Passes, WHOLE, answer, folded, none, right, same};
use crate::operators::patterns::linear;
use crate::operators::{Call, Operator, cast};

pub(super) const TABLE: &[Operator] = &[
    Operator {
        name: "isEqualString",
        aliases: &["string.isEqual", "isCaseSensitiveEqual"],
        about: "Both sides are the same text.",
        examples: examples![
            "7", r#""7""# => "true";
            r#"["a", "b"]"#, r#""b""# => "true";
            "null", r#""b""# => "false";
        ],
        run: |call| answer(Ok(equal(call))),
        ..FILTER
    },
    Operator {
        name: "isNotEqualString",
        aliases: &["string.isNotEqual"],
        about: "The sides are different texts; a list holds no text that is the same.",
        examples: examples![
            r#""a""#, r#""b""# => "true";
            r#"["a", "b"]"#, r#""b""# => "false";
            "null", r#""b""# => "true";
        ],
        run: |call| none(call, |call| Ok(equal(call))),
        ..WHOLE
    },
    Operator {
        name: "containsString",
        about: "The right text is somewhere in the left one.",
        examples: examples![
            r#""ann@oslo.example""#, r#""@oslo""# => "true";
            r#""ann""#, r#""Ann""# => "false";
            "null", r#""a""# => "false";
            "{}", r#""a""# => "!an object is no text";
        ],
        run: |call| answer(contains(call)),
        ..FILTER
    },
    Operator {
        name: "notContainsString",
        about: "The right text is nowhere in the left one, nor in any text of a list.",
        examples: examples![
            r#""ann@oslo.example""#, r#""@rome""# => "true";
            r#"["guest", "staff"]"#, r#""gue""# => "false";
            "null", r#""a""# => "true";
        ],
        run: |call| none(call, contains),
        ..WHOLE
    },
    Operator {
        name: "startWith",
        about: "The left text begins with the right one.",
        examples: examples![
            r#""Room 4""#, r#""Room""# => "true";
            r#""Room 4""#, r#""4""# => "false";
            "417", "4" => "true";
        ],
        run: |call| answer(starts(call)),
        ..FILTER
    },
    Operator {
        name: "notStartWith",
        about: "The left text does not begin with the right one, nor does any text of a list.",
        examples: examples![
            r#""Room 4""#, r#""Hall""# => "true";
            r#"["Hall 1", "Room 4"]"#, r#""Hall""# => "false";
        ],
        run: |call| none(call, starts),
        ..WHOLE
    },
    Operator {
        name: "endWith",
        about: "The left text ends with the right one.",
        examples: examples![
            r#""ann.example""#, r#""example""# => "true";
            r#""ann.example""#, r#""ann""# => "false";
            r#""ann""#, "null" => "false";
        ],
        run: |call| answer(ends(call)),
        ..FILTER
    },
    Operator {
        name: "notEndWith",
        about: "The left text does not end with the right one, nor does any text of a list.",
        examples: examples![
            r#""ann.example""#, r#"".test""# => "true";
            r#"["a.example", "b.test"]"#, r#"".test""# => "false";
        ],
        run: |call| none(call, ends),
        ..WHOLE
    },
    Operator {
        name: "match",
        aliases: &["matchRegex"],
        about: "The Go pattern on the right finds something in the left text.",
        examples: examples![
            r#""Ann Example""#, r#""(?i)^ANN\\b""# => "true";
            r#"["b7", "c"]"#, r#""^[a-b]\\d$""# => "true";
            r#""٣""#, r#""^\\d$""# => "false";
            "null", r#"".*""# => "false";
            r#""a""#, r#""(""# => "!the pattern cannot be read";
        ],
        run: |call| answer(matches(call)),
        ..FILTER
    },
    Operator {
        name: "notMatch",
        about: "The Go pattern on the right finds nothing in the left text or list.",
        examples: examples![
            r#""c""#, r#""^[a-b]""# => "true";
            r#"["c", "b7"]"#, r#""^[a-b]""# => "false";
            "null", r#"".*""# => "true";
        ],
        run: |call| none(call, matches),
        ..WHOLE
    },
    Operator {
        name: "inList",
        aliases: &["isInList"],
        about: "The left side is one of the right ones, which are a list or a text with commas.",
        examples: examples![
            r#""b""#, r#""a, b""# => "true";
            r#"["x", 2]"#, r#"["2"]"# => "true";
            r#""a, b""#, r#""a, b""# => "false";
        ],
        run: |call| answer(Ok(listed(call))),
        ..FILTER
    },
    Operator {
        name: "notInList",
        aliases: &["isNotInList"],
        about: "The left side is none of the right ones, which are a list or a text with commas.",
        examples: examples![
            r#""c""#, r#""a, b""# => "true";
            r#"["c", "a"]"#, r#""a, b""# => "false";
        ],
        run: |call| none(call, |call| Ok(listed(call))),
        ..WHOLE
    },
    Operator {
        name: "stringHasLength",
        about: "The left text has as many characters as the right number says.",
        examples: examples![
            r#""åb""#, r#""2""# => "true";
            r#"["abc", "d"]"#, "1" => "true";
            r#""ab""#, r#""two""# => "!no number";
        ],
        run: |call| answer(has_length(call)),
        ..FILTER
    },
];

fn equal(call: &Call<'_>) -> bool {
    same(call, call.value, right(call))
}

fn contains(call: &Call<'_>) -> Passes {
    compare(call, |left, right| left.contains(right))
}

fn starts(call: &Call<'_>) -> Passes {
    compare(call, |left, right| left.starts_with(right))
}

fn ends(call: &Call<'_>) -> Passes {
    compare(call, |left, right| left.ends_with(right))
}

/// Compares both sides as texts; where one is missing, nothing passes.
fn compare(call: &Call<'_>, test: fn(&str, &str) -> bool) -> Passes {
    let right = right(call);
    if call.value.is_null() || right.is_null() {
        return Ok(false);
    }
    Ok(test(&folded(call, call.text()?), &folded(call, cast::text(right)?)))
}

fn matches(call: &Call<'_>) -> Passes {
    let right = right(call);
    if call.value.is_null() || right.is_null() {
        return Ok(false);
    }
    Ok(linear(&cast::text(right)?, call.ignore_case)?.is_match(&call.text()?))
}

fn listed(call: &Call<'_>) -> bool {
    match right(call) {
        Value::Array(items) => items.iter().any(|item| same(call, call.value, item)),
        Value::String(text) => text.split(',').any(|item| same(call, call.value, &Value::from(item.trim()))),
        other => !other.is_null() && same(call, call.value, other),
    }
}

fn has_length(call: &Call<'_>) -> Passes {
    match call.argument_integer("right")? {
        Some(length) if !call.value.is_null() => {
            Ok(i64::try_from(call.text()?.chars().count()) == Ok(length))
        }
        _ => Ok(false),
    }
}
