//! The paths of the API.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::columns::{TABLES, table};
use super::instance::Instance;
use super::record::Record;
use super::refusal::Refusal;
use super::shown::Shower;
use super::{Options, list, token, written};
use crate::limit::{Left, Limit};
use crate::serve::{Asked, Vendor, reply};
use crate::tokens::Tokens;

/// The length of the window in which requests are counted, in seconds.
const HOUR: i64 = 3600;
/// Which rule limits the requests.
const RULE: &str = "5d7b4a0c1b2c4010a9f1c9d1ec4bcb1e";

/// The instance behind its API.
pub(super) struct ServiceNow {
    instance: RwLock<Instance>,
    limit: Limit,
    tokens: Tokens,
    /// The word of the `Authorization` header that opens the door.
    word: String,
    options: Options,
}

type Answered = Result<Response, Refusal>;

impl Vendor for ServiceNow {
    fn answer(&self, asked: &Asked) -> Response {
        let now = self.options.clock.now();
        let (_, segments) = asked.route();
        if segments == ["oauth_token.do"] && asked.method == "POST" {
            return token::answer(asked, &self.options, &self.tokens, now);
        }
        let left = self.limit.count("all", now);
        let answered = match left {
            Some(left) if left.is_exceeded => Err(exceeded()),
            _ => self.admit(asked, now).and_then(|()| self.route(asked, &segments, now)),
        };
        let response = answered.unwrap_or_else(|refusal| refused(&refusal));
        match left {
            Some(left) => with_limit(response, left),
            None => response,
        }
    }
}

fn exceeded() -> Refusal {
    let detail = Some("the limit of the rule in the header X-RateLimit-Rule is reached");
    Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded", detail)
}

fn refused(refusal: &Refusal) -> Response {
    let response = refusal.response();
    match refusal.status {
        StatusCode::UNAUTHORIZED => reply::with(response, "www-authenticate", "BASIC realm=\"Service-now\""),
        _ => response,
    }
}

fn with_limit(response: Response, left: Left) -> Response {
    let response = reply::with(response, "x-ratelimit-limit", &left.most.to_string());
    let response = reply::with(response, "x-ratelimit-reset", &left.reset.to_string());
    let response = reply::with(response, "x-ratelimit-rule", RULE);
    if left.is_exceeded { reply::with(response, "retry-after", &left.wait.to_string()) } else { response }
}

impl ServiceNow {
    pub(super) fn new(instance: Instance, options: Options) -> Self {
        Self {
            instance: RwLock::new(instance),
            limit: Limit::new(options.limit, HOUR),
            tokens: Tokens::default(),
            word: STANDARD.encode(format!("{}:{}", options.user, options.password)),
            options,
        }
    }

    fn admit(&self, asked: &Asked, now: Timestamp) -> Result<(), Refusal> {
        let is_known =
            asked.authorization().is_some_and(|(scheme, word)| match scheme.to_ascii_lowercase().as_str() {
                "basic" => word == self.word,
                "bearer" => self.tokens.has(word, now),
                _ => false,
            });
        if is_known { Ok(()) } else { Err(Refusal::unauthenticated()) }
    }

    fn route(&self, asked: &Asked, segments: &[&str], now: Timestamp) -> Answered {
        let rest = match segments {
            ["api", "now", "table", rest @ ..] => rest,
            ["api", "now", "v1" | "v2", "table", rest @ ..] => rest,
            _ => {
                let detail = Some("Requested URI does not represent any resource");
                return Err(Refusal::new(
                    StatusCode::BAD_REQUEST,
                    "Requested URI does not represent any resource",
                    detail,
                ));
            }
        };
        let [name, rest @ ..] = rest else { return Err(Refusal::no_such_table("")) };
        let table = table(name).ok_or_else(|| Refusal::no_such_table(name))?;
        match (asked.method.as_str(), rest) {
            ("GET", []) => {
                let finds_nothing = self.options.finds_nothing_by_invalid_queries;
                Ok(list::answer(asked, &self.read(), table, finds_nothing))
            }
            ("POST", []) => self.create(asked, table, now),
            ("GET", [id]) => self.show(asked, table, id),
            ("PATCH" | "PUT", [id]) => self.update(asked, table, id, now),
            ("DELETE", [id]) => self.delete(table, id),
            _ => {
                let detail = format!("{} method not supported", asked.method);
                Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not supported", Some(&detail)))
            }
        }
    }

    fn show(&self, asked: &Asked, table: usize, id: &str) -> Answered {
        let instance = self.read();
        let (_, record) = instance.find(table, id).ok_or_else(Refusal::no_such_record)?;
        Ok(result(asked, &instance, StatusCode::OK, record))
    }

    fn create(&self, asked: &Asked, table: usize, now: Timestamp) -> Answered {
        refuse_dictionary(table)?;
        let sent = members(asked)?;
        let mut instance = self.write();
        let mut record = Record::new(&TABLES[table]);
        written::write(&instance, &mut record, &sent, asked.is_true("sysparm_input_display_value"));
        let id = instance.add(table, record, now)?.id().to_owned();
        let (_, record) = instance.find(table, &id).ok_or_else(Refusal::no_such_record)?;
        let location = format!("{}/api/now/table/{}/{id}", asked.origin(), TABLES[table].name);
        Ok(reply::with(result(asked, &instance, StatusCode::CREATED, record), "location", &location))
    }

    fn update(&self, asked: &Asked, table: usize, id: &str, now: Timestamp) -> Answered {
        refuse_dictionary(table)?;
        let sent = members(asked)?;
        let mut instance = self.write();
        let (place, record) = instance.find(table, id).ok_or_else(Refusal::no_such_record)?;
        let mut record = record.clone();
        written::write(&instance, &mut record, &sent, asked.is_true("sysparm_input_display_value"));
        instance.put(table, place, record, now)?;
        let (_, record) = instance.find(table, id).ok_or_else(Refusal::no_such_record)?;
        Ok(result(asked, &instance, StatusCode::OK, record))
    }

    fn delete(&self, table: usize, id: &str) -> Answered {
        refuse_dictionary(table)?;
        let mut instance = self.write();
        let (place, _) = instance.find(table, id).ok_or_else(Refusal::no_such_record)?;
        instance.remove(table, place);
        Ok(reply::nothing(StatusCode::NO_CONTENT))
    }

    /// A request that panicked has not half-written a row: writing comes after checking.
    fn read(&self) -> RwLockReadGuard<'_, Instance> {
        self.instance.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Instance> {
        self.instance.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Columns are not added by way of the API.
fn refuse_dictionary(table: usize) -> Result<(), Refusal> {
    if TABLES[table].name != "sys_dictionary" {
        return Ok(());
    }
    let detail = Some("ACL Exception: the dictionary cannot be written");
    Err(Refusal::new(StatusCode::FORBIDDEN, "Operation Failed", detail))
}

/// The body, which must be an object.
fn members(asked: &Asked) -> Result<Map<String, Value>, Refusal> {
    match asked.json() {
        Some(Value::Object(members)) => Ok(members),
        None if asked.is_empty() => Ok(Map::new()),
        _ => Err(Refusal::no_object()),
    }
}

/// One row, unless the request does not want to see it.
fn result(asked: &Asked, instance: &Instance, status: StatusCode, record: &Record) -> Response {
    if asked.header("x-no-response-body") == Some("true") {
        return reply::nothing(status);
    }
    let shown = Shower::of(asked, instance).show(record);
    reply::json(status, reply::JSON, &json!({"result": shown}))
}
