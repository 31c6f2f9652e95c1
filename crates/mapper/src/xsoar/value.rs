//! The value objects of XSOAR files: `simple` and `complex`, and the operands of filters
//! and transformers.

use provost_core::{At as _, Flaw};
use serde_json::{Map, Value};

use crate::operators::{self, ArgumentKind, Operator};
use crate::plan::{Filter, Left, Piece, Pipeline, Source, Step};
use crate::{Dt, Place, dt};

/// A field's source; `None` for one that is not mapped. A complex value with a root wins.
pub(crate) fn source(value: &Value) -> Result<Option<Source>, Flaw> {
    match complex(value) {
        Some(complex) => pipeline(complex).at("complex").map(Some),
        None => simple(value["simple"].as_str().unwrap_or_default()).at("simple"),
    }
}

pub(crate) fn complex(value: &Value) -> Option<&Map<String, Value>> {
    value["complex"].as_object().filter(|complex| complex.contains_key("root"))
}

/// A field's `simple` text: nothing, a constant in quotes, a text with holes, or a place.
fn simple(text: &str) -> Result<Option<Source>, Flaw> {
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

fn pipeline(complex: &Map<String, Value>) -> Result<Source, Flaw> {
    let text = |part: &str| complex.get(part).and_then(Value::as_str).unwrap_or_default();
    let list = |part: &str| complex.get(part).and_then(Value::as_array).into_iter().flatten();
    let root = text("root");
    let groups = list("filters").enumerate().map(|(at, group)| filter_group(group, root).at(at));
    let each_step = list("transformers").enumerate().map(|(at, transformer)| step(transformer).at(at));
    let accessor = Some(text("accessor")).filter(|accessor| !accessor.is_empty());
    let accessor = accessor.map(Place::parse).transpose().map_err(Flaw::from).at("accessor");
    let begin = match root {
        "" => Ok(Source::Constant(Value::from(""))),
        _ => simple(root).at("root").map(|root| root.unwrap_or(Source::Constant(Value::Null))),
    };
    let begin = Flaw::both(begin, Flaw::collect(groups).at("filters"));
    let end = Flaw::both(accessor, Flaw::collect(each_step).at("transformers"));
    let ((root, mut filters), (accessor, steps)) = Flaw::both(begin, end)?;
    filters.retain(|group| !group.is_empty());
    Ok(Source::Pipeline(Pipeline::of(root, filters, accessor, steps)))
}

fn filter_group(group: &Value, root: &str) -> Result<Vec<Filter>, Flaw> {
    match group {
        Value::Array(conditions) => {
            let conditions = conditions.iter().enumerate();
            Flaw::collect(conditions.map(|(at, condition)| filter(condition, root).at(at)))
        }
        Value::Object(members) if members.contains_key("operator") => Ok(vec![filter(group, root)?]),
        _ => Ok(Vec::new()),
    }
}

fn filter(condition: &Value, root: &str) -> Result<Filter, Flaw> {
    let operator = operator(condition)?;
    if !operator.is_filter() {
        return Err(Flaw::new(format!("`{}` is no filter", operator.name)).at("operator"));
    }
    let flag = condition.get("ignoreCase").or_else(|| condition.get("ignorecase"));
    let right = condition.get("right").map(|right| operand(right, ArgumentKind::Any)).transpose();
    Ok(Filter {
        operator,
        left: left(&condition["left"], root).at("left")?,
        right: right.at("right")?.flatten(),
        ignore_case: flag == Some(&Value::Bool(true)),
    })
}

/// The left side repeats the root, which is cut: the rest is looked up in the element.
fn left(operand: &Value, root: &str) -> Result<Left, Flaw> {
    let value = &operand["value"];
    let root = lone_hole(root).unwrap_or(root);
    let written = value["simple"].as_str().map(|text| lone_hole(text).unwrap_or(text));
    let is_path = complex(value).is_none() && operand["isContext"].as_bool() != Some(false);
    let within =
        |rest: &str| Place::parse(rest).map(Left::Within).map_err(Flaw::from).at("simple").at("value");
    match written.filter(|_| is_path) {
        Some(written) if written == root => Ok(Left::Element),
        Some(written) if root == "." || root.is_empty() => within(written),
        Some(written) => match written.strip_prefix(root).and_then(|rest| rest.strip_prefix('.')) {
            Some(rest) => within(rest),
            None => place(written).map(Left::Document).at("simple").at("value"),
        },
        None => Ok(Left::Document(
            self::operand(operand, ArgumentKind::Any)?.unwrap_or(Source::Constant(Value::Null)),
        )),
    }
}

fn step(transformer: &Value) -> Result<Step, Flaw> {
    let operator = operator(transformer)?;
    if operator.is_filter() {
        let message = format!("`{}` is a filter, no transformer", operator.name);
        return Err(Flaw::new(message).at("operator"));
    }
    let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
    for (name, given) in transformer["args"].as_object().into_iter().flatten() {
        // Arguments that no operator knows occur in files; they have no effect there.
        if let Some(position) = operator.position(name) {
            arguments[position] = operand(given, operator.arguments[position].kind).at(name).at("args")?;
        }
    }
    if let ("DT", [Some(Source::Constant(Value::String(text)))]) = (operator.name, arguments.as_slice()) {
        let name = operator.arguments[0].name;
        Dt::parse(text).map_err(Flaw::from).at("simple").at("value").at(name).at("args")?;
    }
    Ok(Step { operator, arguments })
}

fn operator(part: &Value) -> Result<&'static Operator, Flaw> {
    operators::known(part["operator"].as_str().unwrap_or_default()).at("operator")
}

