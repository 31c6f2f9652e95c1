//! Carries a PATCH out (RFC 7644, section 3.5.2).

use serde_json::{Map, Value};

use crate::patch_path::Target;
use crate::refusal::Refusal;
use crate::resource::{accept_one, accept_value, complete};
use crate::{Attribute, Kind, ResourceType};

type Members = Map<String, Value>;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// The resource after these operations; all are carried out, or none.
///
/// # Errors
/// An operation that is built wrongly, leads nowhere, or would leave a required attribute out.
pub fn patched(
    resource: &ResourceType,
    before: &Map<String, Value>,
    operations: &[Value],
) -> Result<Map<String, Value>, Refusal> {
    let mut after = before.clone();
    for operation in operations {
        apply(resource, &mut after, operation)?;
    }
    complete(resource, &after)?;
    Ok(after)
}

fn apply(resource: &ResourceType, kept: &mut Members, operation: &Value) -> Result<(), Refusal> {
    let operation = operation.as_object().ok_or_else(|| Refusal::syntax("an operation must be an object"))?;
    let verb = verb_of(operation)?;
    let value = operation.get("value");
    match operation.get("path") {
        Some(Value::String(path)) => at_path(resource, kept, verb, path, value),
        None | Some(Value::Null) => at_top(resource, kept, verb, value),
        Some(_) => Err(Refusal::path("path")),
    }
}

/// The verb, in any case of letters: some clients begin it with a capital.
fn verb_of(operation: &Members) -> Result<Verb, Refusal> {
    let word = operation.get("op").and_then(Value::as_str).unwrap_or_default();
    let verbs = [("add", Verb::Add), ("replace", Verb::Replace), ("remove", Verb::Remove)];
    let known = verbs.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    known.map(|(_, verb)| *verb).ok_or_else(|| Refusal::syntax("`op` must be add, replace or remove"))
}

/// Without a path, each member of the value is an attribute, and its name may be a path.
fn at_top(
    resource: &ResourceType,
    kept: &mut Members,
    verb: Verb,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    if verb == Verb::Remove {
        return Err(Refusal::target("`remove` needs a path"));
    }
    let Some(Value::Object(members)) = value else {
        return Err(Refusal::value("without a path, `value` must be an object of attributes"));
    };
    for (name, value) in members {
        if !is_of_server(resource, name) {
            at_path(resource, kept, verb, name, Some(value))?;
        }
    }
    Ok(())
}

/// Whether a name is of what only the server sets, such as `schemas`. Clients that send
/// whole resources send it along.
fn is_of_server(resource: &ResourceType, name: &str) -> bool {
    resource.attribute(name).is_some_and(Attribute::is_read_only)
}

fn at_path(
    resource: &ResourceType,
    kept: &mut Members,
    verb: Verb,
    path: &str,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    if let Some(extension) = resource.extension(path) {
        return at_extension(resource, kept, verb, extension.id, value);
    }
    let target = Target::parse(path, resource)?;
    if target.attribute.is_read_only() || target.sub.is_some_and(Attribute::is_read_only) {
        return Err(Refusal::mutability(path));
    }
    if verb != Verb::Remove && value.is_none() {
        return Err(Refusal::value("`value` is missing"));
    }
    let value = value.unwrap_or(&Value::Null);
    match target.extension {
        Some(id) => within(kept, id, |members| write(members, verb, &target, value)),
        None => write(kept, verb, &target, value),
    }
}

/// The path is the name of an extension: its members are attributes.
fn at_extension(
    resource: &ResourceType,
    kept: &mut Members,
    verb: Verb,
    id: &str,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    match (verb, value) {
        (Verb::Remove, _) => {
            kept.shift_remove(id);
            Ok(())
        }
        (_, Some(Value::Object(members))) => {
            members.iter().filter(|(name, _)| !is_of_server(resource, name)).try_for_each(|(name, value)| {
                at_path(resource, kept, verb, &format!("{id}:{name}"), Some(value))
            })
        }
        _ => Err(Refusal::value(format!("`{id}` must be an object"))),
    }
}

/// Works on the members of an object that is made where it is missing and dropped where it
/// is left empty.
fn within(
    kept: &mut Members,
    name: &str,
    work: impl FnOnce(&mut Members) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut inner = match kept.shift_remove(name) {
        Some(Value::Object(members)) => members,
        _ => Members::new(),
    };
    let worked = work(&mut inner);
    if !inner.is_empty() {
        kept.insert(name.to_owned(), Value::Object(inner));
    }
    worked
}

fn write(kept: &mut Members, verb: Verb, target: &Target, value: &Value) -> Result<(), Refusal> {
    if target.filter.is_some() || (target.attribute.is_multi_valued && target.sub.is_some()) {
        return in_elements(kept, verb, target, value);
    }
    match target.sub {
        Some(sub) => within(kept, target.attribute.name, |members| put(members, verb, sub, value)),
        None => put(kept, verb, target.attribute, value),
    }
}

