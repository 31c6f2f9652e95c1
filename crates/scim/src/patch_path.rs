//! Paths of PATCH: an attribute, perhaps with a filter of its values (RFC 7644, figure 7).

use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::{Attribute, Filter, Operator, Path, ResourceType};

/// What an operation works on.
#[derive(Debug)]
pub(crate) struct Target {
    /// The extension that the attribute is in.
    pub(crate) extension: Option<&'static str>,
    /// The attribute.
    pub(crate) attribute: &'static Attribute,
    /// Which of its values.
    pub(crate) filter: Option<Filter>,
    /// The sub-attribute.
    pub(crate) sub: Option<&'static Attribute>,
}

impl Target {
    /// Finds a path in a resource's schemas.
    pub(crate) fn parse(text: &str, resource: &ResourceType) -> Result<Self, Refusal> {
        let unknown = || Refusal::path(text);
        let (head, filter, tail) = parts(text).ok_or_else(unknown)?;
        let path = Path::parse(head).ok_or_else(unknown)?;
        let found = path.find(resource).ok_or_else(unknown)?;
        let sub = match tail {
            Some(tail) => Some(found.attribute.sub_attribute(tail).ok_or_else(unknown)?),
            None => found.sub,
        };
        let filter = match filter {
            Some(filter) => Some(element_filter(head, filter, resource)?),
            None => None,
        };
        Ok(Self { extension: found.extension, attribute: found.attribute, filter, sub })
    }

    /// The element that a filter of nothing but equalities asks for.
    pub(crate) fn new_element(&self) -> Option<Value> {
        let mut members = Map::new();
        equalities(self.filter.as_ref()?, &mut members).then_some(Value::Object(members))
    }
}

/// `a`, the filter and `b` of `a[filter].b`.
fn parts(text: &str) -> Option<(&str, Option<&str>, Option<&str>)> {
    let Some((head, rest)) = text.split_once('[') else { return Some((text, None, None)) };
    let (filter, tail) = rest.rsplit_once(']')?;
    match tail {
        "" => Some((head, Some(filter), None)),
        tail => Some((head, Some(filter), Some(tail.strip_prefix('.')?))),
    }
}

/// The inner filter, with names as the schema writes them.
fn element_filter(head: &str, filter: &str, resource: &ResourceType) -> Result<Filter, Refusal> {
    let whole = format!("{head}[{filter}]").parse::<Filter>();
    let whole = whole.map_err(|error| Refusal { scim_type: "invalidFilter", detail: error.to_string() })?;
    match whole.named_by(resource) {
        Filter::Element(_, inner) => Ok(*inner),
        _ => Err(Refusal::path(head)),
    }
}

fn equalities(filter: &Filter, members: &mut Map<String, Value>) -> bool {
    match filter {
        Filter::And(a, b) => equalities(a, members) && equalities(b, members),
        Filter::Test(test) if test.operator == Operator::Equal && !test.value.is_null() => {
            members.insert(test.path.attribute.clone(), test.value.clone());
            true
        }
        _ => false,
    }
}
