//! A server that plays written exchanges in order and keeps account of what went wrong.
//!
//! `exchange` is the script as people write it; this module is the server.

mod exchange;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::serve::{self, Front};
use crate::{Faults, Running};

pub use exchange::{Answer, Exchange};

/// The status of the answer to a request that is not in its place in the script.
const UNEXPECTED: u16 = 599;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method, a space, and path and query.
    pub line: String,
    /// The headers, in no order that means anything.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// A server that plays a script.
pub struct Server {
    running: Running,
    script: Arc<Script>,
}

impl Server {
    /// Starts a server on a free port of loopback.
    ///
    /// # Errors
    /// An exchange that cannot be sent (a status outside 200 to 599, a broken header), or
    /// no free port.
    pub async fn start(exchanges: Vec<Exchange>) -> io::Result<Self> {
        for (index, exchange) in exchanges.iter().enumerate() {
            exchange.answer.response().map_err(|error| {
                let text = format!("exchange {} ({}): {error}", index + 1, exchange.request);
                io::Error::new(io::ErrorKind::InvalidInput, text)
            })?;
        }
        let script = Arc::new(Script { exchanges, progress: Mutex::default() });
        let router = Router::new().fallback(play).with_state(script.clone());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let running = serve::start(address, Front::new(router, refuse, Faults::default())).await?;
        Ok(Self { running, script })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// The same as the start of a URL, without a slash at its end.
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// Every request that came so far, expected or not.
    pub fn requests(&self) -> Vec<Request> {
        self.script.progress().requests.clone()
    }

    /// Stops the server and says how the script was followed.
    ///
    /// # Errors
    /// Every request that was not the expected next one, and every exchange that was not
    /// asked for.
    pub async fn finish(self) -> Result<(), Vec<String>> {
        self.running.stop().await;
        let Progress { played, mut complaints, .. } = std::mem::take(&mut *self.script.progress());
        let left = self.script.exchanges.iter().skip(played);
        complaints.extend(left.map(|exchange| format!("not asked for: {}", exchange.request)));
        if complaints.is_empty() { Ok(()) } else { Err(complaints) }
    }
}

struct Script {
    exchanges: Vec<Exchange>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// Exchanges that were asked for.
    played: usize,
    /// Requests that came, expected or not.
    requests: Vec<Request>,
    complaints: Vec<String>,
}

impl Script {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request, or what was wanted in its place. A request with the wrong
    /// body takes its exchange, one with the wrong path leaves it to the next.
    fn next(&self, request: &Request) -> Result<&Answer, String> {
        let Request { line, body, .. } = request;
        let mut progress = self.progress();
        progress.requests.push(request.clone());
        let complaint = match self.exchanges.get(progress.played) {
            None => mismatch(&"no further request", line),
            Some(expected) if !expected.is_asked_by(line) => mismatch(&expected.request, line),
            Some(expected) => {
                progress.played += 1;
                match wrong_header(expected, &request.headers).or_else(|| wrong_body(expected, body)) {
                    None => return Ok(&expected.answer),
                    Some(complaint) => format!("{line}: {complaint}"),
                }
            }
        };
        let numbered = format!("request {}: {complaint}", progress.requests.len());
        progress.complaints.push(numbered);
        Err(complaint)
    }
}

fn wrong_header(expected: &Exchange, headers: &[(String, String)]) -> Option<String> {
    expected.headers.iter().find_map(|(name, wanted)| {
        let sent = headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name));
        let got = sent.map_or("none", |(_, value)| value);
        (got != wanted).then(|| mismatch(&format_args!("the header {name}: {wanted}"), &got))
    })
}

fn wrong_body(expected: &Exchange, body: &[u8]) -> Option<String> {
    let wanted = expected.body.as_ref()?;
    if wanted.as_str().is_some_and(|text| text.as_bytes() == body) {
        return None;
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(body) if body == *wanted => None,
        Ok(body) => Some(mismatch(&format_args!("the body {wanted}"), &body)),
        Err(_) => Some(mismatch(&format_args!("the body {wanted}"), &String::from_utf8_lossy(body))),
    }
}

fn mismatch(wanted: &dyn fmt::Display, got: &dyn fmt::Display) -> String {
    format!("wanted {wanted}, got {got}")
}

async fn play(
    State(script): State<Arc<Script>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request { line: format!("{method} {path}"), headers: texts(&headers), body };
    match script.next(&request) {
        Ok(answer) => {
            tokio::time::sleep(answer.delay()).await;
            answer.response().expect("the answer was tried when the server started")
        }
        Err(complaint) => unexpected(&complaint),
    }
}

/// Headers as texts; what is no text is made one.
fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn unexpected(detail: &str) -> Response {
    let status = StatusCode::from_u16(UNEXPECTED).expect("599 is within the range of statuses");
    refuse_as(status, "unexpected request", detail)
}

/// A refusal of what did not reach the script.
fn refuse(status: StatusCode, detail: &str) -> Response {
    refuse_as(status, "refused", detail)
}

fn refuse_as(status: StatusCode, message: &str, detail: &str) -> Response {
    let body = json!({"error": {"message": message, "detail": detail}});
    (status, axum::Json(body)).into_response()
}