/// Writes a whole attribute. An unassigned value takes it away.
fn put(kept: &mut Members, verb: Verb, attribute: &Attribute, value: &Value) -> Result<(), Refusal> {
    if verb == Verb::Remove {
        return remove(kept, attribute, value);
    }
    let Some(value) = accept_value(attribute, value)? else {
        if verb == Verb::Replace {
            kept.shift_remove(attribute.name);
        }
        return Ok(());
    };
    match (kept.get_mut(attribute.name), value) {
        (Some(Value::Array(old)), Value::Array(new)) if verb == Verb::Add => append(old, new),
        (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
        (_, new) => {
            kept.insert(attribute.name.to_owned(), new);
        }
    }
    Ok(())
}

/// Takes an attribute away, or of a list the values that are given.
fn remove(kept: &mut Members, attribute: &Attribute, value: &Value) -> Result<(), Refusal> {
    match (kept.get_mut(attribute.name), accept_value(attribute, value)?) {
        (Some(Value::Array(old)), Some(Value::Array(gone))) => {
            old.retain(|element| !gone.iter().any(|gone| is_same(element, gone)));
            drop_if_empty(kept, attribute.name);
        }
        _ => {
            kept.shift_remove(attribute.name);
        }
    }
    Ok(())
}

/// Puts values that are not there yet at the end. One value is preferred at most.
fn append(old: &mut Vec<Value>, new: Vec<Value>) {
    for value in new {
        if is_primary(&value) {
            old.iter_mut().for_each(demote);
        }
        match old.iter_mut().find(|element| is_same(element, &value)) {
            Some(same) => *same = value,
            None => old.push(value),
        }
    }
}

/// Values are the same that have the same `value` and `type`; those without, if all is equal.
fn is_same(a: &Value, b: &Value) -> bool {
    let same_type = || a.get("type").is_none() || b.get("type").is_none() || a.get("type") == b.get("type");
    match (a.get("value"), b.get("value")) {
        (Some(x), Some(y)) => x == y && same_type(),
        _ => a == b,
    }
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

fn demote(value: &mut Value) {
    if is_primary(value) {
        value["primary"] = Value::Bool(false);
    }
}

fn drop_if_empty(kept: &mut Members, name: &str) {
    if kept.get(name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
        kept.shift_remove(name);
    }
}

/// Writes to the elements that the filter chooses, or to all of them.
fn in_elements(kept: &mut Members, verb: Verb, target: &Target, value: &Value) -> Result<(), Refusal> {
    let name = target.attribute.name;
    let mut elements = match kept.get_mut(name) {
        Some(Value::Array(elements)) => std::mem::take(elements),
        _ => Vec::new(),
    };
    let written = write_elements(&mut elements, verb, target, value);
    kept.insert(name.to_owned(), Value::Array(elements));
    drop_if_empty(kept, name);
    written
}

fn write_elements(
    elements: &mut Vec<Value>,
    verb: Verb,
    target: &Target,
    value: &Value,
) -> Result<(), Refusal> {
    let chosen =
        |element: &Value| target.filter.as_ref().is_none_or(|filter| filter.holds_of_element(element));
    if verb == Verb::Remove && target.sub.is_none() {
        elements.retain(|element| !chosen(element));
        return Ok(());
    }
    let places: Vec<usize> = (0..elements.len()).filter(|place| chosen(&elements[*place])).collect();
    if places.is_empty() && verb != Verb::Remove {
        let Some(element) = target.new_element().filter(|_| verb == Verb::Add) else {
            return Err(Refusal::target("no value is as the filter of the path says"));
        };
        elements.push(element);
        let last = elements.len() - 1;
        return write_element(elements, last, verb, target, value);
    }
    places.into_iter().try_for_each(|place| write_element(elements, place, verb, target, value))
}

fn write_element(
    elements: &mut [Value],
    place: usize,
    verb: Verb,
    target: &Target,
    value: &Value,
) -> Result<(), Refusal> {
    let Value::Object(members) = &mut elements[place] else {
        return Err(Refusal::target("the value has no parts"));
    };
    match target.sub {
        Some(sub) => put(members, verb, sub, value)?,
        None => match accept_one(target.attribute, value)? {
            Some(Value::Object(new)) if verb == Verb::Replace && target.attribute.kind == Kind::Complex => {
                *members = new;
            }
            Some(Value::Object(new)) => members.extend(new),
            _ => return Err(Refusal::value(format!("`{}` must be an object", target.attribute.name))),
        },
    }
    if is_primary(&elements[place]) {
        let others = elements.iter_mut().enumerate().filter(|(other, _)| *other != place);
        others.for_each(|(_, element)| demote(element));
    }
    Ok(())
}
