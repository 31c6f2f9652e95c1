//! Bodies, queries and paths whose mistakes are told as problems.

use std::time::Duration;

use axum::body::HttpBody as _;
use axum::extract::{FromRequest, FromRequestParts, Request, rejection};
use axum::http::{StatusCode, request::Parts};
use serde::de::DeserializeOwned;

use crate::Problem;
use crate::serve::LARGEST_BODY;

/// How long a body may take.
pub(crate) const SLOWEST: Duration = Duration::from_secs(30);

/// A body of JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        refuse_large(request.body(), LARGEST_BODY)?;
        let read = axum::Json::<T>::from_request(request, state);
        match tokio::time::timeout(SLOWEST, read).await {
            Ok(Ok(axum::Json(value))) => Ok(Self(value)),
            Ok(Err(rejection)) => Err(of_json(&rejection)),
            Err(_) => Err(Problem::slow("the body did not come in time")),
        }
    }
}

/// Refuses a body that says itself that it is too large, before any of it is waited for.
pub(crate) fn refuse_large(body: &axum::body::Body, most: usize) -> Result<(), Problem> {
    if body.size_hint().lower() <= most as u64 {
        return Ok(());
    }
    Err(Problem::too_large(format!("the body has more than {} MB", most >> 20)))
}

fn of_json(rejection: &rejection::JsonRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("the body is larger than the server reads"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Problem::wrong_type("the body must be `Content-Type: application/json`")
        }
        _ => Problem::invalid(rejection.body_text()),
    }
}

/// What stands behind the question mark.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::invalid(rejection.body_text())),
        }
    }
}

/// A part of the path.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::invalid(rejection.body_text())),
        }
    }
}
