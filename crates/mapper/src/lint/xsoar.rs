//! What is seen in an XSOAR file, or in a piece of one in a native mapper.

use serde_json::Value;

use super::seen::{Notes, SeenField, SeenRule, SeenStep, What, glued};
use crate::load::Form;
use crate::operators::{self, ArgumentKind};
use crate::xsoar::value::{complex, lone_hole};

pub(super) fn fields(content: &Value) -> Vec<SeenField<'_>> {
    let types = content["mapping"].as_object().into_iter().flatten();
    let fields = types.flat_map(|(name, block)| {
        let targets = block["internalMapping"].as_object().into_iter().flatten();
        targets.map(move |(target, written)| field(name, target, written))
    });
    fields.flatten().collect()
}

/// A field; `None` for one that is not mapped.
fn field<'a>(type_name: &'a str, target: &'a str, written: &'a Value) -> Option<SeenField<'a>> {
    let text = written["simple"].as_str().unwrap_or_default();
    if complex(written).is_none() && text.is_empty() {
        return None;
    }
    let way = Form::Xsoar.way_to(type_name, target);
    let mut notes = Notes::from(&way);
    value(written, &mut notes);
    let is_constant = complex(written).is_none() && text.starts_with('"');
    let rule = SeenRule { way: way.clone(), is_unconditional: true, is_for_some: false, is_constant };
    Some(SeenField { type_name, target, way, rules: vec![rule], notes: notes.notes })
}

/// A value object.
pub(super) fn value<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    if complex(written).is_some() {
        return notes.behind("complex", |notes| pipeline(&written["complex"], notes));
    }
    if let Some(text) = written["simple"].as_str() {
        notes.behind("simple", |notes| simple(text, notes));
    }
}

fn simple<'a>(text: &'a str, notes: &mut Notes<'a>) {
    let begins_as_dt = text.starts_with(".=") || text.starts_with(".(");
    let is_text = text.starts_with('"') || (text.contains("${") && lone_hole(text).is_none());
    match lone_hole(text) {
        _ if text.is_empty() => {}
        None if is_text && !begins_as_dt => notes.note(What::Text(text)),
        inside => notes.note(What::Place(inside.unwrap_or(text))),
    }
}

fn pipeline<'a>(complex: &'a Value, notes: &mut Notes<'a>) {
    let root = complex["root"].as_str().unwrap_or_default();
    notes.behind("root", |notes| simple(root, notes));
    notes.behind("filters", |notes| {
        for (at, group) in complex["filters"].as_array().into_iter().flatten().enumerate() {
            notes.behind(at, |notes| match group.as_array() {
                Some(conditions) => {
                    for (at, one) in conditions.iter().enumerate() {
                        notes.behind(at, |notes| condition(one, root, notes));
                    }
                }
                None => condition(group, root, notes),
            });
        }
    });
    let mut chain = Vec::new();
    notes.behind("transformers", |notes| {
        for (at, one) in complex["transformers"].as_array().into_iter().flatten().enumerate() {
            notes.behind(at, |notes| chain.push(step(one, notes)));
        }
        if let Some(at) = glued(&chain) {
            notes.behind(at, |notes| notes.behind("operator", |notes| notes.note(What::Glued)));
        }
    });
}

fn condition<'a>(written: &'a Value, root: &'a str, notes: &mut Notes<'a>) {
    operator(written, notes);
    notes.behind("left", |notes| left(&written["left"], lone_hole(root).unwrap_or(root), notes));
    notes.behind("right", |notes| operand(&written["right"], notes));
}

/// The left side repeats the root; one that does not is looked up in the whole document.
fn left<'a>(written: &'a Value, root: &'a str, notes: &mut Notes<'a>) {
    let is_path = complex(&written["value"]).is_none() && written["isContext"] != Value::Bool(false);
    let text = written["value"]["simple"].as_str().filter(|_| is_path);
    let Some(text) = text.map(|text| lone_hole(text).unwrap_or(text)) else {
        return operand(written, notes);
    };
    let is_within = root == "."
        || root.is_empty()
        || text.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if !is_within {
        notes.behind("value", |notes| notes.behind("simple", |notes| notes.note(What::Beside(root))));
    }
}

fn step<'a>(written: &'a Value, notes: &mut Notes<'a>) -> SeenStep<'a> {
    let name = operator(written, notes);
    let known = operators::find(name).ok();
    let mut texts = Vec::new();
    notes.behind("args", |notes| {
        for (argument, given) in written["args"].as_object().into_iter().flatten() {
            let position = known.map(|operator| (operator, operator.position(argument)));
            notes.behind(argument, |notes| match position {
                None => {}
                Some((operator, None)) => notes.note(What::Stranger(operator, argument)),
                Some((operator, Some(at))) => {
                    texts.extend(given["value"]["simple"].as_str());
                    match (operator.name, operator.arguments[at].kind) {
                        ("DT", _) => raw(given, notes),
                        (_, ArgumentKind::Raw) => {}
                        _ => operand(given, notes),
                    }
                }
            });
        }
    });
    SeenStep { operator: name, texts }
}

fn operator<'a>(written: &'a Value, notes: &mut Notes<'a>) -> &'a str {
    let name = written["operator"].as_str().unwrap_or_default();
    notes.behind("operator", |notes| notes.note(What::Operator(name)));
    name
}

fn raw<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    if let Some(code) = written["value"]["simple"].as_str() {
        notes.behind("value", |notes| notes.behind("simple", |notes| notes.note(What::Code(code))));
    }
}

fn operand<'a>(written: &'a Value, notes: &mut Notes<'a>) {
    let is_place = ["isContext", "iscontext"].iter().any(|flag| written[*flag] == Value::Bool(true));
    notes.behind("value", |notes| {
        if complex(&written["value"]).is_some() {
            return value(&written["value"], notes);
        }
        let Some(text) = written["value"]["simple"].as_str() else { return };
        notes.behind("simple", |notes| {
            let what = if is_place { What::Place(lone_hole(text).unwrap_or(text)) } else { What::Text(text) };
            notes.note(what);
        });
    });
}
