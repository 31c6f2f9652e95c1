//! What is seen in a native mapper. It may be one that does not compile, so nothing is
//! taken for granted.

use provost_core::Key;
use serde_json::Value;

use super::seen::{Notes, SeenField, SeenRule, SeenStep, What, glued};
use super::xsoar;
use crate::load::Form;
use crate::operators;
use crate::plan::COMMON_TYPE;

/// The keys that keep a rule from applying always.
const CONDITIONS: [&str; 2] = ["when", "valid"];

pub(super) fn fields(content: &Value) -> Vec<SeenField<'_>> {
    let types = content["types"].as_object().into_iter().flatten();
    let blocks = std::iter::once((COMMON_TYPE, &content["fields"]));
    let blocks = blocks.chain(types.map(|(name, block)| (name.as_str(), block)));
    let fields = blocks.flat_map(|(name, block)| {
        let targets = block.as_object().into_iter().flatten();
        targets.map(move |(target, written)| (name, target, written))
    });
    fields.map(|(type_name, target, written)| field(type_name, target, written)).collect()
}

fn field<'a>(type_name: &'a str, target: &'a str, written: &'a Value) -> SeenField<'a> {
    let way = Form::Native.way_to(type_name, target);
    let mut notes = Notes::from(&way);
    let mut rules = Vec::new();
    match written.get("rules").and_then(Value::as_array) {
        Some(list) => notes.behind("rules", |notes| {
            for (at, one) in list.iter().enumerate() {
                notes.behind(at, |notes| rules.push(rule(one, notes)));
            }
        }),
        None => rules.push(rule(written, &mut notes)),
    }
    SeenField { type_name, target, way, rules, notes: notes.notes }
}

fn rule<'a>(written: &'a Value, notes: &mut Notes<'a>) -> SeenRule {
    let Some(members) = written.as_object() else {
        value(written, notes);
        return seen(notes.way(), written, is_constant(written));
    };
    for (key, member) in members {
        notes.behind(key, |notes| match key.as_str() {
            "value" | "default" => value(member, notes),
            "when" if *member == Value::Bool(true) => notes.note(What::When("true")),
            "when" if *member == Value::Bool(false) => notes.note(What::When("false")),
            "when" => notes.notes_text(member, What::When),
            "from" => notes.notes_text(member, What::Place),
            "valid" => each_member(member, notes, value),
            "where" => each_item(member, notes, condition),
            "then" => steps(member, notes),
            "xsoar" => xsoar::value(member, notes),
            _ => {}
        });
    }
    if written["clear"] == Value::Bool(true) {
        for key in ["default", "missing"].into_iter().filter(|key| members.contains_key(*key)) {
            notes.behind(key, |notes| notes.note(What::BesideClear(key)));
        }
    }
    let always = written["clear"] == Value::Bool(true)
        || written["missing"] == "clear"
        || written.get("value").is_some_and(is_constant)
        || written.get("default").is_some_and(is_constant);
    seen(notes.way(), written, always)
}

fn seen(way: Vec<Key>, written: &Value, is_constant: bool) -> SeenRule {
    let has = |key: &str| written.get(key).is_some();
    SeenRule {
        way,
        is_unconditional: !CONDITIONS.iter().any(|key| has(key)),
        is_for_some: has("on"),
        is_constant,
    }
}

/// A text is an expression, lists and objects are made of them.
fn value<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    match written {
        Value::String(text) => notes.note(What::Expression(text)),
        Value::Array(_) => each_item(written, notes, value),
        Value::Object(_) => each_member(written, notes, value),
        _ => {}
    }
}

/// Whether a value can be told without a document.
fn is_constant(written: &Value) -> bool {
    match written {
        Value::String(text) => ['\'', '"'].iter().any(|quote| {
            let inside = text.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote));
            inside.is_some_and(|inside| !inside.contains(*quote))
        }),
        Value::Number(_) | Value::Bool(_) => true,
        _ => false,
    }
}

fn condition<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    if let Some(any) = written.get("any") {
        return notes.behind("any", |notes| each_item(any, notes, condition));
    }
    if let Some(name) = written["is"].as_str() {
        notes.behind("is", |notes| notes.note(What::Operator(name)));
    }
    notes.behind("right", |notes| argument(&written["right"], notes));
}

fn steps<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    let mut chain = Vec::new();
    each_item(written, notes, |step, notes| chain.push(one_step(step, notes)));
    if let Some(at) = glued(&chain) {
        notes.behind(at, |notes| notes.note(What::Glued));
    }
}

fn one_step<'a>(written: &'a Value, notes: &mut Notes<'a>) -> SeenStep<'a> {
    let (operator, given) = match written {
        Value::String(name) => (name.as_str(), None),
        _ => match written.as_object().and_then(|step| step.iter().next()) {
            Some((name, given)) => (name.as_str(), Some(given)),
            None => ("", None),
        },
    };
    let mut texts = Vec::new();
    match given {
        None => notes.note(What::Operator(operator)),
        Some(given) => notes.behind(operator, |notes| {
            notes.note(What::Operator(operator));
            each_member(given, notes, |one, notes| {
                texts.extend(one.as_str());
                match (operators::find(operator).map(|operator| operator.name), one) {
                    (Ok("DT"), Value::String(code)) => notes.note(What::Code(code)),
                    _ => argument(one, notes),
                }
            });
        }),
    }
    SeenStep { operator, texts }
}

fn argument<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    match written {
        Value::String(text) => notes.note(What::Text(text)),
        Value::Object(members) if members.len() == 1 => {
            if let Some(place) = members.get("path").and_then(Value::as_str) {
                notes.behind("path", |notes| notes.note(What::Place(place)));
            }
        }
        _ => {}
    }
}

fn each_item<'a>(list: &'a Value, notes: &mut Notes<'a>, mut look: impl FnMut(&'a Value, &mut Notes<'a>)) {
    for (at, item) in list.as_array().into_iter().flatten().enumerate() {
        notes.behind(at, |notes| look(item, notes));
    }
}

fn each_member<'a>(
    object: &'a Value,
    notes: &mut Notes<'a>,
    mut look: impl FnMut(&'a Value, &mut Notes<'a>),
) {
    for (name, member) in object.as_object().into_iter().flatten() {
        notes.behind(name, |notes| look(member, notes));
    }
}

impl<'a> Notes<'a> {
    fn notes_text(&mut self, written: &'a Value, what: fn(&'a str) -> What<'a>) {
        if let Some(text) = written.as_str() {
            self.note(what(text));
        }
    }
}
