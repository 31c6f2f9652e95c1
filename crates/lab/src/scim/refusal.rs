//! The error body (RFC 7644, section 3.12).

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use provost_scim as scim;
use serde_json::{Map, Value, json};

use crate::serve::reply;

/// The type of everything that SCIM says.
pub(super) const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    scim_type: Option<&'static str>,
    detail: String,
}

impl Refusal {
    /// A refusal without a word of the standard.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// Status 400 with a word of the standard.
    pub(super) fn invalid(scim_type: &'static str, detail: impl Into<String>) -> Self {
        Self { scim_type: Some(scim_type), ..Self::new(StatusCode::BAD_REQUEST, detail) }
    }

    /// There is no such resource.
    pub(super) fn no_such(kind: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {kind} with the id `{id}`"))
    }

    /// The resource would share what only one may have.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self { scim_type: Some("uniqueness"), ..Self::new(StatusCode::CONFLICT, detail) }
    }

    /// As the standard writes it.
    pub(super) fn response(&self) -> Response {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        body.insert("status".to_owned(), self.status.as_str().into());
        if let Some(scim_type) = self.scim_type {
            body.insert("scimType".to_owned(), scim_type.into());
        }
        body.insert("detail".to_owned(), self.detail.as_str().into());
        reply::json(self.status, SCIM_JSON, &Value::Object(body))
    }

    /// As servers write it whose framework answers in their place.
    pub(super) fn page(&self) -> Response {
        page(self.status, &self.detail)
    }
}

impl From<scim::Refusal> for Refusal {
    fn from(refusal: scim::Refusal) -> Self {
        Self::invalid(refusal.scim_type, refusal.detail)
    }
}

/// A refusal from outside the API.
pub(super) fn refuse(status: StatusCode, detail: &str) -> Response {
    Refusal::new(status, detail).response()
}

/// The same as a web page.
pub(super) fn page(status: StatusCode, _detail: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"
    );
    (status, axum::response::Html(text)).into_response()
}
