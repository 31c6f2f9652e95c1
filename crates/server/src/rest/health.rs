//! Whether the server is well.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, Problem};

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

/// A text of JSON.
pub(crate) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
