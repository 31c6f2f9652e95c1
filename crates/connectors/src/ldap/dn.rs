//! Distinguished names: where an entry stands in a directory.
//!
//! A DN is plain data; its text is read in `dn/parse.rs` and written here. What a server
//! knows of attributes (other names, matching rules) is not known here.

use std::fmt::{Display, Formatter, Result as Written, Write as _};
use std::hash::{Hash, Hasher};

use super::filter::AttributeName;

mod parse;

pub(crate) use parse::DnError;

/// A distinguished name (RFC 4514), from the entry up to the root. The empty one is that of
/// the root DSE.
///
/// Two are equal if they differ in nothing but case and the order within an RDN. That is
/// stricter than most servers are, so that no entry is taken for another one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dn(Vec<Rdn>);

/// One step of a DN: a value that tells an entry from its neighbours, seldom several.
#[derive(Debug, Clone)]
pub(crate) struct Rdn {
    first: Pair,
    others: Vec<Pair>,
}

#[derive(Debug, Clone)]
struct Pair {
    attribute: AttributeName,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    /// The BER encoding, as it is written: `#` and hexadecimal digits.
    Encoded(String),
}

impl Dn {
    /// Reads the form of RFC 4514, and what older RFCs have besides: quoted values, and
    /// `;` between RDNs.
    ///
    /// # Errors
    /// Tells what is wrong, and where.
    pub(crate) fn parse(text: &str) -> Result<Self, DnError> {
        parse::dn(text)
    }

    /// The DN of the entry above; `None` for the root.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (_, above) = self.0.split_first()?;
        Some(Self(above.to_vec()))
    }

    /// What the entry is called below its parent; `None` for the root.
    pub(crate) fn rdn(&self) -> Option<&Rdn> {
        self.0.first()
    }

    /// The DN of an entry below this one. The value may be any text.
    pub(crate) fn child(&self, attribute: &AttributeName, value: &str) -> Self {
        let first = Pair { attribute: attribute.clone(), value: Value::Text(value.to_owned()) };
        Self(vec![Rdn { first, others: Vec::new() }]).within(self)
    }

    /// This DN, which is relative to a base, with the base.
    pub(crate) fn within(&self, base: &Self) -> Self {
        Self([self.0.as_slice(), &base.0].concat())
    }

    /// Whether the entry is the base or stands somewhere below it.
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.0.ends_with(&base.0)
    }

    /// Its own step alone, as a DN that is relative to its parent.
    pub(crate) fn relative(&self) -> Self {
        Self(self.0.first().cloned().into_iter().collect())
    }
}

impl Rdn {
    /// The value, with nothing escaped, of an entry that is named by this attribute alone.
    pub(crate) fn only(&self, attribute: &AttributeName) -> Option<&str> {
        let is_only = self.others.is_empty() && self.first.attribute.is(attribute.as_str());
        is_only.then(|| self.value())
    }

    /// The value that is written first, with nothing escaped.
    pub(crate) fn value(&self) -> &str {
        match &self.first.value {
            Value::Text(text) | Value::Encoded(text) => text,
        }
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What equal RDNs have in common.
    fn folded(&self) -> Vec<(String, bool, String)> {
        let mut pairs: Vec<_> = self.pairs().map(Pair::folded).collect();
        pairs.sort_unstable();
        pairs
    }
}

impl Pair {
    fn folded(&self) -> (String, bool, String) {
        let attribute = self.attribute.as_str().to_ascii_lowercase();
        match &self.value {
            Value::Text(text) => (attribute, true, lowercase(text)),
            Value::Encoded(text) => (attribute, false, lowercase(text)),
        }
    }
}

/// Each character in lower case by itself. [`str::to_lowercase`] looks at its neighbours too.
fn lowercase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

impl PartialEq for Rdn {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Rdn {}

impl Hash for Rdn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().hash(state);
    }
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Dn {}

impl Hash for Dn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Display for Dn {
    /// Writes it as RFC 4514, section 2 has it.
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        separated(',', &self.0, f)
    }
}

impl Display for Rdn {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        separated('+', self.pairs(), f)
    }
}

impl Display for Pair {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        write!(f, "{}=", self.attribute)?;
        match &self.value {
            Value::Text(text) => escaped(text, f),
            Value::Encoded(text) => f.write_str(text),
        }
    }
}

fn separated<T: Display>(
    separator: char,
    items: impl IntoIterator<Item = T>,
    f: &mut Formatter<'_>,
) -> Written {
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            f.write_char(separator)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Escapes what means something in a DN (RFC 4514, section 2.4), and control characters,
/// which would be lost on the way through logs and files.
fn escaped(text: &str, f: &mut Formatter<'_>) -> Written {
    for (at, c) in text.char_indices() {
        let is_last = at + c.len_utf8() == text.len();
        match c {
            ',' | '+' | '"' | '\\' | ';' | '<' | '>' | '=' => write!(f, "\\{c}")?,
            ' ' if at == 0 || is_last => f.write_str("\\ ")?,
            '#' if at == 0 => f.write_str("\\#")?,
            c if c.is_control() => {
                c.encode_utf8(&mut [0; 4]).bytes().try_for_each(|byte| write!(f, "\\{byte:02X}"))?;
            }
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

/// The GUID and the DN of a name in AD's extended form `<GUID=..>;<SID=..>;CN=..`, which the
/// control 1.2.840.113556.1.4.529 asks for. A plain DN is itself, without a GUID.
pub(crate) fn extended(text: &str) -> (Option<&str>, &str) {
    let (mut guid, mut rest) = (None, text);
    while let Some((part, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        if let Some(("GUID", value)) = part.split_once('=') {
            guid = Some(value);
        }
        rest = after.strip_prefix(';').unwrap_or(after);
    }
    (guid, rest)
}

#[cfg(test)]
mod tests;
