//! The vendor's error body.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    message: &'static str,
    detail: String,
}

impl Refusal {
    /// A refusal with any status.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let message = match status {
            StatusCode::BAD_REQUEST => "Invalid request",
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::CONFLICT => "User already exists",
            other => other.canonical_reason().unwrap_or("Error"),
        };
        Self { status, message, detail: detail.into() }
    }

    /// The request makes no sense.
    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The account would share what only one may have.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// There is no such account.
    pub(super) fn no_such_user(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no user with the id `{id}`"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": {"message": self.message, "detail": self.detail}});
        (self.status, Json(body)).into_response()
    }
}
