//! Okta's errors and their codes.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::moment::machine_clock;
use crate::serve::reply;

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    code: &'static str,
    summary: String,
    causes: Vec<String>,
}

/// What a refusal is of, with its status, code and words.
pub(super) mod kinds {
    pub(in crate::okta) type Kind = (u16, &'static str, &'static str);
    pub(in crate::okta) const MALFORMED: Kind = (400, "E0000003", "The request body was not well-formed.");
    pub(in crate::okta) const UNAUTHENTICATED: Kind = (401, "E0000004", "Authentication failed");
    pub(in crate::okta) const FORBIDDEN: Kind =
        (403, "E0000006", "You do not have permission to perform the requested action");
    pub(in crate::okta) const NO_SUCH_PATH: Kind = (404, "E0000008", "The requested path was not found");
    pub(in crate::okta) const BROKEN: Kind = (500, "E0000009", "Internal Server Error");
    pub(in crate::okta) const BAD_TOKEN: Kind = (401, "E0000011", "Invalid token provided");
    pub(in crate::okta) const CREDENTIALS: Kind = (403, "E0000014", "Update of credentials failed");
    pub(in crate::okta) const ALREADY_ACTIVE: Kind =
        (403, "E0000016", "Activation failed because the user is already active");
    pub(in crate::okta) const NO_SUCH_METHOD: Kind =
        (405, "E0000022", "The endpoint does not support the provided HTTP method");
    pub(in crate::okta) const SEARCH: Kind = (400, "E0000031", "Invalid search criteria.");
    pub(in crate::okta) const NOT_LOCKED: Kind = (403, "E0000032", "Unlock is not allowed for this user.");
    pub(in crate::okta) const STATUS: Kind =
        (403, "E0000038", "This operation is not allowed in the user's current status.");
    pub(in crate::okta) const LIMIT: Kind =
        (429, "E0000047", "API call exceeded rate limit due to too many requests.");
}

impl Refusal {
    /// One of the kinds, as it is.
    pub(super) fn of((status, code, summary): kinds::Kind) -> Self {
        Self { status, code, summary: summary.to_owned(), causes: Vec::new() }
    }

    /// The same, because of something.
    pub(super) fn because(kind: kinds::Kind, cause: impl Into<String>) -> Self {
        Self { causes: vec![cause.into()], ..Self::of(kind) }
    }

    /// Something in the request is not as it must be. `what` is the member that is wrong.
    pub(super) fn invalid(what: &str, causes: Vec<String>) -> Self {
        Self { status: 400, code: "E0000001", summary: format!("Api validation failed: {what}"), causes }
    }

    /// There is no such thing.
    pub(super) fn not_found(kind: &str, id: &str) -> Self {
        let summary = format!("Not found: Resource not found: {id} ({kind})");
        Self { status: 404, code: "E0000007", summary, causes: Vec::new() }
    }

    /// The error as Okta writes it.
    pub(super) fn response(&self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let causes: Vec<_> = self.causes.iter().map(|cause| json!({"errorSummary": cause})).collect();
        let id: String = std::iter::repeat_with(fastrand::alphanumeric).take(22).collect();
        let body = json!({
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": format!("oae{id}"),
            "errorCauses": causes,
        });
        reply::json(status, reply::JSON, &body)
    }
}

/// A refusal from outside the API.
pub(super) fn refuse(status: StatusCode, detail: &str) -> Response {
    let kind = match status {
        StatusCode::TOO_MANY_REQUESTS => kinds::LIMIT,
        StatusCode::UNAUTHORIZED => kinds::BAD_TOKEN,
        StatusCode::FORBIDDEN => kinds::FORBIDDEN,
        StatusCode::NOT_FOUND => kinds::NO_SUCH_PATH,
        _ => kinds::BROKEN,
    };
    let refusal = Refusal::because((status.as_u16(), kind.1, kind.2), detail);
    refusal.response()
}

/// Says that the next window begins in a second. Okta has a header of its own for it.
pub(super) fn come_again(response: Response) -> Response {
    let reset = machine_clock().now().as_second() + 1;
    let response = reply::with(response, "x-rate-limit-limit", "600");
    let response = reply::with(response, "x-rate-limit-remaining", "0");
    reply::with(response, "x-rate-limit-reset", &reset.to_string())
}
