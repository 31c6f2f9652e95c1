//! An LDAP server that is up, and the variables that tell tests of it.

use std::path::PathBuf;

use super::run::Running;
use super::{Started, Variable};

/// What tests must know of a directory.
pub(super) struct Directory {
    pub(super) running: Running,
    /// `ldap:`, which takes StartTLS.
    pub(super) url: String,
    pub(super) ldaps_url: String,
    /// The certificate that both are to be trusted by.
    pub(super) ca: PathBuf,
    pub(super) base: &'static str,
    /// The account that a connector uses.
    pub(super) user: Login,
    /// Who may do anything.
    pub(super) admin: Login,
}

pub(super) struct Login {
    pub(super) name: &'static str,
    pub(super) password: &'static str,
}

impl Directory {
    /// As the start of a bed is told, each variable made of its part of a name and its value.
    pub(super) fn reached(self, variable: impl Fn(&str, String) -> Variable) -> Started {
        let told = [
            ("URL", self.url),
            ("LDAPS_URL", self.ldaps_url),
            ("CA", self.ca.to_string_lossy().into_owned()),
            ("BASE", self.base.to_owned()),
            ("USER", self.user.name.to_owned()),
            ("PASSWORD", self.user.password.to_owned()),
            ("ADMIN_USER", self.admin.name.to_owned()),
            ("ADMIN_PASSWORD", self.admin.password.to_owned()),
        ];
        (Some(self.running), told.map(|(what, value)| variable(what, value)).to_vec())
    }
}
