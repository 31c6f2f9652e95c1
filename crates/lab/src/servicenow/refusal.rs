//! ServiceNow's error body.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::columns::Definition;
use crate::serve::reply;

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    message: String,
    detail: Option<String>,
}

impl Refusal {
    /// Any refusal.
    pub(super) fn new(status: StatusCode, message: &str, detail: Option<&str>) -> Self {
        Self { status, message: message.to_owned(), detail: detail.map(str::to_owned) }
    }

    /// Who asks is not known.
    pub(super) fn unauthenticated() -> Self {
        let detail = Some("Required to provide Auth information");
        Self::new(StatusCode::UNAUTHORIZED, "User Not Authenticated", detail)
    }

    /// There is no such row.
    pub(super) fn no_such_record() -> Self {
        let detail = Some("Record doesn't exist or ACL restricts the record retrieval");
        Self::new(StatusCode::NOT_FOUND, "No Record found", detail)
    }

    /// There is no such table.
    pub(super) fn no_such_table(name: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &format!("Invalid table {name}"), None)
    }

    /// The row would share what only one may have.
    pub(super) fn aborted(table: &Definition, column: &str) -> Self {
        let detail = format!(
            "Operation against file '{}' was aborted by Business Rule 'Unique {column}'. Error: another record has this {column}",
            table.name
        );
        Self::new(StatusCode::FORBIDDEN, "Operation Failed", Some(&detail))
    }

    /// The body is no object of names and values.
    pub(super) fn no_object() -> Self {
        let detail = Some("The payload is not valid JSON.");
        Self::new(StatusCode::BAD_REQUEST, "Exception while reading request", detail)
    }

    /// The error as ServiceNow writes it.
    pub(super) fn response(&self) -> Response {
        let error = json!({"message": self.message, "detail": self.detail});
        reply::json(self.status, reply::JSON, &json!({"error": error, "status": "failure"}))
    }
}

/// A refusal from outside the API.
pub(super) fn refuse(status: StatusCode, detail: &str) -> Response {
    Refusal::new(status, status.canonical_reason().unwrap_or("Error"), Some(detail)).response()
}
