//! Writes some of the values of a list, chosen by a filter.

use serde_json::Value;

use super::values::{demote, drop_if_empty, is_primary, put};
use super::{Members, Verb};
use crate::Kind;
use crate::patch_path::Target;
use crate::refusal::Refusal;
use crate::resource::accept_one;

/// Writes to the elements that the filter chooses, or to all of them.
pub(super) fn in_elements(
    kept: &mut Members,
    verb: Verb,
    target: &Target,
    value: &Value,
) -> Result<(), Refusal> {
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
