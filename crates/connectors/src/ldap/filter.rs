//! Search filters (RFC 4515), and the names of attributes (RFC 4512) that may stand in them.
//!
//! A filter is built of parts and written in one place, which escapes what is a value.
//! Nothing here reads a filter.

use std::fmt::{Display, Formatter, Result as Written};
use std::str::FromStr;

use thiserror::Error;

/// Which entries a search is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Entries that have this value, by the attribute's own equality rule.
    Equal(AttributeName, Vec<u8>),
    /// Entries that have the attribute.
    Present(AttributeName),
    /// Entries for which all of these hold. Of none, it is every entry (RFC 4526). Servers look
    /// through their indexes in this order, so that the one that leaves few comes first.
    And(Vec<Filter>),
    /// Entries for which one of these holds. Of none, it is no entry (RFC 4526).
    Or(Vec<Filter>),
}

impl Filter {
    /// Entries that have this text as a value.
    pub(crate) fn equal(attribute: AttributeName, value: &str) -> Self {
        Self::Equal(attribute, value.as_bytes().to_vec())
    }
}

impl Display for Filter {
    /// Writes it as RFC 4515, section 3 has it.
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        match self {
            Self::Equal(attribute, value) => write!(f, "({attribute}={})", Escaped(value)),
            Self::Present(attribute) => write!(f, "({attribute}=*)"),
            Self::And(filters) => joined('&', filters, f),
            Self::Or(filters) => joined('|', filters, f),
        }
    }
}

fn joined(sign: char, filters: &[Filter], f: &mut Formatter<'_>) -> Written {
    write!(f, "({sign}")?;
    filters.iter().try_for_each(|filter| filter.fmt(f))?;
    f.write_str(")")
}

/// A value of which no byte can mean anything but itself.
///
/// The RFC asks for five escapes. All but what is surely harmless is escaped here, so that
/// nothing hangs on how well a parser on the way knows the RFC.
struct Escaped<'a>(&'a [u8]);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        self.0.iter().try_for_each(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'@' => {
                write!(f, "{}", char::from(*byte))
            }
            byte => write!(f, "\\{byte:02x}"),
        })
    }
}

/// The name of an attribute or a class: a short name or a numeric OID (RFC 4512, section
/// 1.4). It has neither options nor anything that is syntax in filters and DNs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct AttributeName(String);

/// A text that names no attribute.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no name of an attribute, which begins with a letter and has letters, digits and hyphens only, \
     or is an OID such as 2.5.4.3"
)]
pub(crate) struct AttributeNameError(String);

impl AttributeName {
    /// # Errors
    /// A text that is neither a short name nor a numeric OID.
    pub(crate) fn parse(text: &str) -> Result<Self, AttributeNameError> {
        if is_short_name(text) || is_numeric_oid(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(AttributeNameError(text.to_owned()))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name. Case does not matter (RFC 4512, section 2.5).
    pub(crate) fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    /// What is asked for to have only the values from one place to another, both counted
    /// from 0; without a last one, as many as AD gives at once.
    pub(crate) fn range(&self, first: usize, last: Option<usize>) -> String {
        match last {
            Some(last) => format!("{self};range={first}-{last}"),
            None => format!("{self};range={first}-*"),
        }
    }
}

impl FromStr for AttributeName {
    type Err = AttributeNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Display for AttributeName {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        f.write_str(&self.0)
    }
}

fn is_short_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Whether it has two numbers or more, none with a leading zero.
fn is_numeric_oid(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_number)
}

fn is_number(text: &str) -> bool {
    let is_plain = text == "0" || !text.starts_with('0');
    is_plain && !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
