//! What a manifest says of a directory.

use provost_core::{Verb, Verbs};
use serde::Deserialize;

/// A directory. What differs between directories of one dialect is parameters.
#[derive(Debug)]
pub(crate) struct LdapSystem {
    pub(crate) dialect: Dialect,
    /// The attributes that find an account, in the order in which they are tried.
    pub(crate) lookup: Vec<String>,
    /// The operations that it does not have.
    pub(crate) left_out: Vec<String>,
}

impl LdapSystem {
    /// Whether it has an operation.
    pub(crate) fn has(&self, operation: &str) -> bool {
        !self.left_out.iter().any(|name| name == operation)
    }

    /// The commands that it can carry out.
    pub(crate) fn verbs(&self) -> Verbs {
        Verb::ALL.into_iter().filter(|verb| self.has(verb.as_str())).collect()
    }
}

/// The kinds of directories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Dialect {
    /// `LDAPv3` (RFC 4510) with people as RFC 2798 has them.
    Standard,
    /// Microsoft's.
    ActiveDirectory,
}
