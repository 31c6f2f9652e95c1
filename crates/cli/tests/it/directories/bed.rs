//! A directory that somebody else started, by the variables that tell of it.

use serde_json::{Map, Value, json};

use crate::beds::bed::{leave_out, variable};
use crate::provost::{PASSWORD_VARIABLE, Provost};

/// Where a directory is, and who may do what in it.
#[derive(Clone)]
pub(super) struct Directory {
    pub(super) name: &'static str,
    pub(super) url: String,
    pub(super) ldaps: String,
    pub(super) ca: String,
    pub(super) base: String,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) admin: String,
    pub(super) admin_password: String,
}

impl Directory {
    /// The directory of this name, if it is there. If not, it is said.
    pub(super) fn there(name: &'static str) -> Option<Self> {
        let of = |what| std::env::var(variable(name, what)).ok();
        if of("URL").is_none() {
            assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "no directory is called `{name}`");
            leave_out(&format!("there is no directory `{name}`; `cargo xtask test` starts it"));
            return None;
        }
        let of = |what| of(what).unwrap_or_else(|| panic!("{name} does not tell its {what}"));
        Some(Self {
            name,
            url: of("URL"),
            ldaps: of("LDAPS_URL"),
            ca: of("CA"),
            base: of("BASE"),
            user: of("USER"),
            password: of("PASSWORD"),
            admin: of("ADMIN_USER"),
            admin_password: of("ADMIN_PASSWORD"),
        })
    }

    pub(super) fn integration(&self) -> &'static str {
        if self.name == "slapd" { "ldap" } else { "active-directory" }
    }

    /// A text with what only this run knows in its places.
    pub(super) fn filled(&self, text: &str) -> String {
        text.replace("BASE", &self.base)
            .replace("LDAPS_URL", &self.ldaps)
            .replace("LDAP_URL", &self.url)
            .replace("CA_FILE", &self.ca)
    }

    /// The settings of an instance at it, with those that are given in the place of the usual
    /// ones; null leaves one out.
    pub(super) fn settings(&self, others: &Map<String, Value>) -> Map<String, Value> {
        let settings = json!({
            "integration": self.integration(),
            "url": self.ldaps,
            "credentials": {"username": self.user, "password": format!("env:{PASSWORD_VARIABLE}")},
            "people": format!("ou=people,{}", self.base),
            "groups": format!("ou=groups,{}", self.base),
            "ca-file": self.ca,
            "timeout": 10,
        });
        let mut settings = settings.as_object().cloned().expect("an object");
        settings.extend(others.clone());
        settings.retain(|_, value| !value.is_null());
        settings
    }

    /// The program with it as its one instance, called `app`.
    pub(super) fn program(&self, others: &Map<String, Value>) -> Provost {
        let text = json!({"instances": {"app": self.settings(others)}}).to_string();
        Provost::configured(&text).variable(PASSWORD_VARIABLE, &self.password)
    }
}
