//! Carries a PATCH out (RFC 7644, section 3.5.2): what an operation means and where it
//! leads. `values` writes whole attributes, `elements` some of the values of a list.

mod elements;
mod values;

use serde_json::{Map, Value};

use self::elements::in_elements;
use self::values::put;
use crate::patch_path::Target;
use crate::refusal::Refusal;
use crate::resource::complete;
use crate::{Attribute, ResourceType};

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
