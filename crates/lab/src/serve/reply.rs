//! Answers in JSON.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

/// The type of ordinary JSON.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer with a body of JSON.
pub(crate) fn json(status: StatusCode, content_type: HeaderValue, body: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(body).expect("the lab's answers have texts for keys");
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// An answer without a body.
pub(crate) fn nothing(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Puts a header on an answer; a text that no header can hold is left out.
pub(crate) fn with(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(HeaderName::from_static(name), value);
    }
    response
}
