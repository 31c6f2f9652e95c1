//! A request as an emulated vendor sees it, and the shape of what answers it.
//!
//! A vendor is a function from requests to answers: it waits for nothing.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What answers requests.
pub(crate) trait Vendor: Send + Sync + 'static {
    /// The answer.
    fn answer(&self, asked: &Asked) -> Response;
}

/// A request, whole.
pub(crate) struct Asked {
    pub(crate) method: Method,
    path: String,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

/// A router that hands everything to a vendor.
pub(crate) fn router(vendor: impl Vendor) -> Router {
    let vendor = Arc::new(vendor);
    Router::new().fallback(move |request: Request| {
        let vendor = vendor.clone();
        async move {
            let (parts, body) = request.into_parts();
            // `serve` has read the body and bounded it.
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            vendor.answer(&Asked::new(parts, body))
        }
    })
}

impl Asked {
    fn new(parts: Parts, body: Bytes) -> Self {
        let path = parts.uri.path();
        // A slash at the end, or two in the middle, change nothing.
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let segments = segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned());
        let query = Query::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).unwrap_or_default();
        Self {
            segments: segments.collect(),
            path: path.to_owned(),
            query,
            method: parts.method,
            headers: parts.headers,
            body,
        }
    }

    /// The method and the parts of the path, to be matched.
    pub(crate) fn route(&self) -> (&str, Vec<&str>) {
        (self.method.as_str(), self.segments.iter().map(String::as_str).collect())
    }

    /// The path as it was sent.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// All pairs of the query, in order.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// A value of the query.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a value of the query is `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The scheme and the word of the `Authorization` header.
    pub(crate) fn authorization(&self) -> Option<(&str, &str)> {
        let (scheme, word) = self.header(AUTHORIZATION.as_str())?.split_once(' ')?;
        Some((scheme, word.trim()))
    }

    /// The start of this server's addresses, as the client writes it.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header(HOST.as_str()).unwrap_or("127.0.0.1"))
    }

    /// The body as JSON, if it is any.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The pairs of a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let text = String::from_utf8_lossy(&self.body);
        let uri = format!("/?{text}").parse().ok();
        uri.and_then(|uri| Query::try_from_uri(&uri).ok()).map(|Query(pairs)| pairs).unwrap_or_default()
    }

    /// Whether there is no body.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }
}
