//! The one door: who asks, whether they may, and not too often.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::{Actor, ActorKind};
use tokio::time::Instant;

use super::routes::{Needs, methods, needs};
use super::{Caller, Role, Scopes, SplitKey, origin, sessions};
use crate::serve::Peer;
use crate::{App, Problem, metrics};

/// Lets a request through to its handler, with its [`Caller`], or answers it.
pub(crate) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let Some(path) = path else { return next.run(request).await };
    let Some(needs) = needs(request.method(), &path) else { return closed(&path) };
    let (begun, method) = (Instant::now(), request.method().clone());
    let response = answer(&app, needs, &path, request, next).await;
    metrics::request(&path, method.as_str(), response.status().as_u16(), begun.elapsed());
    response
}

async fn answer(app: &App, needs: Needs, path: &str, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(app, needs, &parts).await {
        Ok(caller) => {
            parts.extensions.insert(caller.clone());
            let mut response = next.run(Request::from_parts(parts, body)).await;
            // Pages that tell of problems are made outside of this door.
            response.extensions_mut().insert(caller);
            response
        }
        Err(problem) if problem.status == 401 && wants_whole_page(path, &parts) => {
            let target = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            let query = crate::console::encoded(target);
            Redirect::to(&format!("/login?next={query}")).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// The answer where the table has no line for the method.
fn closed(path: &str) -> Response {
    let allowed = methods(path);
    if allowed.is_empty() {
        // A route that the table does not know is nobody's.
        return Problem::denied("this route is not open to anybody").into_response();
    }
    let problem = Problem::wrong_method(format!("here only {allowed} can be used"));
    ([(header::ALLOW, allowed)], problem).into_response()
}

/// Whether somebody in a browser looks at a page, and no script asks for a part of one.
fn wants_whole_page(path: &str, request: &Parts) -> bool {
    let is_part = request.headers.contains_key("hx-request");
    request.method == Method::GET && !is_part && wants_page(path, &request.headers)
}

/// Whether what went wrong is shown to a person.
pub(crate) fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && (accepts.contains("text/html") || headers.contains_key("hx-request"))
}

async fn admit(app: &App, needs: Needs, request: &Parts) -> Result<Caller, Problem> {
    if needs == Needs::Nothing && !origin::is_own(&request.method, &request.headers) {
        return Err(Problem::denied("a browser sent this from another site"));
    }
    let caller = match identify(app, request).await {
        Ok(Some(caller)) => caller,
        Ok(None) | Err(_) if needs == Needs::Nothing => return Ok(nobody()),
        Ok(None) => {
            return Err(Problem::unauthenticated("this needs an API key, or somebody who has signed in"));
        }
        Err(problem) => return Err(problem),
    };
    let Needs::Role(role) = needs else { return Ok(caller) };
    app.limits.count(&caller.actor.id, app.store.now())?;
    if caller.role < role {
        let (name, has, wants) = (&caller.actor.name, caller.role.as_str(), role.as_str());
        return Err(Problem::denied(format!("{name} is {has}; this needs {wants}")));
    }
    Ok(caller)
}

/// Whoever sends the request; `None` for somebody who does not say.
async fn identify(app: &App, request: &Parts) -> Result<Option<Caller>, Problem> {
    let headers = &request.headers;
    let address = request.extensions.get::<Peer>().map(|peer| peer.address.ip());
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return by_header(app, value.to_str().unwrap_or_default(), address).await.map(Some);
    }
    let Some(token) = sessions::token(headers) else { return Ok(None) };
    let Some(caller) = sessions::caller(app, token).await? else { return Ok(None) };
    if !origin::is_own(&request.method, headers) {
        return Err(Problem::denied("a browser sent this from another site"));
    }
    Ok(Some(caller))
}

async fn by_header(app: &App, value: &str, address: Option<IpAddr>) -> Result<Caller, Problem> {
    let (scheme, key) = value.split_once(' ').unwrap_or_default();
    let key = if scheme.eq_ignore_ascii_case("bearer") { key } else { "" };
    by_key(app, key, address, "`Authorization` is not `Bearer pv_...`").await
}

/// Whoever holds a key. Addresses that show too many wrong ones are told to wait;
/// `otherwise` says what is wrong with what is no key at all.
pub(crate) async fn by_key(
    app: &App,
    key: &str,
    address: Option<IpAddr>,
    otherwise: &str,
) -> Result<Caller, Problem> {
    let caller = match SplitKey::parse(key) {
        Some(key) => app.keys.caller(&app.store, &key).await,
        None => Err(Problem::unauthenticated(otherwise)),
    };
    // Who shows a right key is not made to wait for what others behind the same address show.
    if let (Err(problem), Some(address)) = (&caller, address)
        && problem.status == 401
    {
        app.limits.count_guess(address, app.store.now())?;
    }
    caller
}

fn nobody() -> Caller {
    Caller {
        actor: Actor { kind: ActorKind::System, id: String::new(), name: "nobody".to_owned() },
        role: Role::Viewer,
        scopes: Scopes::default(),
        session: None,
    }
}
