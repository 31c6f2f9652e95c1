//! What a manifest says of a directory.

use serde::Deserialize;

/// A directory. What differs between directories of one dialect is parameters.
#[derive(Debug)]
pub(crate) struct LdapSystem {
    pub(crate) dialect: Dialect,
    /// The attributes that find an account, in the order in which they are tried.
    pub(crate) lookup: Vec<String>,
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
