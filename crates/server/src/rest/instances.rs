//! Instances and the kinds of systems.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use provost_core::{AuditEvent, AuditKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{Body, Path};
use crate::access::Caller;
use crate::fleet::{InstanceView, IntegrationView};
use crate::work::without_secrets;
use crate::{App, Problem};

/// All instances.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct InstanceList {
    items: Vec<InstanceView>,
    /// Whether they are written in a file, and cannot be changed here.
    read_only: bool,
}

/// List the instances.
#[utoipa::path(get, path = "/api/v1/instances", tag = "configuration", responses(
    (status = OK, body = InstanceList), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<InstanceList>, Problem> {
    let mut items = app.fleet.instances().await?;
    items.retain(|instance| caller.scopes.has_instance(&instance.name));
    Ok(Json(InstanceList { items, read_only: app.fleet.is_read_only() }))
}

/// Show an instance: its settings, of secrets only where they come from.
#[utoipa::path(get, path = "/api/v1/instances/{name}", tag = "configuration",
    params(("name" = String, Path, description = "The instance")), responses(
    (status = OK, body = InstanceView, headers(("ETag" = String, description = "The revision, for a change"))),
    (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    caller.may_ask(&name)?;
    let instance = find(&app, &name).await?;
    Ok((tag(instance.revision), Json(instance)).into_response())
}

async fn find(app: &App, name: &str) -> Result<InstanceView, Problem> {
    let known = app.fleet.instances().await?.into_iter().find(|instance| instance.name == name);
    known.ok_or_else(|| Problem::not_found(format!("there is no instance `{name}`")))
}

/// The revision as an entity tag (RFC 9110, section 8.8.3).
pub(crate) fn tag(revision: Option<u64>) -> HeaderMap {
    let value = revision.and_then(|revision| HeaderValue::from_str(&format!("\"{revision}\"")).ok());
    value.map(|value| (header::ETAG, value)).into_iter().collect()
}

/// The revision that is to be changed: `If-Match: "3"`. Without it a new thing is made.
pub(crate) fn revision(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    number.map(Some).ok_or_else(|| Problem::invalid("`If-Match` is the `ETag` of what is to be changed"))
}

/// Settings of an instance, as in `provost.yaml`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstanceRequest {
    /// The settings. Secrets are given as they are, and sealed before they are kept; one that is
    /// left as `sealed:...` stays what it is.
    #[schema(value_type = Object, example = json!({"integration": "okta-iam", "url": "https://acme.okta.com", "api-token": "..."}))]
    settings: Value,
}

/// Make an instance, or with `If-Match` change the one of that revision.
#[utoipa::path(put, path = "/api/v1/instances/{name}", tag = "configuration", request_body = InstanceRequest,
    params(("name" = String, Path, description = "The instance"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the instance that is changed; without it a new one is made")),
    responses((status = OK, body = InstanceView), (status = CREATED, body = InstanceView),
        (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = CONFLICT, body = Problem), (status = PRECONDITION_FAILED, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Body(request): Body<InstanceRequest>,
) -> Result<Response, Problem> {
    let revision = revision(&headers)?;
    put_instance(&app, &caller, &name, request.settings, revision).await?;
    let status = if revision.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let instance = find(&app, &name).await?;
    Ok((status, tag(instance.revision), Json(instance)).into_response())
}

/// Makes or changes an instance, and writes down who did it.
pub(crate) async fn put_instance(
    app: &App,
    caller: &Caller,
    name: &str,
    settings: Value,
    revision: Option<u64>,
) -> Result<(), Problem> {
    caller.may_ask(name)?;
    let before = find(app, name).await.ok().map(|instance| instance.settings);
    let what = if before.is_some() { "instance changed" } else { "instance made" };
    // The settings as they are given may hold secrets under any name.
    let after = app.fleet.shown(name, settings.clone()).await?;
    let event = AuditEvent {
        instance: Some(name.into()),
        before: before.map(without_secrets),
        after: Some(without_secrets(after)),
        ..app.event(AuditKind::Configuration, &caller.actor, what)
    };
    app.fleet.put_instance(name, settings, revision, event).await
}

/// Take an instance out of the configuration. Nothing is changed in its system.
#[utoipa::path(delete, path = "/api/v1/instances/{name}", tag = "configuration",
    params(("name" = String, Path, description = "The instance")), responses(
    (status = NO_CONTENT), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    remove_instance(&app, &caller, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an instance out, and writes down who did it.
pub(crate) async fn remove_instance(app: &App, caller: &Caller, name: &str) -> Result<(), Problem> {
    caller.may_ask(name)?;
    let before = find(app, name).await?;
    let event = AuditEvent {
        instance: Some(name.into()),
        before: Some(without_secrets(before.settings)),
        ..app.event(AuditKind::Configuration, &caller.actor, "instance removed")
    };
    app.fleet.remove_instance(name, event).await
}

/// All kinds of systems.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntegrationList {
    items: Vec<IntegrationView>,
}

/// List the kinds of systems, with their settings.
#[utoipa::path(get, path = "/api/v1/integrations", tag = "configuration", responses(
    (status = OK, body = IntegrationList), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn integrations(State(app): State<Arc<App>>) -> Result<Json<IntegrationList>, Problem> {
    Ok(Json(IntegrationList { items: app.fleet.integrations().await? }))
}
