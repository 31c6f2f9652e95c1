//! `MapRangeValues`: a table from numbers, texts and ranges of them to new values.

use serde_json::Value;

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast,
};
use super::{argument, listed, listed_texts};

pub(super) const OPERATOR: Operator = Operator {
    name: "MapRangeValues",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        argument("map_from", ArgumentKind::Any),
        argument("map_to", ArgumentKind::Any),
        Argument { name: "sep", kind: ArgumentKind::Text, default: Some("-") },
    ],
    null: OnNull::Stays,
    about: "Looks each item up in a list of values and ranges, and gives a list of what stands there.",
    examples: &[
        Example {
            value: "2.5",
            arguments: &[("map_from", r#""1-3,4""#), ("map_to", r#""low,high""#)],
            gives: r#"["low"]"#,
        },
        Example {
            value: r#"["4", "9", "x"]"#,
            arguments: &[("map_from", r#""1-3,4""#), ("map_to", r#""low,1""#)],
            gives: r#"[1, 9, "x"]"#,
        },
        Example {
            value: r#""b""#,
            arguments: &[("map_from", r#""a..c""#), ("map_to", r#""early""#), ("sep", r#""..""#)],
            gives: r#"["early"]"#,
        },
        Example {
            value: "1",
            arguments: &[("map_from", r#""1,2""#), ("map_to", r#""x""#)],
            gives: "!`map_from` has 2 items, `map_to` 1",
        },
    ],
    run: map_ranges,
};

/// A number where it is one, else the text.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Point {
    Number(f64),
    Text(String),
}

impl Point {
    fn of(text: &str) -> Self {
        match cast::number(&Value::from(text)) {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Text(text.to_owned()),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Number(number) => cast::json_number(number),
            Self::Text(text) => Value::from(text),
        }
    }

    fn is_between(&self, from: &Self, to: &Self) -> bool {
        match (self, from, to) {
            (Self::Number(value), Self::Number(from), Self::Number(to)) => (from..=to).contains(&value),
            (Self::Text(value), Self::Text(from), Self::Text(to)) => (from..=to).contains(&value),
            _ => false,
        }
    }
}

fn map_ranges(call: &Call<'_>) -> Result<Value, Failure> {
    let (from, to) = (listed_texts(call, "map_from")?, listed_texts(call, "map_to")?);
    if from.len() != to.len() {
        let message = format!("`map_from` has {} items, `map_to` {}", from.len(), to.len());
        return Err(Failure::new(FailureKind::Length, message));
    }
    let separator = call.argument_or_empty("sep")?;
    let items = match call.list() {
        [single] => listed(single),
        items => items.to_vec(),
    };
    let mapped = items.iter().map(|item| {
        let value = Point::of(&cast::text(item)?);
        let row = from.iter().position(|from| is_in(&value, from, &separator));
        Ok(row.map_or(value, |row| Point::of(&to[row])).into_value())
    });
    mapped.collect::<Result<_, _>>().map(Value::Array)
}

/// Whether a value is what a row says: the same, or within the row's range.
fn is_in(value: &Point, row: &str, separator: &str) -> bool {
    let exact = Point::of(row);
    if *value == exact || matches!(exact, Point::Number(_)) || separator.is_empty() {
        return *value == exact;
    }
    let ends: Vec<&str> = row.split(separator).collect();
    match ends.as_slice() {
        [from, to] => value.is_between(&Point::of(from), &Point::of(to)),
        _ => false,
    }
}
