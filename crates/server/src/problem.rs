//! What a caller reads when something did not work (RFC 9457, `application/problem+json`).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use provost_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is, stable from release to release: `provost:` and a word.
    #[schema(example = "provost:not-found")]
    pub r#type: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(value_type = u16)]
    pub status: u16,
    /// What is wrong with this request.
    pub detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// The run that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// In how many seconds the same may work.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $type:literal, $title:literal;)*) => {
        impl Problem {
            $($(#[$doc])* pub fn $name(detail: impl Into<String>) -> Self {
                Self::new(StatusCode::$status, concat!("provost:", $type), $title, detail.into())
            })*
        }
    };
}

kinds! {
    /// The request cannot be read, or asks for nonsense.
    invalid = BAD_REQUEST, "invalid", "The request is not valid";
    /// Nobody knows who asks.
    unauthenticated = UNAUTHORIZED, "unauthenticated", "Sign in, or give an API key";
    /// Whoever asks may not.
    denied = FORBIDDEN, "denied", "That is not allowed";
    /// There is no such thing.
    not_found = NOT_FOUND, "not-found", "There is no such thing";
    /// There is something, but it does not do that.
    wrong_method = METHOD_NOT_ALLOWED, "wrong-method", "That cannot be done to it";
    /// It took too long to come.
    slow = REQUEST_TIMEOUT, "slow", "The request came too slowly";
    /// It is there already, was changed meanwhile, or is being done.
    conflict = CONFLICT, "conflict", "That does not fit what is there";
    /// The revision that was to be changed is gone.
    stale = PRECONDITION_FAILED, "stale", "It was changed meanwhile";
    /// The body is too large.
    too_large = PAYLOAD_TOO_LARGE, "too-large", "The request is too large";
    /// The body is of another type.
    wrong_type = UNSUPPORTED_MEDIA_TYPE, "wrong-type", "The body is of another type";
    /// It can be read, but not done.
    unprocessable = UNPROCESSABLE_ENTITY, "unprocessable", "That cannot be done";
    /// Too many requests.
    too_many = TOO_MANY_REQUESTS, "too-many", "Too many requests";
    /// The store or a system cannot be reached.
    unavailable = SERVICE_UNAVAILABLE, "unavailable", "That cannot be done now";
    /// A bug.
    bug = INTERNAL_SERVER_ERROR, "bug", "This is a bug in Provost";
    /// The store has no room.
    no_room = INSUFFICIENT_STORAGE, "no-room", "There is no room left";
}

impl Problem {
    fn new(status: StatusCode, r#type: &'static str, title: &'static str, detail: String) -> Self {
        Self {
            r#type,
            title,
            status: status.as_u16(),
            detail,
            hints: Vec::new(),
            run: None,
            retry_after: None,
        }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same with several things to do about it.
    #[must_use]
    pub fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// The same with the run that it belongs to.
    #[must_use]
    pub fn of_run(mut self, run: impl Into<String>) -> Self {
        self.run = Some(run.into());
        self
    }

    /// The same with when to come again.
    #[must_use]
    pub fn in_seconds(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let hint = error.hint().map(str::to_owned);
        let problem = match &error {
            StoreError::Unavailable(_) | StoreError::ReadOnly(_) => Self::unavailable,
            StoreError::Full(_) => Self::no_room,
            StoreError::Conflict(_) => Self::conflict,
            StoreError::Damaged(_) | StoreError::Foreign(_) | StoreError::Other(_) => Self::bug,
        };
        let problem = problem(error.to_string()).hints(hint);
        if error.is_passing() { problem.in_seconds(5) } else { problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status(), self.retry_after);
        let mut response = (status, Json(&self)).into_response();
        // Whoever looks with a browser is told it by a page.
        response.extensions_mut().insert(self);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
