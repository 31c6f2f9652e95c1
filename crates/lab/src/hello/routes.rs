//! The paths of the API.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::change::Change;
use super::directory::{Account, Directory, Key};
use super::refusal::Refusal;
use super::schema::{ATTRIBUTES, USER_NAME};

/// How many accounts a page has when the caller does not say.
const PAGE: usize = 100;
/// The largest page; whoever asks for more gets this many.
const LARGEST_PAGE: usize = 500;
/// How many accounts there are on all pages together.
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// The accounts, shared by all requests.
type Shared = Arc<RwLock<Directory>>;
/// The pairs of a query, or why there are none.
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;
/// The id in a path, or why there is none.
type Id = Result<Path<String>, PathRejection>;

/// The whole API.
pub(super) fn router(directory: Directory, user: &str, password: &str) -> Router {
    let token: Arc<str> = STANDARD.encode(format!("{user}:{password}")).into();
    let api = Router::new()
        .route("/test", get(test))
        .route("/users", get(list).post(create))
        .route("/users/{id}", get(show).patch(update))
        .route("/schema", get(schema))
        .method_not_allowed_fallback(no_such_method);
    Router::new()
        .nest("/api/now", api)
        .fallback(no_such_path)
        .layer(middleware::from_fn_with_state(token, authenticate))
        .with_state(Arc::new(RwLock::new(directory)))
}

/// A refusal from outside the API.
pub(super) fn refuse(status: StatusCode, detail: &str) -> Response {
    Refusal::new(status, detail).into_response()
}

/// Lets a request pass that carries the user name and the password.
async fn authenticate(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    if is_authentic(request.headers(), &token) {
        return next.run(request).await;
    }
    let refusal = refuse(StatusCode::UNAUTHORIZED, "a valid user name and password are required");
    ([(WWW_AUTHENTICATE, "Basic realm=\"Hello IAM World\"")], refusal).into_response()
}

fn is_authentic(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given
        .and_then(|given| given.split_once(' '))
        .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("basic") && given.trim() == token)
}

async fn no_such_path(request: Request) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, format!("there is nothing at {}", request.uri().path()))
}

async fn no_such_method(request: Request) -> Refusal {
    let detail = format!("{} is not possible at this path", request.method());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

async fn test() -> Json<Value> {
    result(json!("ok"))
}

async fn schema() -> Json<Value> {
    let fields = std::iter::once(&USER_NAME).chain(&ATTRIBUTES);
    result(fields.map(|field| json!({"name": field.name, "description": field.description})).collect())
}

async fn list(State(shared): State<Shared>, pairs: Pairs) -> Result<Response, Refusal> {
    let Query(pairs) = pairs.map_err(|rejection| Refusal::invalid(rejection.body_text()))?;
    let asked = Asked::parse(pairs)?;
    let directory = read(&shared);
    let (total, found) = if asked.wanted.is_empty() {
        (directory.count(), shown(directory.page(asked.offset, asked.limit)))
    } else {
        let found: Vec<&Account> = directory.find_by_all(&asked.wanted).into_iter().collect();
        (found.len(), shown(found.into_iter().skip(asked.offset).take(asked.limit)))
    };
    Ok(([(TOTAL, total.to_string())], result(found)).into_response())
}

async fn show(State(shared): State<Shared>, id: Id) -> Result<Json<Value>, Refusal> {
    let id = id_of(id)?;
    let directory = read(&shared);
    let account = directory.find(Key::Id, &id).ok_or_else(|| Refusal::no_such_user(&id))?;
    Ok(result(account.to_json()))
}

async fn create(State(shared): State<Shared>, body: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let change = Change::parse(&body)?;
    let account = write(&shared).create(change)?.to_json();
    Ok((StatusCode::CREATED, result(account)))
}

async fn update(State(shared): State<Shared>, id: Id, body: Bytes) -> Result<Json<Value>, Refusal> {
    let id = id_of(id)?;
    let change = Change::parse(&body)?;
    let account = write(&shared).update(&id, change)?.to_json();
    Ok(result(account))
}

/// What the query of a list asks for.
struct Asked {
    wanted: Vec<(Key, String)>,
    offset: usize,
    limit: usize,
}

impl Asked {
    fn parse(pairs: Vec<(String, String)>) -> Result<Self, Refusal> {
        let mut asked = Self { wanted: Vec::new(), offset: 0, limit: PAGE };
        for (name, value) in pairs {
            match name.as_str() {
                "id" => asked.wanted.push((Key::Id, value)),
                "username" => asked.wanted.push((Key::UserName, value)),
                "email" => asked.wanted.push((Key::Email, value)),
                "offset" => asked.offset = number(&name, &value)?,
                "limit" => asked.limit = number(&name, &value)?.min(LARGEST_PAGE),
                _ => return Err(Refusal::invalid(format!("unknown filter `{name}`"))),
            }
        }
        Ok(asked)
    }
}

fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    value.parse().map_err(|_| Refusal::invalid(format!("`{name}` must be a whole number")))
}

fn id_of(id: Id) -> Result<String, Refusal> {
    id.map(|Path(id)| id).map_err(|rejection| Refusal::invalid(rejection.body_text()))
}

fn shown<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Value {
    accounts.into_iter().map(Account::to_json).collect()
}

fn result(value: Value) -> Json<Value> {
    Json(Value::from_iter([("result", value)]))
}

/// A request that panicked has not half-written an account: writing comes after checking.
fn read(shared: &Shared) -> RwLockReadGuard<'_, Directory> {
    shared.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shared: &Shared) -> RwLockWriteGuard<'_, Directory> {
    shared.write().unwrap_or_else(PoisonError::into_inner)
}
