//! Names of attributes as clients write them (RFC 7644, section 3.10).

use std::fmt;

use crate::{Attribute, ResourceType};

/// An attribute's place: `userName`, `name.familyName`, `urn:...:User:department`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The schema it belongs to, if it was named.
    pub schema: Option<String>,
    /// The attribute.
    pub attribute: String,
    /// The sub-attribute.
    pub sub: Option<String>,
}

/// A path that was found in the schemas of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The extension that the attribute is in.
    pub extension: Option<&'static str>,
    /// The attribute.
    pub attribute: &'static Attribute,
    /// The sub-attribute.
    pub sub: Option<&'static Attribute>,
}

impl Path {
    /// Reads a path. Any text of letters, digits and the signs that names have is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, name) = match text.rsplit_once(':') {
            Some((schema, name)) => (Some(schema.to_owned()), name),
            None => (None, text),
        };
        let (attribute, sub) = match name.split_once('.') {
            Some((attribute, sub)) => (attribute, Some(sub)),
            None => (name, None),
        };
        let are_names = is_name(attribute) && sub.is_none_or(|sub| sub.split('.').all(is_name));
        are_names.then(|| Self { schema, attribute: attribute.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// The attribute that this names in a resource.
    pub fn find(&self, resource: &ResourceType) -> Option<Found> {
        let (extension, attribute) = match self.schema.as_deref() {
            Some(schema) if !resource.is_own_schema(schema) => {
                let extension = resource.extension(schema)?;
                (Some(extension.id), extension.attribute(&self.attribute)?)
            }
            _ => (None, resource.attribute(&self.attribute)?),
        };
        let sub = match &self.sub {
            Some(name) => Some(attribute.sub_attribute(name)?),
            None => None,
        };
        Some(Found { extension, attribute, sub })
    }
}

/// A name (RFC 7643, section 2.1), or `$ref`.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.attribute)?;
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}
