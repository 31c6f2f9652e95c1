//! What can go wrong between us and a system: one closed list, each with what a retry
//! may do about it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Brand;

/// A failure, in the system's own terms where it gave any.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Which kind.
    pub kind: FaultKind,
    /// The system's code or the HTTP status; `None` when there was no answer.
    pub code: Option<Code>,
    /// What failed, without secrets: the text of `IAM.Vendor.errorMessage`.
    pub message: String,
    /// What to do about it, for people.
    pub hints: Vec<String>,
    /// When the system asked to be left alone.
    pub retry_after: Option<Duration>,
    /// How the record shows it.
    pub treatment: Treatment,
}

/// An error code as systems have them: a number or a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Code {
    /// An HTTP status or another number.
    Number(i64),
    /// A word, such as Okta's `E0000007`.
    Text(String),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.pad(text),
        }
    }
}

/// How a fault ends a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Treatment {
    /// A failed record.
    #[default]
    Fail,
    /// A failed record in an error entry, which stops a playbook.
    FailWithErrorEntry,
    /// No failure at all: the record is skipped with this reason.
    Skip(String),
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The profile has no value for any look-up attribute.
    NoLookUpValue,
    /// Several accounts match one look-up.
    SeveralMatches,
    /// The mapper could not make the attributes.
    Mapping,
    /// The system has no such thing.
    NotFound,
    /// The account exists already.
    AlreadyExists,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// The system refused a value or the request's form.
    InvalidValue,
    /// Our credentials are wrong or expired.
    Unauthenticated,
    /// Our credentials do not suffice.
    PermissionDenied,
    /// Too many requests.
    RateLimited,
    /// The system says it is out of order for now.
    Unavailable,
    /// The request never left: no address, no connection, no TLS.
    NotSent,
    /// The answer did not come in time, or broke off. A write may have happened.
    AnswerLost,
    /// An account was made, but a step after that failed.
    HalfDone,
    /// The integration has no such operation.
    Unsupported,
    /// The instance's configuration cannot work.
    Configuration,
    /// An answer that means nothing: HTML, a wrong shape, too many bytes.
    BadAnswer,
    /// Any other error of the system.
    Vendor,
    /// An error of ours.
    Bug,
}

/// What a second try may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It would fail again.
    Never,
    /// The request did nothing: repeat it after a while.
    Always,
    /// The request may have been carried out: repeat it only if that does no harm.
    IfRepeatable,
}

impl FaultKind {
    /// The retry class of the kind.
    pub fn retry(self) -> Retry {
        match self {
            Self::RateLimited | Self::NotSent => Retry::Always,
            Self::Unavailable | Self::AnswerLost => Retry::IfRepeatable,
            _ => Retry::Never,
        }
    }

    /// The kind that an HTTP status means where an integration says nothing else
    /// (RFC 9110, section 15; RFC 6585 for 429).
    pub fn of_status(status: u16) -> Self {
        match status {
            400 | 405 | 406 | 411 | 413..=415 | 422 => Self::InvalidValue,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 | 410 => Self::NotFound,
            409 => Self::AlreadyExists,
            412 => Self::Conflict,
            429 => Self::RateLimited,
            408 | 500 | 502..=504 => Self::Unavailable,
            501 => Self::Unsupported,
            _ => Self::Vendor,
        }
    }
}

impl Fault {
    /// A fault that is shown as failed, without code and hints.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            hints: Vec::new(),
            retry_after: None,
            treatment: Treatment::default(),
        }
    }

    /// Something that a system cannot do: `what` follows its brand, as in `cannot show groups`.
    pub fn unsupported(brand: &Brand, what: impl fmt::Display) -> Self {
        Self::new(FaultKind::Unsupported, format!("{brand} {what}")).with_code(Code::Number(501))
    }

    /// The same fault with a code.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The same fault with one more hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
