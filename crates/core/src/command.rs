//! What a caller asks for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Profile;

/// What a command does to an account. As `action`, it also says in a record what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Look the account up and show it.
    Get,
    /// Make the account; an existing one is updated instead.
    Create,
    /// Write the profile to the account; a missing one may be created instead.
    Update,
    /// Take the account out of use. Nothing is deleted.
    Disable,
    /// Put a disabled account back in use.
    Enable,
}

impl Verb {
    /// All verbs, in the order in which help shows them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Create, Self::Update, Self::Disable, Self::Enable];

    /// The word for it, as in `IAM.Vendor.action`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }

    /// The command of this verb, such as `iam-get-user`.
    pub fn command(self) -> String {
        format!("iam-{self}-user")
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The verbs that a system offers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verbs(u8);

impl Verbs {
    /// Whether the verb is one of them.
    pub fn contains(self, verb: Verb) -> bool {
        self.0 & (1 << verb as u8) != 0
    }
}

impl FromIterator<Verb> for Verbs {
    fn from_iter<I: IntoIterator<Item = Verb>>(verbs: I) -> Self {
        Self(verbs.into_iter().fold(0, |bits, verb| bits | (1 << verb as u8)))
    }
}

/// One of the user commands with its arguments.
#[derive(Debug, Clone)]
pub struct UserCommand {
    /// What to do.
    pub verb: Verb,
    /// Whom to do it to.
    pub profile: Profile,
    /// Whether an update may re-enable a disabled account.
    pub allow_enable: bool,
}
