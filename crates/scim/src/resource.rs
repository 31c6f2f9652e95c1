//! What a client sends as a resource, held against its schemas (RFC 7643, section 2).

use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::{Attribute, Kind, ResourceType};

/// A resource as it is kept: names as the schemas write them, nothing that only the server
/// sets, nothing that no schema has, nothing unassigned.
///
/// # Errors
/// A value of another type than the schema says, or a required attribute that is missing.
pub fn accept(resource: &ResourceType, sent: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut kept = Map::new();
    for (name, value) in sent {
        if let Some(extension) = resource.extension(name) {
            let members = value.as_object().ok_or_else(|| wrong_type(extension.id, "an object"))?;
            let accepted = members_of(extension.attributes, members)?;
            if !accepted.is_empty() {
                kept.insert(extension.id.to_owned(), Value::Object(accepted));
            }
        } else if let Some(attribute) = resource.attribute(name)
            && let Some(value) = accept_value(attribute, value)?
        {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    complete(resource, &kept)?;
    Ok(kept)
}

/// Checks that nothing is missing.
///
/// # Errors
/// The first required attribute that is not there or is empty.
pub(crate) fn complete(resource: &ResourceType, kept: &Map<String, Value>) -> Result<(), Refusal> {
    let mut required = resource.schema.attributes.iter().filter(|attribute| attribute.is_required);
    let is_missing = |attribute: &&Attribute| match kept.get(attribute.name) {
        Some(Value::String(text)) => text.trim().is_empty(),
        other => other.is_none(),
    };
    match required.find(is_missing) {
        Some(missing) => Err(Refusal::value(format!("`{}` is required", missing.name))),
        None => Ok(()),
    }
}

/// An attribute's value as it is kept, unless there is nothing to keep.
pub(crate) fn accept_value(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refusal> {
    if attribute.is_read_only() {
        return Ok(None);
    }
    match value {
        Value::Null => Ok(None),
        Value::Array(values) if attribute.is_multi_valued => {
            let kept: Result<Vec<Option<Value>>, Refusal> =
                values.iter().map(|value| accept_one(attribute, value)).collect();
            let kept: Vec<Value> = kept?.into_iter().flatten().collect();
            Ok((!kept.is_empty()).then_some(Value::Array(kept)))
        }
        one if attribute.is_multi_valued => {
            Ok(accept_one(attribute, one)?.map(|one| Value::Array(vec![one])))
        }
        one => accept_one(attribute, one),
    }
}

/// One value; of a list, one element. A simple value in a list of complex ones is its `value`.
pub(crate) fn accept_one(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refusal> {
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::Complex, Value::Object(members)) => {
            let kept = members_of(attribute.sub, members)?;
            Ok((!kept.is_empty()).then_some(Value::Object(kept)))
        }
        (Kind::Complex, simple) => match attribute.sub_attribute("value") {
            Some(inner) if !simple.is_array() => {
                let value = accept_one(inner, simple)?;
                Ok(value.map(|value| Value::from_iter([(inner.name, value)])))
            }
            _ => Err(wrong_type(attribute.name, "an object")),
        },
        (Kind::Boolean, value) => match truth(value) {
            Some(truth) => Ok(Some(Value::Bool(truth))),
            None => Err(wrong_type(attribute.name, "true or false")),
        },
        (_, Value::String(_)) => Ok(Some(value.clone())),
        _ => Err(wrong_type(attribute.name, "a text")),
    }
}

fn members_of(attributes: &[Attribute], sent: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let mut kept = Map::new();
    for (name, value) in sent {
        let attribute = attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        if let Some(attribute) = attribute
            && let Some(value) = accept_value(attribute, value)?
        {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(kept)
}

/// A truth value; some clients write it as a text.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn wrong_type(name: &str, wanted: &str) -> Refusal {
    Refusal::value(format!("`{name}` must be {wanted}"))
}