/// An operand: nothing, a literal with or without holes, a place, or a value of its own.
fn operand(operand: &Value, kind: ArgumentKind) -> Result<Option<Source>, Flaw> {
    let value = &operand["value"];
    if let Some(complex) = complex(value) {
        return pipeline(complex).map(Some).at("complex").at("value");
    }
    let is_context = ["isContext", "iscontext"].iter().any(|flag| operand[*flag] == Value::Bool(true));
    let source = match value["simple"].as_str() {
        None => return Ok(None),
        // The place of nothing: a null, which counts as absent.
        Some("" | "${}") if is_context => return Ok(None),
        Some(text) if is_context => place(lone_hole(text).unwrap_or(text)),
        Some(text) if kind == ArgumentKind::Raw => Ok(Source::Constant(Value::from(text))),
        Some(text) => match lone_hole(text) {
            Some(inside) => place(inside),
            None => filled(text),
        },
    };
    source.map(Some).at("simple").at("value")
}

pub(crate) fn place(text: &str) -> Result<Source, Flaw> {
    if text.is_empty() {
        return Ok(Source::Constant(Value::Null));
    }
    match Place::parse(text)? {
        Place::Path(path) => Ok(Source::Path(path)),
        Place::Dt(dt) => Ok(Source::Dt(dt)),
    }
}

/// The place inside a text that is one `${...}` and nothing else.
pub(crate) fn lone_hole(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?;
    inside.strip_suffix('}').filter(|place| dt::hole_end(inside) == Some(place.len()))
}

/// A text, its `${...}` holes read as places.
pub(crate) fn filled(text: &str) -> Result<Source, Flaw> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let after = &rest[start + 2..];
        let Some(end) = dt::hole_end(after) else { break };
        if start > 0 {
            pieces.push(Piece::Literal(rest[..start].to_owned()));
        }
        let hole = &after[..end];
        // An empty hole names nothing; as a path it would be the whole document.
        if !hole.is_empty() {
            let place = Place::parse(hole).map_err(|error| Flaw::from(error).on_words(hole));
            pieces.push(Piece::Place(place?));
        }
        rest = &after[end + 1..];
    }
    if rest == text {
        return Ok(Source::Constant(Value::from(text)));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(Source::Text(pieces))
}
