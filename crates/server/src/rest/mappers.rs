//! Mappers, and trying them out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use provost_core::{AuditEvent, AuditKind, Verb};
use provost_engine::lines::verb_of;
use provost_mapper::{Direction, Environment, Explained};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::{Body, Path};
use super::instances::{revision, tag};
use crate::access::{Caller, hash};
use crate::fleet::MapperView;
use crate::work::{Trial, Tried, try_out};
use crate::{App, Problem};

/// All mappers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapperList {
    items: Vec<MapperView>,
}

/// List the mappers, without their texts.
#[utoipa::path(get, path = "/api/v1/mappers", tag = "configuration", responses(
    (status = OK, body = MapperList), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<MapperList>, Problem> {
    Ok(Json(MapperList { items: app.fleet.mappers().await? }))
}

/// Show a mapper with its text.
#[utoipa::path(get, path = "/api/v1/mappers/{name}", tag = "configuration",
    params(("name" = String, Path, description = "The mapper")), responses(
    (status = OK, body = MapperView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Problem> {
    let mapper = find(&app, &name).await?;
    Ok((tag(mapper.revision), Json(mapper)).into_response())
}

/// A mapper with its text, or the problem that there is none.
pub(crate) async fn find(app: &App, name: &str) -> Result<MapperView, Problem> {
    let mapper = app.fleet.mapper(name).await?;
    mapper.ok_or_else(|| Problem::not_found(format!("there is no mapper `{name}`")))
}

/// A mapper that is to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MapperRequest {
    /// Its text, native (YAML) or of XSOAR (JSON).
    text: String,
}

/// Keep a mapper, or with `If-Match` change the one of that revision.
#[utoipa::path(put, path = "/api/v1/mappers/{name}", tag = "configuration", request_body = MapperRequest,
    params(("name" = String, Path, description = "The mapper"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the mapper that is changed; without it a new one is made")),
    responses((status = OK, body = MapperView), (status = CREATED, body = MapperView),
        (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
        (status = PRECONDITION_FAILED, body = Problem), (status = PAYLOAD_TOO_LARGE, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Body(request): Body<MapperRequest>,
) -> Result<Response, Problem> {
    let revision = revision(&headers)?;
    put_mapper(&app, &caller, &name, &request.text, revision).await?;
    let status = if revision.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let mapper = find(&app, &name).await?;
    Ok((status, tag(mapper.revision), Json(mapper)).into_response())
}

/// Keeps a mapper, and writes down who did it.
pub(crate) async fn put_mapper(
    app: &App,
    caller: &Caller,
    name: &str,
    text: &str,
    revision: Option<u64>,
) -> Result<(), Problem> {
    let before = app.fleet.mapper(name).await?.and_then(|mapper| mapper.text);
    let shown = |text: &str| json!({"mapper": name, "sha256": hash(text), "text": text});
    let event = AuditEvent {
        before: before.as_deref().map(shown),
        after: Some(shown(text)),
        ..app.event(AuditKind::Configuration, &caller.actor, "mapper kept")
    };
    app.fleet.put_mapper(name, text, revision, event).await
}

/// Take a mapper out of the store.
#[utoipa::path(delete, path = "/api/v1/mappers/{name}", tag = "configuration",
    params(("name" = String, Path, description = "The mapper")), responses(
    (status = NO_CONTENT), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let before = find(&app, &name).await?.text.map(|text| json!({"mapper": name, "text": text}));
    let event = app.event(AuditKind::Configuration, &caller.actor, "mapper removed");
    app.fleet.remove_mapper(&name, AuditEvent { before, ..event }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A mapper that is to be tried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct TryRequest {
    /// The mapper's text; without it, `mapper` says which one.
    #[serde(default)]
    text: Option<String>,
    /// The name of a mapper.
    #[serde(default)]
    mapper: Option<String>,
    /// A profile for an outgoing mapper, an account for an incoming one.
    #[schema(value_type = Object, example = json!({"email": "ann@example.com"}))]
    document: Value,
    /// Of the types of an XSOAR mapper, the one.
    #[serde(default)]
    r#type: Option<String>,
    /// The command for which an outgoing mapper is run.
    #[serde(default)]
    #[schema(default = "iam-update-user")]
    command: Option<String>,
}

/// What a mapper makes of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TryAnswer {
    /// The mapper's name.
    mapper: String,
    /// `incoming` or `outgoing`
    direction: &'static str,
    /// What it gives.
    #[schema(value_type = Object)]
    output: Value,
    /// The fields that failed, and why.
    #[schema(value_type = Vec<Object>)]
    errors: Vec<Value>,
    /// What has to be found out at a write.
    requests: Vec<String>,
    /// How each field came by its value.
    #[schema(value_type = Vec<Object>)]
    fields: Vec<Explained>,
    /// How many tests of its own it has.
    tests: usize,
    /// Which of them fail.
    failing: Vec<String>,
    /// Fields that none of them sets.
    untested: Vec<String>,
}

impl From<Tried> for TryAnswer {
    fn from(tried: Tried) -> Self {
        let error = |(field, problem)| json!({"field": field, "problem": problem});
        Self {
            mapper: tried.name,
            direction: match tried.direction {
                Direction::Incoming => "incoming",
                Direction::Outgoing => "outgoing",
            },
            output: tried.output,
            errors: tried.errors.into_iter().map(error).collect(),
            requests: tried.requests,
            fields: tried.fields,
            tests: tried.tests,
            failing: tried.failing,
            untested: tried.untested,
        }
    }
}

/// Try a mapper out: nothing is sent anywhere, and nothing is kept.
#[utoipa::path(post, path = "/api/v1/mappers/try", tag = "configuration", request_body = TryRequest, responses(
    (status = OK, body = TryAnswer), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn attempt(
    State(app): State<Arc<App>>,
    Body(request): Body<TryRequest>,
) -> Result<Json<TryAnswer>, Problem> {
    let text = match (request.text, &request.mapper) {
        (Some(text), _) => text,
        (None, Some(name)) => find(&app, name).await?.text.unwrap_or_default(),
        (None, None) => return Err(Problem::invalid("`text` or `mapper` says what is to be tried")),
    };
    let verb = request.command.as_deref().map_or(Ok(Verb::Update), verb_of).map_err(Problem::invalid)?;
    let (schema, now) = (app.fleet.schema().await?, app.store.now());
    let environment = Environment { now, seed: u64::try_from(now.as_microsecond()).unwrap_or_default() };
    let tried = tokio::task::spawn_blocking(move || {
        let trial =
            Trial { text: &text, document: &request.document, type_name: request.r#type.as_deref(), verb };
        try_out(&trial, schema, &environment)
    });
    let tried =
        tried.await.map_err(|_| Problem::bug("the mapper ended the try by a panic; please report it"))?;
    Ok(Json(tried?.into()))
}
