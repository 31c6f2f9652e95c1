//! A script as people write it: what is asked, and what is answered.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use indexmap::IndexMap;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

/// One request and the answer to it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exchange {
    /// Method, a space, and path and query exactly as sent, such as
    /// `GET /api/now/users?email=ann%40example.com`. `{time}` stands for any time in UTC.
    #[serde(deserialize_with = "request_line")]
    pub request: String,
    /// Headers that the request must have.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// What the request's body must be equal to: JSON, or the text of a form; `None` does
    /// not look at it.
    #[serde(default)]
    pub body: Option<Value>,
    /// The answer.
    #[serde(default)]
    pub answer: Answer,
}

impl Exchange {
    /// An exchange with any request body.
    pub fn new(request: impl Into<String>, answer: Answer) -> Self {
        Self { request: request.into(), headers: IndexMap::new(), body: None, answer }
    }

    /// Whether a request is the expected one.
    pub(super) fn is_asked_by(&self, request: &str) -> bool {
        is_like(&self.request, request)
    }
}

/// What stands for a time that a program takes from its clock.
const TIME: &str = "{time}";
/// How long that is in a query: `2026-11-25T11%3A38%3A11Z`.
const TIME_LENGTH: usize = 24;

/// Whether a request is this one. Any time in UTC stands for `{time}`.
fn is_like(expected: &str, request: &str) -> bool {
    let Some((before, after)) = expected.split_once(TIME) else { return expected == request };
    let rest = request.strip_prefix(before).and_then(|rest| rest.split_at_checked(TIME_LENGTH));
    let is_time = |text: &str| text.ends_with('Z') && text.starts_with(|c: char| c.is_ascii_digit());
    rest.is_some_and(|(time, rest)| is_time(time) && is_like(after, rest))
}

/// What a scripted server sends.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Answer {
    /// The HTTP status, from 200 to 599.
    pub status: u16,
    /// Further headers.
    pub headers: IndexMap<String, String>,
    /// The body: JSON, a text that is sent as it is, or null for none.
    pub body: Value,
    /// How many milliseconds to wait before answering.
    pub delay: Option<u64>,
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: 200, headers: IndexMap::new(), body: Value::Null, delay: None }
    }
}

/// Why an answer cannot be sent.
#[derive(Debug, Error)]
pub(super) enum AnswerError {
    /// A status that no final answer has.
    #[error("the status {0} is not from 200 to 599")]
    Status(u16),
    /// A header's name or value that HTTP does not allow.
    #[error("a header cannot be sent")]
    Header(#[source] axum::http::Error),
}

impl Answer {
    /// An answer with a status and a body.
    pub fn new(status: u16, body: impl Into<Value>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    /// The wait before the answer.
    pub(super) fn delay(&self) -> Duration {
        Duration::from_millis(self.delay.unwrap_or(0))
    }

    /// The answer as HTTP.
    pub(super) fn response(&self) -> Result<Response, AnswerError> {
        if !(200..=599).contains(&self.status) {
            return Err(AnswerError::Status(self.status));
        }
        let (body, content_type) = match &self.body {
            Value::Null => (String::new(), None),
            Value::String(text) => (text.clone(), Some("text/plain; charset=utf-8")),
            json => (json.to_string(), Some("application/json")),
        };
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let is_typed = self.headers.keys().any(|name| name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()));
        if let Some(content_type) = content_type.filter(|_| !is_typed) {
            response = response.header(CONTENT_TYPE, content_type);
        }
        response.body(Body::from(body)).map_err(AnswerError::Header)
    }
}

/// Reads a request line, so that a typing error is not found as a mismatch much later.
fn request_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let line = String::deserialize(deserializer)?;
    let is_request = line.split_once(' ').is_some_and(|(method, path)| {
        !method.is_empty()
            && method.chars().all(|c| c.is_ascii_uppercase())
            && path.starts_with('/')
            && !path.contains(char::is_whitespace)
    });
    if is_request { Ok(line) } else { Err(D::Error::custom("a request is written METHOD /path?query")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content_type(answer: &Answer) -> Option<String> {
        let response = answer.response().expect("sendable");
        response.headers().get(CONTENT_TYPE).map(|value| value.to_str().expect("text").to_owned())
    }

    #[test]
    fn the_body_decides_the_content_type_unless_a_header_does() {
        let html = json!({"body": "<html>", "headers": {"content-type": "text/html"}});
        let html: Answer = serde_json::from_value(html).expect("an answer");
        assert_eq!(content_type(&html).as_deref(), Some("text/html"));
        assert_eq!(content_type(&Answer::new(200, "hm")).as_deref(), Some("text/plain; charset=utf-8"));
        assert_eq!(content_type(&Answer::new(200, json!({}))).as_deref(), Some("application/json"));
        assert_eq!(content_type(&Answer::default()), None);
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        for status in [0, 99, 100, 199, 600, 1000] {
            let error = Answer::new(status, Value::Null).response().expect_err("no final status");
            assert!(error.to_string().contains(&status.to_string()));
        }
        for (name, value) in [("x y", "z"), ("x", "a\nb")] {
            let headers = [(name.to_owned(), value.to_owned())].into_iter().collect();
            assert!(Answer { headers, ..Answer::default() }.response().is_err());
        }
    }

    #[test]
    fn any_time_stands_for_a_time() {
        let exchange = Exchange::new("GET /x?a={time}&b={time}&c=1", Answer::default());
        let (time, later) = ("2026-11-25T11%3A38%3A11Z", "2027-01-01T00%3A00%3A00Z");
        assert!(exchange.is_asked_by(&format!("GET /x?a={time}&b={later}&c=1")));
        for other in
            [format!("a={time}&b=now&c=1"), format!("a={time}&b={time}"), format!("b={time}&a={time}&c=1")]
        {
            assert!(!exchange.is_asked_by(&format!("GET /x?{other}")), "{other}");
        }
    }

    #[test]
    fn request_lines_are_checked_when_they_are_read() {
        for line in ["GET", "/users", "get /users", "GET users", "GET /a b", " /users", "GET  /users"] {
            let read = serde_json::from_value::<Exchange>(json!({"request": line}));
            assert!(read.expect_err(line).to_string().contains("METHOD /path"), "{line}");
        }
        let exchange: Exchange = serde_json::from_value(json!({"request": "GET /"})).expect("shortest");
        assert_eq!(exchange, Exchange::new("GET /", Answer::default()));
    }
}
