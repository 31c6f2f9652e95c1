//! Sessions of people in a browser: a cookie with a random token, whose hash the store has.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE as COOKIE_HEADER;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provost_core::ActorKind;
use provost_store::Session;

use super::keys::hash;
use super::{Caller, Role};
use crate::{App, Problem};

/// The name of the cookie.
const COOKIE: &str = "provost_session";

/// How long a session lasts, and how long one at which nobody is.
const LASTS: Duration = Duration::from_hours(12);
const IDLE: Duration = Duration::from_hours(2);
/// How often it is noted that somebody is there.
const NOTED: Duration = Duration::from_mins(1);

/// Begins a session of somebody who has proved who they are; the token is for the cookie.
pub(crate) async fn sign_in(app: &App, caller: &Caller) -> Result<String, Problem> {
    let mut bytes = [0; 32];
    app.random.fill(&mut bytes);
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let now = app.store.now();
    let session = Session {
        hash: hash(&token),
        actor: caller.actor.clone(),
        role: caller.role.as_str().to_owned(),
        scopes: serde_json::to_value(&caller.scopes).unwrap_or_default(),
        created: now,
        expires: now + LASTS,
        last_seen: now,
    };
    app.store.add_session(&session).await?;
    Ok(token)
}

/// The cookie of a session. Scripts cannot read it, other sites cannot send it along.
pub(crate) fn cookie(token: &str, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}", LASTS.as_secs())
}

/// The cookie that takes a session away.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The token that a request shows.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    cookie_of(headers, COOKIE).filter(|token| token.len() == 43)
}

/// The cookie of this name.
pub(super) fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE_HEADER).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, text)| text)
}

/// Whoever is behind a token; nobody for a session that is over.
pub(super) async fn caller(app: &App, token: &str) -> Result<Option<Caller>, Problem> {
    let hash = hash(token);
    let Some(session) = app.store.session(&hash).await? else { return Ok(None) };
    let now = app.store.now();
    let Some(role) = Role::of_word(&session.role) else { return Ok(None) };
    if session.expires <= now || session.last_seen + IDLE <= now {
        return Ok(None);
    }
    // Whoever signed in with a key is signed out when it is taken away.
    let by_key = session.actor.kind == ActorKind::Key;
    if by_key && !app.keys.is_in_use(&app.store, &session.actor.id).await? {
        return Ok(None);
    }
    if session.last_seen + NOTED <= now {
        // Nothing is lost where it cannot be noted.
        let _ = app.store.session_seen(&hash).await;
    }
    let Ok(scopes) = serde_json::from_value(session.scopes) else { return Ok(None) };
    Ok(Some(Caller { actor: session.actor, role, scopes, session: Some(hash) }))
}
