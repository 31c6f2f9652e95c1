//! Signing in with an API key, and out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::{AuditEvent, AuditKind};
use serde_json::json;

use super::fields::{Asked, Sent};
use super::filters;
use super::page::{Frame, Page};
use crate::access::{self, Caller, by_key, clear_cookie, cookie};
use crate::serve::Peer;
use crate::{App, Problem};

const NO_KEY: &str = "that is no API key: one begins with `pv_` and has two parts";

#[derive(Template)]
#[template(path = "login.html")]
struct SignInPage {
    frame: Frame,
    next: String,
    problem: Option<String>,
    /// What the way to the identity provider is called.
    provider: Option<String>,
}

impl SignInPage {
    fn new(app: &App, next: &str, problem: Option<String>) -> Page<Self> {
        let (next, provider) = (local(next).to_owned(), app.log_in_label().map(str::to_owned));
        Page(Self { frame: Frame::for_anybody("Sign in"), next, problem, provider })
    }
}

/// The form.
pub(super) async fn show(State(app): State<Arc<App>>, Asked(fields): Asked) -> Response {
    SignInPage::new(&app, fields.shown("next"), None).into_response()
}

/// Begins a session of whoever shows a key.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    peer: Option<Extension<Peer>>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let address = peer.map(|Extension(peer)| peer.address.ip());
    let caller = match by_key(&app, fields.shown("key"), address, NO_KEY).await {
        Ok(caller) => caller,
        Err(problem) if problem.status == 401 => {
            let page = SignInPage::new(&app, fields.shown("next"), Some(problem.detail));
            return Ok((StatusCode::UNAUTHORIZED, page).into_response());
        }
        Err(problem) => return Err(problem),
    };
    app.note(session_event(&app, &caller, "signed in")).await?;
    let token = access::sign_in(&app, &caller).await?;
    let cookie = cookie(&token, app.options.is_secure);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(local(fields.shown("next")))).into_response())
}

/// Ends the session.
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    if let Some(session) = &caller.session {
        app.store.end_session(session).await?;
        app.note(session_event(&app, &caller, "signed out")).await?;
    }
    Ok(([(header::SET_COOKIE, clear_cookie())], Redirect::to("/login")).into_response())
}

fn session_event(app: &App, caller: &Caller, what: &str) -> AuditEvent {
    let after = Some(json!({"role": caller.role}));
    AuditEvent { after, ..app.event(AuditKind::Access, &caller.actor, what) }
}

/// An address of this server, or the first page. What begins with two slashes, of either kind,
/// is another server to a browser; blanks and the like are taken out by it.
fn local(next: &str) -> &str {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_local = next.starts_with('/') && !next.starts_with("//");
    if is_plain && is_local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/", "/runs?state=failed", "/people/ann%40example%2Ecom"] {
            assert_eq!(local(good), good);
        }
        for bad in
            ["", "runs", "//example.com", "/\\example.com", "/\t/example.com", "https://example.com", "/a\n"]
        {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
