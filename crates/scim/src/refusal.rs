//! What a request may not do, in the words of RFC 7644, section 3.12.

use thiserror::Error;

/// Why a resource or a change is refused. All of these are status 400.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The word of table 9, such as `invalidPath`.
    pub scim_type: &'static str,
    /// Words for people.
    pub detail: String,
}

impl Refusal {
    /// A value that the attribute cannot have.
    pub(crate) fn value(detail: impl Into<String>) -> Self {
        Self { scim_type: "invalidValue", detail: detail.into() }
    }

    /// A path that leads nowhere.
    pub(crate) fn path(path: &str) -> Self {
        Self { scim_type: "invalidPath", detail: format!("`{path}` is no attribute of this resource") }
    }

    /// A change of what clients do not change.
    pub(crate) fn mutability(name: &str) -> Self {
        Self { scim_type: "mutability", detail: format!("`{name}` is not yours to change") }
    }

    /// A message that is built wrongly.
    pub(crate) fn syntax(detail: impl Into<String>) -> Self {
        Self { scim_type: "invalidSyntax", detail: detail.into() }
    }

    /// A path to nothing.
    pub(crate) fn target(detail: impl Into<String>) -> Self {
        Self { scim_type: "noTarget", detail: detail.into() }
    }
}
