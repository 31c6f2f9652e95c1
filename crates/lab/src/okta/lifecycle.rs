//! Which step leads from which status to which.

use jiff::Timestamp;

use super::refusal::{Refusal, kinds};
use super::user::{Status, User};

/// A step in the life of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Activate,
    Deactivate,
    Suspend,
    Unsuspend,
    Unlock,
}

impl Step {
    /// The step of this word in a path.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "activate" => Some(Self::Activate),
            "deactivate" => Some(Self::Deactivate),
            "suspend" => Some(Self::Suspend),
            "unsuspend" => Some(Self::Unsuspend),
            "unlock" => Some(Self::Unlock),
            _ => None,
        }
    }

    /// The type of event that the log has of it, and its words.
    pub(super) fn event(self) -> (&'static str, &'static str) {
        match self {
            Self::Activate => ("user.lifecycle.activate", "Activate Okta user"),
            Self::Deactivate => ("user.lifecycle.deactivate", "Deactivate Okta user"),
            Self::Suspend => ("user.lifecycle.suspend", "Suspend Okta user"),
            Self::Unsuspend => ("user.lifecycle.unsuspend", "Unsuspend Okta user"),
            Self::Unlock => ("user.account.unlock", "User account unlock"),
        }
    }

    /// Where the step leads.
    ///
    /// # Errors
    /// A status from which there is no such step.
    fn leads_to(self, user: &User) -> Result<Status, Refusal> {
        use Status::{Active, Deprovisioned, LockedOut, Provisioned, Staged, Suspended};
        match (self, user.status) {
            (Self::Activate, Staged | Deprovisioned) if user.password.is_some() => Ok(Active),
            (Self::Activate, Staged | Deprovisioned) => Ok(Provisioned),
            (Self::Activate, _) => Err(Refusal::of(kinds::ALREADY_ACTIVE)),
            (Self::Deactivate, Deprovisioned) => Err(Refusal::not_found("User", &user.id)),
            (Self::Deactivate, _) => Ok(Deprovisioned),
            (Self::Suspend, Active) => Ok(Suspended),
            (Self::Suspend, _) => Err(refused("suspend", "active")),
            (Self::Unsuspend, Suspended) => Ok(Active),
            (Self::Unsuspend, _) => Err(refused("unsuspend", "suspended")),
            (Self::Unlock, LockedOut) => Ok(Active),
            (Self::Unlock, _) => Err(Refusal::of(kinds::NOT_LOCKED)),
        }
    }

    /// Takes the step.
    ///
    /// # Errors
    /// A status from which there is no such step.
    pub(super) fn take(self, user: &mut User, now: Timestamp) -> Result<(), Refusal> {
        let status = self.leads_to(user)?;
        user.set_status(status, now);
        match self {
            Self::Activate => user.activated = Some(now),
            Self::Deactivate => user.password = None,
            Self::Unlock => user.failures = 0,
            Self::Suspend | Self::Unsuspend => {}
        }
        Ok(())
    }
}

fn refused(step: &str, wanted: &str) -> Refusal {
    Refusal::invalid("Cannot change the status", vec![format!("Cannot {step} a user that is not {wanted}")])
}
