//! Whether the server is well.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, Problem, metrics};

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`
    status: &'static str,
}

const OK: Health = Health { status: "ok" };

/// Whether the process answers.
#[utoipa::path(get, path = "/livez", tag = "health", security(()), responses((status = OK, body = Health)))]
pub(crate) async fn alive() -> Json<Health> {
    Json(OK)
}

/// Whether requests can be served: the store answers, and the server is not stopping.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = OK, body = Health), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>, Problem> {
    if app.stopping.is_cancelled() {
        return Err(Problem::unavailable("the server is stopping").in_seconds(5));
    }
    app.store.ping().await?;
    Ok(Json(OK))
}

/// What the server counts, as Prometheus reads it.
#[utoipa::path(get, path = "/metrics", tag = "health", responses(
    (status = OK, content_type = "text/plain", body = String), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let levels = metrics::Levels {
        tasks_waiting: app.store.waiting_tasks().await?,
        intents_open: app.store.count_open_intents().await?,
        events: app.store.head().await?.seq,
        running: app.running.len(),
    };
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, metrics::render(&levels)).into_response())
}

/// A text of JSON.
pub(crate) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
