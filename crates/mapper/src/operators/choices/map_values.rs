//! `MapValuesTransformer`: two lists of the same length, old values and new ones.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

use super::super::{ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};
use super::{argument, python};

pub(super) const OPERATOR: Operator = Operator {
    name: "MapValuesTransformer",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[argument("input_values", ArgumentKind::Any), argument("mapped_values", ArgumentKind::Any)],
    null: OnNull::Stays,
    about: "Looks a value up in one list and gives what stands in the same place of the other.",
    examples: &[
        Example {
            value: r#""staff""#,
            arguments: &[("input_values", r#""staff,guest""#), ("mapped_values", r#""S,G""#)],
            gives: r#""S""#,
        },
        Example {
            value: "false",
            arguments: &[("input_values", r#""True""#), ("mapped_values", r#""yes""#)],
            gives: r#""False""#,
        },
        Example {
            value: r#"{"city": "Oslo", "n": 1}"#,
            arguments: &[("input_values", r#""city: Oslo""#), ("mapped_values", r#""Rome""#)],
            gives: r#""{\"city\": \"Rome\", \"n\": 1}""#,
        },
        Example {
            value: "1",
            arguments: &[("input_values", r#""1,2""#), ("mapped_values", r#""x""#)],
            gives: "!`input_values` has 2 items, `mapped_values` 1",
        },
    ],
    run: map_values,
};

/// The rows of the table.
type Rows = Vec<(String, String)>;

fn map_values(call: &Call<'_>) -> Result<Value, Failure> {
    let rows = rows(call)?;
    Ok(match read(call.value) {
        Value::Object(members) => Value::from(json(&mapped_members(members, &rows))),
        list @ Value::Array(_) => list,
        value => {
            let text = python::text(&value);
            Value::from(look_up(&rows, &text).map_or(text.as_str(), |new| new).to_owned())
        }
    })
}

fn rows(call: &Call<'_>) -> Result<Rows, Failure> {
    let (old, new) = (pieces(call, "input_values")?, pieces(call, "mapped_values")?);
    if old.len() != new.len() {
        let message = format!("`input_values` has {} items, `mapped_values` {}", old.len(), new.len());
        return Err(Failure::new(FailureKind::Length, message));
    }
    Ok(old.into_iter().zip(new).collect())
}

/// An argument's items with the blanks around them, which count.
fn pieces(call: &Call<'_>, name: &str) -> Result<Vec<String>, Failure> {
    match call.given(name) {
        Some(Value::Array(items)) => items.iter().map(cast::text).collect(),
        _ => Ok(call.required(name)?.split(',').map(str::to_owned).collect()),
    }
}

/// A text that is JSON is read first, unless it is a whole number: those may be long.
fn read(value: &Value) -> Value {
    match value {
        Value::String(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        other => other.clone(),
    }
}

/// The last row counts. Blanks around a piece are forgiven where it does not fit as it is.
fn look_up<'a>(rows: &'a Rows, text: &str) -> Option<&'a str> {
    let exact = rows.iter().rev().find(|(old, _)| old == text);
    let found = exact.or_else(|| rows.iter().rev().find(|(old, _)| old.trim() == text));
    found.map(|(_, new)| new.as_str())
}

fn mapped_members(members: Map<String, Value>, rows: &Rows) -> Value {
    let mapped = members.into_iter().map(|(name, value)| {
        let text = python::text(&value);
        let new = look_up(rows, &format!("{name}:{text}"))
            .or_else(|| look_up(rows, &format!("{name}: {text}")))
            .map(Value::from);
        (name, new.unwrap_or(value))
    });
    Value::Object(mapped.collect())
}

/// JSON with a blank after each comma and colon, as the script writes it.
fn json(value: &Value) -> String {
    let mut text = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut text, Spaced));
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_else(|| value.to_string())
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
