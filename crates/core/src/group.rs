//! Groups and who is in them.

use crate::{Attributes, GroupId};

/// A group as a system described it in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The system's own id.
    pub id: GroupId,
    /// Its name, where the answer shows it.
    pub name: Option<String>,
    /// The whole answer.
    pub attributes: Attributes,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id of the account.
    pub id: String,
    /// Its log-in name or another that people know it by, where the answer shows one.
    pub name: Option<String>,
}

/// What happens to members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberChange {
    /// They are in the group afterwards.
    Add,
    /// They are not.
    Remove,
}

/// What can be done with the groups of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupVerb {
    /// Look the group up and show it.
    Get,
    /// Make it.
    Create,
    /// Change who is in it.
    Update,
    /// Delete it.
    Delete,
}

impl GroupVerb {
    /// All verbs, in the order in which help shows them.
    pub const ALL: [Self; 4] = [Self::Get, Self::Create, Self::Update, Self::Delete];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The command of this verb, such as `iam-get-group`.
    pub fn command(self) -> String {
        format!("iam-{}-group", self.as_str())
    }
}
