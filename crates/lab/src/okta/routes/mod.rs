//! The paths of the API. Each part of it is a file of its own.

mod apps;
mod groups;
mod users;

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;

use super::directory::Directory;
use super::refusal::{Refusal, kinds};
use super::{Options, logs, profile, token};
use crate::limit::{Left, Limit};
use crate::serve::{Asked, Vendor, reply};
use crate::tokens::Tokens;

/// The organisation behind its API.
pub(super) struct Okta {
    directory: RwLock<Directory>,
    limit: Limit,
    tokens: Tokens,
    options: Options,
}

type Answered = Result<Response, Refusal>;

impl Vendor for Okta {
    fn answer(&self, asked: &Asked) -> Response {
        let now = self.options.clock.now();
        let (_, segments) = asked.route();
        if segments == ["oauth2", "v1", "token"] && asked.method == "POST" {
            return token::answer(asked, self.options.client.as_ref(), &self.tokens, now);
        }
        let left = self.limit.count(bucket(&segments), now);
        let answered = match left {
            Some(left) if left.is_exceeded => Err(Refusal::of(kinds::LIMIT)),
            _ => self.admit(asked, now).and_then(|()| self.route(asked, &segments, now)),
        };
        let response = answered.unwrap_or_else(|refusal| refusal.response());
        match left {
            Some(left) => with_limit(response, left),
            None => response,
        }
    }
}

/// The parts of the API whose requests are counted apart.
fn bucket(segments: &[&str]) -> &'static str {
    match segments.get(2..).unwrap_or_default() {
        ["users"] => "users",
        ["users", _] => "a user",
        ["groups"] => "groups",
        ["groups", _] => "a group",
        ["apps"] => "apps",
        ["apps", _] => "an app",
        ["logs"] => "logs",
        _ => "others",
    }
}

fn with_limit(response: Response, left: Left) -> Response {
    let response = reply::with(response, "x-rate-limit-limit", &left.most.to_string());
    let response = reply::with(response, "x-rate-limit-remaining", &left.remaining.to_string());
    reply::with(response, "x-rate-limit-reset", &left.reset.to_string())
}

impl Okta {
    pub(super) fn new(directory: Directory, options: Options) -> Self {
        let limit = Limit::new(options.limit, 60);
        Self { directory: RwLock::new(directory), limit, tokens: Tokens::default(), options }
    }

    fn admit(&self, asked: &Asked, now: Timestamp) -> Result<(), Refusal> {
        let (scheme, word) = credentials(asked).ok_or_else(|| Refusal::of(kinds::UNAUTHENTICATED))?;
        let is_reader = self.options.reader.as_deref() == Some(word);
        match scheme.to_ascii_lowercase().as_str() {
            "ssws" if word == self.options.token => Ok(()),
            "ssws" if is_reader && asked.method == "GET" => Ok(()),
            "ssws" if is_reader => Err(Refusal::of(kinds::FORBIDDEN)),
            "bearer" if self.tokens.has(word, now) => Ok(()),
            _ => Err(Refusal::of(kinds::BAD_TOKEN)),
        }
    }

    fn route(&self, asked: &Asked, segments: &[&str], now: Timestamp) -> Answered {
        match segments {
            ["api", "v1", "users", rest @ ..] => self.users(asked, rest, now),
            ["api", "v1", "groups", rest @ ..] => self.groups(asked, rest, now),
            ["api", "v1", "apps", rest @ ..] => self.apps(asked, rest, now),
            ["api", "v1", "logs"] if asked.method == "GET" => logs::answer(asked, &self.read(), now),
            ["api", "v1", "meta", "schemas", "user", "default"] if asked.method == "GET" => {
                ok(&profile::schema(&api(asked), self.read().since))
            }
            ["api", "v1", "logs"] | ["api", "v1", "meta", "schemas", "user", "default"] => {
                Err(no_such_method())
            }
            _ => Err(no_such_path()),
        }
    }

    /// A request that panicked has not half-written anything: writing comes after checking.
    fn read(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Directory> {
        self.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The scheme and the token. Okta's own client for Python leaves the blank between them out.
fn credentials(asked: &Asked) -> Option<(&str, &str)> {
    let header = asked.header("authorization")?;
    header.split_once(' ').or_else(|| header.split_at_checked(4).filter(|(scheme, _)| *scheme == "SSWS"))
}

/// Where the API is.
fn api(asked: &Asked) -> String {
    format!("{}/api/v1", asked.origin())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where answers may be refusals")]
fn ok(body: &Value) -> Answered {
    Ok(reply::json(StatusCode::OK, reply::JSON, body))
}

/// The body, which must be an object.
fn body(asked: &Asked) -> Result<Value, Refusal> {
    asked.json().filter(Value::is_object).ok_or_else(|| Refusal::of(kinds::MALFORMED))
}

fn no_such_path() -> Refusal {
    Refusal::of(kinds::NO_SUCH_PATH)
}

fn no_such_method() -> Refusal {
    Refusal::of(kinds::NO_SUCH_METHOD)
}
