//! API keys: who has one, making one, taking one away.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::ExposeSecret as _;
use provost_store::ApiKey;
use serde_json::{Value, json};

use super::fields::{Fields, Sent};
use super::page::{Frame, Page};
use super::shown::moment;
use crate::access::{Caller, Role};
use crate::rest::body::Path;
use crate::work::{KeyRequest, make_key, revoke_key};
use crate::{App, Problem};

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    frame: Frame,
    roles: Vec<&'static str>,
    keys: Vec<KeyRow>,
    /// The key that was just made. It is shown this once.
    made: Option<String>,
}

struct KeyRow {
    id: String,
    name: String,
    role: String,
    instances: String,
    commands: String,
    created: String,
    created_by: String,
    expires: String,
    revoked: String,
    last_used: String,
    is_over: bool,
}

impl KeyRow {
    fn of(key: ApiKey, now: jiff::Timestamp) -> Self {
        let names = |name: &str| match key.scopes[name].as_array() {
            Some(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            None => "all".to_owned(),
        };
        let text = |time: Option<jiff::Timestamp>| time.map(moment).unwrap_or_default();
        Self {
            instances: names("instances"),
            commands: names("commands"),
            created: moment(key.created),
            expires: text(key.expires),
            revoked: text(key.revoked),
            last_used: text(key.last_used),
            is_over: key.revoked.is_some() || key.expires.is_some_and(|expires| expires <= now),
            id: key.id,
            name: key.name,
            role: key.role,
            created_by: key.created_by,
        }
    }
}

async fn page(app: &App, caller: &Caller, made: Option<String>) -> Result<Page<KeysPage>, Problem> {
    let (keys, now) = (app.store.keys().await?, app.store.now());
    Ok(Page(KeysPage {
        frame: Frame::new("API keys", "/keys", caller),
        roles: Role::ALL.iter().map(|role| role.as_str()).collect(),
        keys: keys.into_iter().map(|key| KeyRow::of(key, now)).collect(),
        made,
    }))
}

/// The list.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    Ok(page(&app, &caller, None).await?.into_response())
}

/// Makes a key and shows it.
pub(super) async fn make(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let request: KeyRequest =
        serde_json::from_value(request(&fields)).map_err(|error| Problem::invalid(error.to_string()))?;
    let new = make_key(&app, &caller, &request).await?;
    let made = Some(new.key.expose_secret().to_owned());
    Ok((StatusCode::CREATED, page(&app, &caller, made).await?).into_response())
}

/// What the API would be sent.
fn request(fields: &Fields) -> Value {
    let names = |name: &str| -> Option<Vec<&str>> {
        let text = fields.text(name)?;
        Some(text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).collect())
    };
    let mut scopes = json!({});
    for name in ["instances", "commands"] {
        if let Some(names) = names(name) {
            scopes[name] = json!(names);
        }
    }
    // A field of a form names a day; a key is good until it begins.
    let expires = fields.text("expires").map(|day| format!("{day}T00:00:00Z"));
    json!({"name": fields.shown("name"), "role": fields.shown("role"), "scopes": scopes, "expires": expires})
}

/// Takes a key away.
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    revoke_key(&app, &caller, &id).await?;
    Ok(Redirect::to("/keys").into_response())
}
