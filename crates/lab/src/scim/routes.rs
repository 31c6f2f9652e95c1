//! The paths of the API.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::http::StatusCode;
use axum::response::Response;
use provost_scim::{accept, patched};
use serde_json::{Map, Value};

use super::directory::{Directory, Kept, Kind};
use super::list::{Wanted, of_body, of_query};
use super::refusal::{Refusal, SCIM_JSON};
use super::shown::{Choice, Shower};
use super::{Options, discovery};
use crate::limit::Limit;
use crate::serve::{Asked, Vendor, reply};

/// The server.
pub(super) struct Scim {
    directory: RwLock<Directory>,
    limit: Limit,
    options: Options,
}

type Answered = Result<Response, Refusal>;

impl Vendor for Scim {
    fn answer(&self, asked: &Asked) -> Response {
        let answered = self.admit(asked).and_then(|()| self.route(asked));
        answered.unwrap_or_else(|refusal| self.refused(&refusal))
    }
}

impl Scim {
    pub(super) fn new(directory: Directory, options: Options) -> Self {
        let limit = Limit::new(options.limit, 60);
        Self { directory: RwLock::new(directory), limit, options }
    }

    fn admit(&self, asked: &Asked) -> Result<(), Refusal> {
        let is_known = asked.authorization().is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && token == self.options.token
        });
        if !is_known {
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "a valid bearer token is required"));
        }
        match self.limit.count("all", self.options.clock.now()) {
            Some(left) if left.is_exceeded => Err(Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("too many requests; come again in {} s", left.wait),
            )),
            _ => Ok(()),
        }
    }

    fn refused(&self, refusal: &Refusal) -> Response {
        let response = if self.options.dialect.has_html_errors { refusal.page() } else { refusal.response() };
        match refusal.status {
            StatusCode::UNAUTHORIZED => reply::with(response, "www-authenticate", "Bearer"),
            StatusCode::TOO_MANY_REQUESTS => {
                let now = self.options.clock.now().as_second();
                reply::with(response, "retry-after", &(60 - now.rem_euclid(60)).to_string())
            }
            _ => response,
        }
    }

    fn route(&self, asked: &Asked) -> Answered {
        let (method, segments) = asked.route();
        let mut before = self.options.base.split('/').filter(|segment| !segment.is_empty());
        let depth = before.clone().count();
        let Some((first, below)) = segments.split_at_checked(depth) else { return Err(no_such_path(asked)) };
        if !first.iter().all(|segment| before.next() == Some(segment)) {
            return Err(no_such_path(asked));
        }
        let base = || self.base(asked);
        match (method, below) {
            ("GET", ["ServiceProviderConfig"]) => ok(&discovery::provider(self.options.dialect, &base())),
            ("GET", ["ResourceTypes"]) => ok(&discovery::types(None, &base())?),
            ("GET", ["ResourceTypes", name]) => ok(&discovery::types(Some(name), &base())?),
            ("GET", ["Schemas"]) => ok(&discovery::schemas(None, &base())?),
            ("GET", ["Schemas", id]) => ok(&discovery::schemas(Some(id), &base())?),
            (
                _,
                ["ServiceProviderConfig" | "ResourceTypes" | "Schemas"] | ["ResourceTypes" | "Schemas", _],
            ) => Err(no_such_method(asked)),
            ("POST", [".search"]) => self.search(asked, &[Kind::User, Kind::Group]),
            (_, ["Me" | "Bulk"]) => Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "this server has none")),
            (_, ["Users", rest @ ..]) => self.resources(asked, Kind::User, rest),
            (_, ["Groups", rest @ ..]) => self.resources(asked, Kind::Group, rest),
            _ => Err(no_such_path(asked)),
        }
    }

    /// What the addresses of this server begin with, as the client knows it.
    fn base(&self, asked: &Asked) -> String {
        format!("{}{}", asked.origin(), self.options.base)
    }

    fn resources(&self, asked: &Asked, kind: Kind, rest: &[&str]) -> Answered {
        match (asked.method.as_str(), rest) {
            ("GET", []) => self.list(asked, &[kind], &of_query(asked)),
            ("POST", [".search"]) => self.search(asked, &[kind]),
            ("POST", []) => self.create(asked, kind),
            ("GET", [id]) => self.show(asked, kind, id),
            ("PUT", [id]) => self.replace(asked, kind, id),
            ("PATCH", [id]) => self.patch(asked, kind, id),
            ("DELETE", [id]) => self.delete(asked, kind, id),
            (_, [] | [_]) => Err(no_such_method(asked)),
            _ => Err(no_such_path(asked)),
        }
    }

    fn search(&self, asked: &Asked, kinds: &[Kind]) -> Answered {
        self.list(asked, kinds, &of_body(&Value::Object(members(asked)?)))
    }

    fn list(&self, asked: &Asked, kinds: &[Kind], get: &impl Fn(&str) -> Option<String>) -> Answered {
        let mut wanted = Wanted::parse(get, kinds[0], self.options.dialect)?;
        let choice = std::mem::take(&mut wanted.choice);
        ok(&wanted.list(kinds, &self.shower(asked, &self.read(), choice))?)
    }

    fn create(&self, asked: &Asked, kind: Kind) -> Answered {
        let attributes = accept(kind.resource(), &members(asked)?)?;
        let mut directory = self.write();
        let id = directory.create(kind, attributes, self.options.clock.now())?.id.clone();
        self.shown(asked, &directory, StatusCode::CREATED, directory.find(kind, &id)?)
    }

    fn show(&self, asked: &Asked, kind: Kind, id: &str) -> Answered {
        let directory = self.read();
        let kept = directory.find(kind, id)?;
        if asked.header("if-none-match").is_some_and(|tag| tag == kept.tag()) {
            return Ok(reply::nothing(StatusCode::NOT_MODIFIED));
        }
        self.shown(asked, &directory, StatusCode::OK, kept)
    }

    fn replace(&self, asked: &Asked, kind: Kind, id: &str) -> Answered {
        let attributes = accept(kind.resource(), &members(asked)?)?;
        let mut directory = self.write();
        matches_tag(asked, directory.find(kind, id)?)?;
        directory.write(kind, id, attributes, self.options.clock.now())?;
        self.shown(asked, &directory, StatusCode::OK, directory.find(kind, id)?)
    }

    fn patch(&self, asked: &Asked, kind: Kind, id: &str) -> Answered {
        if self.options.dialect.is_without_patch {
            return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "this server has no PATCH"));
        }
        let operations = operations(members(asked)?)?;
        let mut directory = self.write();
        let kept = directory.find(kind, id)?;
        matches_tag(asked, kept)?;
        let attributes = patched(kind.resource(), &kept.attributes, &operations)?;
        let written = directory.write(kind, id, attributes, self.options.clock.now())?;
        if self.options.dialect.is_silent_after_patch {
            return Ok(reply::with(reply::nothing(StatusCode::NO_CONTENT), "etag", &written.tag()));
        }
        self.shown(asked, &directory, StatusCode::OK, directory.find(kind, id)?)
    }

    fn delete(&self, asked: &Asked, kind: Kind, id: &str) -> Answered {
        let mut directory = self.write();
        matches_tag(asked, directory.find(kind, id)?)?;
        directory.delete(kind, id, self.options.clock.now())?;
        Ok(reply::nothing(StatusCode::NO_CONTENT))
    }

    /// One resource with its entity tag, and its address where it is new.
    #[expect(clippy::unnecessary_wraps, reason = "it stands where answers may be refusals")]
    fn shown(&self, asked: &Asked, directory: &Directory, status: StatusCode, kept: &Kept) -> Answered {
        let choice = Choice::parse(asked.get("attributes"), asked.get("excludedAttributes"));
        let shower = self.shower(asked, directory, choice);
        let response = reply::json(status, SCIM_JSON, &shower.show(kept));
        let response = reply::with(response, "etag", &kept.tag());
        if self.options.dialect.is_without_location {
            return Ok(response);
        }
        let name = if status == StatusCode::CREATED { "location" } else { "content-location" };
        Ok(reply::with(response, name, &shower.location(kept.kind, &kept.id)))
    }

    fn shower<'a>(&self, asked: &Asked, directory: &'a Directory, choice: Choice) -> Shower<'a> {
        Shower { directory, dialect: self.options.dialect, base: self.base(asked), choice }
    }

    fn read(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Directory> {
        self.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where answers may be refusals")]
fn ok(body: &Value) -> Answered {
    Ok(reply::json(StatusCode::OK, SCIM_JSON, body))
}

/// The body, which must be an object.
fn members(asked: &Asked) -> Result<Map<String, Value>, Refusal> {
    match asked.json() {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(Refusal::invalid("invalidSyntax", "the body must be a JSON object")),
    }
}

fn operations(mut body: Map<String, Value>) -> Result<Vec<Value>, Refusal> {
    match body.remove("Operations") {
        Some(Value::Array(operations)) => Ok(operations),
        _ => Err(Refusal::invalid("invalidSyntax", "`Operations` must be a list")),
    }
}

/// Whether the resource is still the one that the client means (RFC 7644, section 3.14).
fn matches_tag(asked: &Asked, kept: &Kept) -> Result<(), Refusal> {
    match asked.header("if-match") {
        Some(tag) if tag != "*" && tag != kept.tag() => {
            let detail = format!("the resource was changed; its version is {}", kept.tag());
            Err(Refusal::new(StatusCode::PRECONDITION_FAILED, detail))
        }
        _ => Ok(()),
    }
}

fn no_such_path(asked: &Asked) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("there is nothing at {}", asked.path()))
}

fn no_such_method(asked: &Asked) -> Refusal {
    let detail = format!("{} is not possible at {}", asked.method, asked.path());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
