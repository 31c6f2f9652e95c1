//! What can be asked of a directory (RFC 4511, section 4), and what it answers.

use std::collections::BTreeMap;
use std::fmt;

/// An operation. Names and filters are written out; who makes them escapes the values.
#[derive(Clone)]
pub enum Operation {
    /// Looks for entries.
    Search(Search),
    /// Makes an entry.
    Add {
        /// Where.
        dn: String,
        /// Its attributes, each with at least one value.
        attributes: Vec<(String, Vec<Vec<u8>>)>,
        /// The attributes that the answer is to show, where the server can do that (RFC 4527).
        show: Vec<String>,
    },
    /// Changes an entry's attributes, all of them or none.
    Modify {
        /// Which entry.
        dn: String,
        /// What changes.
        changes: Vec<Modification>,
        /// The attributes that the answer is to show, where the server can do that (RFC 4527).
        show: Vec<String>,
    },
    /// Gives an entry another name, another place, or both.
    Rename {
        /// Which entry.
        dn: String,
        /// Its name in its place.
        rdn: String,
        /// The entry that it is below afterwards, where that changes.
        place: Option<String>,
    },
    /// Deletes an entry.
    Delete {
        /// Which entry.
        dn: String,
    },
    /// Whether an attribute has a value.
    Compare {
        /// Of which entry.
        dn: String,
        /// Which attribute.
        attribute: String,
        /// Which value.
        value: String,
    },
    /// Gives somebody a password (RFC 3062).
    SetPassword {
        /// Whose.
        dn: String,
        /// Which.
        password: String,
    },
}

/// A search.
#[derive(Debug, Clone)]
pub struct Search {
    /// Where it begins.
    pub base: String,
    /// How far it goes.
    pub scope: Scope,
    /// What entries must be (RFC 4515).
    pub filter: String,
    /// What is shown of them: names, `*` for all that users can see, `+` for the server's own.
    pub attributes: Vec<String>,
    /// How many entries are too many; 0 for as many as the server gives.
    pub limit: i32,
    /// Whether names are shown with the ids of their entries (Active Directory).
    pub extended_names: bool,
}

impl Search {
    /// Reads the entry of this name, if it fits.
    pub fn entry(base: String, filter: String, attributes: Vec<String>) -> Self {
        Self { base, scope: Scope::Base, filter, attributes, limit: 0, extended_names: false }
    }

    /// Looks for entries that fit, from the one of this name down.
    pub fn below(base: String, filter: String, attributes: Vec<String>) -> Self {
        Self { scope: Scope::Subtree, ..Self::entry(base, filter, attributes) }
    }
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The entry itself.
    Base,
    /// The entries below it, at any depth, and itself.
    Subtree,
}

/// A change of one attribute.
#[derive(Clone, PartialEq, Eq)]
pub struct Modification {
    /// Which attribute.
    pub attribute: String,
    /// What happens to it.
    pub change: Changing,
    /// The values that this is about. No value is all of them.
    pub values: Vec<Vec<u8>>,
}

/// What happens to values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changing {
    /// They are there afterwards, besides those that are there.
    Add,
    /// They are gone afterwards.
    Delete,
    /// They are all there is afterwards.
    Replace,
}

/// An entry as a server shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    /// Its attributes that were asked for and have values, in the server's spelling.
    pub attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

impl Entry {
    /// The values of an attribute, whatever the case of its name.
    pub fn values(&self, attribute: &str) -> &[Vec<u8>] {
        let found = self.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
        found.map_or(&[], |(_, values)| values)
    }

    /// The first value of an attribute, where it is a text.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.values(attribute).first().and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The values of an attribute that are texts.
    pub fn texts(&self, attribute: &str) -> impl Iterator<Item = &str> {
        self.values(attribute).iter().filter_map(|value| std::str::from_utf8(value).ok())
    }
}

/// What a server answers to an operation that it carried out.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The entries that were found, or the one that was changed, as it is now.
    pub entries: Vec<Entry>,
    /// Whether a compared attribute has the value.
    pub is_equal: bool,
    /// Where more could be found that is not this server's.
    pub(crate) references: Vec<String>,
    /// Where the next page begins.
    pub(crate) cookie: Vec<u8>,
}

impl Operation {
    /// Whether it leaves everything as it is.
    pub(crate) fn reads(&self) -> bool {
        matches!(self, Self::Search(_) | Self::Compare { .. })
    }

    /// The entry that it is about.
    pub(crate) fn dn(&self) -> &str {
        match self {
            Self::Search(search) => &search.base,
            Self::Add { dn, .. }
            | Self::Modify { dn, .. }
            | Self::Rename { dn, .. }
            | Self::Delete { dn }
            | Self::Compare { dn, .. }
            | Self::SetPassword { dn, .. } => dn,
        }
    }

    /// The same operation on another entry, which a referral names.
    #[must_use]
    pub(crate) fn at(&self, other: &str) -> Self {
        let mut moved = self.clone();
        match &mut moved {
            Self::Search(search) => other.clone_into(&mut search.base),
            Self::Add { dn, .. }
            | Self::Modify { dn, .. }
            | Self::Rename { dn, .. }
            | Self::Delete { dn }
            | Self::Compare { dn, .. }
            | Self::SetPassword { dn, .. } => other.clone_into(dn),
        }
        moved
    }
}

/// The operation in words, without values: they may be secrets.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Search(search) if search.scope == Scope::Base => {
                write!(f, "read `{}` {}", search.base, search.filter)
            }
            Self::Search(search) => write!(f, "search `{}` {}", search.base, search.filter),
            Self::Add { dn, attributes, .. } => {
                write!(f, "add `{dn}` ({})", listed(attributes.iter().map(|(name, _)| name)))
            }
            Self::Modify { dn, changes, .. } => {
                write!(f, "modify `{dn}` ({})", listed(changes.iter().map(|change| &change.attribute)))
            }
            Self::Rename { dn, rdn, place: None } => write!(f, "rename `{dn}` to `{rdn}`"),
            Self::Rename { dn, rdn, place: Some(place) } => write!(f, "move `{dn}` to `{rdn},{place}`"),
            Self::Delete { dn } => write!(f, "delete `{dn}`"),
            Self::Compare { dn, attribute, .. } => write!(f, "compare {attribute} of `{dn}`"),
            Self::SetPassword { dn, .. } => write!(f, "set the password of `{dn}`"),
        }
    }
}

/// The same: what shows its parts for whatever reason shows no secret.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without its values.
impl fmt::Debug for Modification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.change, self.attribute)
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_shown_that_is_written() {
        let value = b"canary-password".to_vec();
        let (dn, password) = ("cn=ann".to_owned(), "canary-password".to_owned());
        let change = Modification {
            attribute: "unicodePwd".to_owned(),
            change: Changing::Replace,
            values: vec![value.clone()],
        };
        let shown = [
            format!("{change:?}"),
            format!("{:?}", Operation::SetPassword { dn: dn.clone(), password }),
            format!("{:?}", Operation::Modify { dn: dn.clone(), changes: vec![change], show: Vec::new() }),
            format!(
                "{:?}",
                Operation::Add {
                    dn,
                    attributes: vec![("userPassword".to_owned(), vec![value])],
                    show: Vec::new(),
                }
            ),
        ];
        let told = [
            "Replace unicodePwd",
            "set the password of `cn=ann`",
            "modify `cn=ann` (unicodePwd)",
            "add `cn=ann` (userPassword)",
        ];
        assert_eq!(shown, told);
    }
}
