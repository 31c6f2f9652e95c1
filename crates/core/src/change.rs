//! What the engine decided, before anything is written.

use crate::{Account, AccountId, Attributes, Verb};

/// The end of deciding: an answer without a write, or the writes to carry out.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Show the account.
    Show(Account),
    /// There is no such account, and the command wanted one.
    Absent,
    /// Write nothing and say why.
    Skip {
        /// What would have been done.
        action: Verb,
        /// Why it is not.
        reason: Reason,
        /// The account, where one was found.
        account: Option<Account>,
    },
    /// Carry out these changes in order; a failing one ends the list.
    Write {
        /// What the list amounts to.
        action: Verb,
        /// At least one change.
        changes: Vec<Change>,
    },
}

/// Why a command wrote nothing. The texts are the original's, which knows all but the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The instance's switch for the operation is off.
    CommandDisabled,
    /// No account was found, and none may be created.
    UserMissing,
    /// There is nothing left to disable.
    AlreadyDisabled,
    /// There is nothing left to enable.
    AlreadyEnabled,
    /// There is nothing left to write.
    NothingToUpdate,
}

impl Reason {
    /// The text of `IAM.Vendor.reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CommandDisabled => "Command is disabled.",
            Self::UserMissing => "User does not exist",
            Self::AlreadyDisabled => "User is already disabled.",
            Self::AlreadyEnabled => "User is already enabled.",
            Self::NothingToUpdate => "User already has these values.",
        }
    }
}

/// One write to one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What is done.
    pub kind: ChangeKind,
    /// To which account; `None` for one that does not exist yet.
    pub account: Option<AccountId>,
    /// The account as it was found.
    pub before: Attributes,
    /// The attributes that are written.
    pub after: Attributes,
    /// The rule that led here, in words.
    pub reason: &'static str,
}

/// The kinds of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Make an account.
    Create,
    /// Write attributes.
    Update,
    /// Put it in use.
    Enable,
    /// Take it out of use.
    Disable,
}

impl ChangeKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Enable => "enable",
            Self::Disable => "disable",
        }
    }
}
