//! A user.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::moment::with_milliseconds;
use crate::table::Row;

/// What users are found by.
pub(super) const BY_ID: usize = 0;
/// The whole login, in lower case.
pub(super) const BY_LOGIN: usize = 1;
/// The login before its `@`, in lower case.
pub(super) const BY_SHORT_NAME: usize = 2;
/// The mail address, in lower case.
pub(super) const BY_EMAIL: usize = 3;
/// How many indexes there are.
pub(super) const INDEXES: usize = 4;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Staged,
    Provisioned,
    Active,
    LockedOut,
    Suspended,
    Deprovisioned,
}

impl Status {
    /// The word on the wire.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
            Self::LockedOut => "LOCKED_OUT",
            Self::Suspended => "SUSPENDED",
            Self::Deprovisioned => "DEPROVISIONED",
        }
    }
}

/// A user.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) activated: Option<Timestamp>,
    pub(super) status_changed: Option<Timestamp>,
    pub(super) password_changed: Option<Timestamp>,
    pub(super) profile: Map<String, Value>,
    pub(super) password: Option<String>,
    /// Wrong passwords since the last right one.
    pub(super) failures: u32,
}

impl User {
    /// A text of the profile.
    pub(super) fn text(&self, name: &str) -> &str {
        self.profile.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The name that others are shown.
    pub(super) fn display_name(&self) -> String {
        format!("{} {}", self.text("firstName"), self.text("lastName"))
    }

    /// Puts the user where somebody stands now.
    pub(super) fn set_status(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.status_changed = Some(now);
        self.updated = now;
    }

    /// The user as the API shows it.
    pub(super) fn to_json(&self, api: &str) -> Value {
        let when = |moment: Option<Timestamp>| moment.map(with_milliseconds);
        let mut credentials = json!({"provider": {"type": "OKTA", "name": "OKTA"}});
        if self.password.is_some() {
            credentials["password"] = json!({});
        }
        json!({
            "id": self.id,
            "status": self.status.word(),
            "created": with_milliseconds(self.created),
            "activated": when(self.activated),
            "statusChanged": when(self.status_changed),
            "lastLogin": null,
            "lastUpdated": with_milliseconds(self.updated),
            "passwordChanged": when(self.password_changed),
            "type": {"id": "oty000000000000DeFLT"},
            "profile": self.profile,
            "credentials": credentials,
            "_links": {"self": {"href": format!("{api}/users/{}", self.id)}},
        })
    }
}

/// The part of a login before its `@`.
fn short(login: &str) -> &str {
    login.split('@').next().unwrap_or_default()
}

impl Row for User {
    fn keys(&self) -> Vec<(usize, String)> {
        let login = self.text("login").to_lowercase();
        vec![
            (BY_ID, self.id.clone()),
            (BY_SHORT_NAME, short(&login).to_owned()),
            (BY_LOGIN, login),
            (BY_EMAIL, self.text("email").to_lowercase()),
        ]
    }
}
