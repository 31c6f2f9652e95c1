//! API keys, and who one is.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::Timestamp;
use provost_core::ExposeSecret as _;
use provost_store::ApiKey;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{Body, Path};
use crate::access::{Caller, Role, Scopes};
use crate::work::{KeyRequest, make_key, revoke_key};
use crate::{App, Problem};

/// A key, without what it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct KeyView {
    /// The part of the key that is no secret.
    id: String,
    /// What people call it.
    name: String,
    /// `viewer`, `operator` or `admin`
    role: String,
    /// Where.
    #[schema(value_type = Scopes)]
    scopes: Value,
    /// When it was made.
    created: String,
    /// By whom.
    created_by: String,
    /// From when on it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    /// Since when it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used: Option<String>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
        Self {
            id: key.id,
            name: key.name,
            role: key.role,
            scopes: key.scopes,
            created: key.created.to_string(),
            created_by: key.created_by,
            expires: text(key.expires),
            revoked: text(key.revoked),
            last_used: text(key.last_used),
        }
    }
}

/// All keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyList {
    items: Vec<KeyView>,
}

/// List the keys.
#[utoipa::path(get, path = "/api/v1/keys", tag = "access", responses(
    (status = OK, body = KeyList), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<KeyList>, Problem> {
    Ok(Json(KeyList { items: app.store.keys().await?.into_iter().map(KeyView::from).collect() }))
}

/// A key that was made. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewKeyView {
    /// The whole key.
    key: String,
    #[serde(flatten)]
    view: KeyView,
}

/// Make a key. Its holder gets no more than whoever makes it has.
#[utoipa::path(post, path = "/api/v1/keys", tag = "access", request_body = KeyRequest, responses(
    (status = CREATED, body = NewKeyView), (status = BAD_REQUEST, body = Problem),
    (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Body(request): Body<KeyRequest>,
) -> Result<(StatusCode, Json<NewKeyView>), Problem> {
    let new = make_key(&app, &caller, &request).await?;
    let key = new.key.expose_secret().to_owned();
    Ok((StatusCode::CREATED, Json(NewKeyView { key, view: new.kept.into() })))
}

/// Take a key away.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "access",
    params(("id" = String, Path, description = "The part of the key that is no secret")), responses(
    (status = NO_CONTENT), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    revoke_key(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// What tells them from others.
    id: String,
    /// What people call them.
    name: String,
    /// What they may do.
    role: Role,
    /// Where.
    scopes: Scopes,
    /// The server's version.
    version: &'static str,
}

/// Show who one is, and what one may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses(
    (status = OK, body = Me), (status = UNAUTHORIZED, body = Problem)))]
pub(crate) async fn me(Extension(caller): Extension<Caller>) -> Json<Me> {
    Json(Me {
        id: caller.actor.id,
        name: caller.actor.name,
        role: caller.role,
        scopes: caller.scopes,
        version: env!("CARGO_PKG_VERSION"),
    })
}
