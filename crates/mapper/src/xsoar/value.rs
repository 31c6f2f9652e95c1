//! The value objects of XSOAR files: `simple` and `complex`, and the operands of filters
//! and transformers.

use serde_json::{Map, Value};

use crate::operators::{self, ArgumentKind, Operator};
use crate::plan::{Filter, Left, Piece, Pipeline, Source, Step};
use crate::{Dt, Glue, Place, dt};

/// A field's source; `None` for one that is not mapped. A complex value with a root wins.
pub(crate) fn source(value: &Value) -> Result<Option<Source>, String> {
    match complex(value) {
        Some(complex) => pipeline(complex).map(Some),
        None => simple(value["simple"].as_str().unwrap_or_default()),
    }
}

fn complex(value: &Value) -> Option<&Map<String, Value>> {
    value["complex"].as_object().filter(|complex| complex.contains_key("root"))
}

/// A field's `simple` text: nothing, a constant in quotes, a text with holes, or a place.
fn simple(text: &str) -> Result<Option<Source>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(constant) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return filled(constant).map(Some);
    }
    // What begins as DT is JavaScript to its end; its `${...}` are JavaScript's.
    let begins_as_dt = text.starts_with(".=") || text.starts_with(".(");
    if text.contains("${") && lone_hole(text).is_none() && !begins_as_dt {
        return filled(text).map(Some);
    }
    place(lone_hole(text).unwrap_or(text)).map(Some)
}

fn pipeline(complex: &Map<String, Value>) -> Result<Source, String> {
    let text = |part: &str| complex.get(part).and_then(Value::as_str).unwrap_or_default();
    let list = |part: &str| complex.get(part).and_then(Value::as_array).into_iter().flatten();
    let root = text("root");
    let filters = list("filters").map(|group| filter_group(group, root)).collect::<Result<Vec<_>, _>>()?;
    let steps = list("transformers").map(step).collect::<Result<Vec<_>, _>>()?;
    let accessor = Some(text("accessor")).filter(|accessor| !accessor.is_empty());
    let root = match root {
        "" => Source::Constant(Value::from("")),
        _ => simple(root)?.unwrap_or(Source::Constant(Value::Null)),
    };
    Ok(Source::Pipeline(Box::new(Pipeline {
        root,
        filters: filters.into_iter().filter(|group| !group.is_empty()).collect(),
        accessor: accessor
            .map(|accessor| Place::parse(accessor).map_err(|error| error.to_string()))
            .transpose()?,
        glue: Glue::of(&steps),
        steps,
    })))
}

fn filter_group(group: &Value, root: &str) -> Result<Vec<Filter>, String> {
    match group {
        Value::Array(conditions) => conditions.iter().map(|condition| filter(condition, root)).collect(),
        Value::Object(members) if members.contains_key("operator") => Ok(vec![filter(group, root)?]),
        _ => Ok(Vec::new()),
    }
}

fn filter(condition: &Value, root: &str) -> Result<Filter, String> {
    let operator = operator(condition)?;
    if !operator.is_filter() {
        return Err(format!("`{}` is no filter", operator.name));
    }
    let flag = condition.get("ignoreCase").or_else(|| condition.get("ignorecase"));
    let right = condition.get("right").map(|right| operand(right, ArgumentKind::Any)).transpose()?.flatten();
    Ok(Filter {
        operator,
        left: left(&condition["left"], root)?,
        right,
        ignore_case: flag == Some(&Value::Bool(true)),
    })
}

/// The left side repeats the root, which is cut: the rest is looked up in the element.
fn left(operand: &Value, root: &str) -> Result<Left, String> {
    let value = &operand["value"];
    let root = lone_hole(root).unwrap_or(root);
    let written = value["simple"].as_str().map(|text| lone_hole(text).unwrap_or(text));
    let is_path = complex(value).is_none() && operand["isContext"].as_bool() != Some(false);
    let within = |rest: &str| Place::parse(rest).map(Left::Within).map_err(|error| error.to_string());
    match written.filter(|_| is_path) {
        Some(written) if written == root => Ok(Left::Element),
        Some(written) if root == "." || root.is_empty() => within(written),
        Some(written) => match written.strip_prefix(root).and_then(|rest| rest.strip_prefix('.')) {
            Some(rest) => within(rest),
            None => place(written).map(Left::Document),
        },
        None => Ok(Left::Document(
            self::operand(operand, ArgumentKind::Any)?.unwrap_or(Source::Constant(Value::Null)),
        )),
    }
}

fn step(transformer: &Value) -> Result<Step, String> {
    let operator = operator(transformer)?;
    if operator.is_filter() {
        return Err(format!("`{}` is a filter, no transformer", operator.name));
    }
    let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
    for (name, given) in transformer["args"].as_object().into_iter().flatten() {
        // Arguments that no operator knows occur in files; they have no effect there.
        if let Some(position) = operator.position(name) {
            arguments[position] = operand(given, operator.arguments[position].kind)?;
        }
    }
    if let ("DT", [Some(Source::Constant(Value::String(text)))]) = (operator.name, arguments.as_slice()) {
        Dt::parse(text).map_err(|error| error.to_string())?;
    }
    Ok(Step { operator, arguments })
}

fn operator(part: &Value) -> Result<&'static Operator, String> {
    operators::find(part["operator"].as_str().unwrap_or_default())
}

/// An operand: nothing, a literal with or without holes, a place, or a value of its own.
fn operand(operand: &Value, kind: ArgumentKind) -> Result<Option<Source>, String> {
    let value = &operand["value"];
    if let Some(complex) = complex(value) {
        return pipeline(complex).map(Some);
    }
    let is_context = ["isContext", "iscontext"].iter().any(|flag| operand[*flag] == Value::Bool(true));
    match value["simple"].as_str() {
        None => Ok(None),
        Some(text) if is_context => place(lone_hole(text).unwrap_or(text)).map(Some),
        Some(text) if kind == ArgumentKind::Raw => Ok(Some(Source::Constant(Value::from(text)))),
        Some(text) => match lone_hole(text) {
            Some(inside) => place(inside).map(Some),
            None => filled(text).map(Some),
        },
    }
}

pub(crate) fn place(text: &str) -> Result<Source, String> {
    match Place::parse(text).map_err(|error| error.to_string())? {
        Place::Path(path) => Ok(Source::Path(path)),
        Place::Dt(dt) => Ok(Source::Dt(dt)),
    }
}

/// The place inside a text that is one `${...}` and nothing else.
fn lone_hole(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?;
    inside.strip_suffix('}').filter(|place| dt::hole_end(inside) == Some(place.len()))
}

/// A text, its `${...}` holes read as places.
pub(crate) fn filled(text: &str) -> Result<Source, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let after = &rest[start + 2..];
        let Some(end) = dt::hole_end(after) else { break };
        if start > 0 {
            pieces.push(Piece::Literal(rest[..start].to_owned()));
        }
        pieces.push(Piece::Place(Place::parse(&after[..end]).map_err(|error| error.to_string())?));
        rest = &after[end + 1..];
    }
    if pieces.is_empty() {
        return Ok(Source::Constant(Value::from(text)));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(Source::Text(pieces))
}
