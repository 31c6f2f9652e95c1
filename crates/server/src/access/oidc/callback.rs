//! The way back from the provider.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult, FaultKind, Secret};
use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::{self, Expected, plain};
use super::flow::Flow;
use super::metadata::Metadata;
use super::refusal::Refusal;
use super::token::Token;
use super::{Exchange, GroupRole, LogIn, grant, known, page, start};
use crate::access::{self, Caller, sessions};
use crate::serve::Peer;
use crate::{App, Problem};

/// What the provider answers with (RFC 6749, section 4.1.2; RFC 9207). That something is there
/// twice is an error.
#[derive(Deserialize)]
pub(super) struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Somebody who may come in, why, and where they want to go.
struct Welcome {
    caller: Caller,
    group: String,
    next: String,
}

/// Begins a session for whoever comes back with a good answer.
pub(super) async fn callback(
    State(app): State<Arc<App>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Result<Response, Problem> {
    let log_in = app.log_in.as_ref().ok_or_else(start::unknown)?;
    let (now, address) = (app.store.now(), peer.map(|Extension(peer)| peer.address.ip()));
    let cleared = cookie(log_in, &app, "", Duration::ZERO);
    match finish(&app, log_in, &headers, answer.ok().map(|Query(answer)| answer)).await {
        Ok(welcome) => enter(&app, log_in, welcome, cleared).await,
        Err(refusal) => {
            if let (true, Some(address)) = (refusal.is_attempt, address) {
                app.limits.count_guess(address, now)?;
            }
            app.note(refused(&app, log_in, &refusal)).await?;
            let mut response = refusal.problem.into_response();
            if let Ok(value) = cleared.parse() {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
    }
}

/// Who it is, and what they may do.
async fn finish(
    app: &App,
    log_in: &LogIn,
    headers: &HeaderMap,
    answer: Option<Answer>,
) -> Result<Welcome, Refusal> {
    let answer = answer.ok_or_else(|| Refusal::stray("this is no answer of an identity provider"))?;
    let flow = sessions::cookie_of(headers, cookie_name(log_in, app))
        .and_then(|cookie| Flow::open(cookie, &app.vault, app.store.now()));
    let flow = flow.ok_or_else(|| {
        let url = &log_in.settings.url;
        Refusal::stray(format!(
            "no log-in was begun in this browser at {url}, or it took longer than 10 minutes"
        ))
    })?;
    if answer.state.as_deref() != Some(&*flow.state) {
        return Err(Refusal::stray(
            "the answer belongs to another log-in than the one begun last in this browser",
        ));
    }
    let metadata = log_in.metadata(app.store.now()).await?;
    let code = code(answer, log_in, &metadata)?;
    let text = exchanged(log_in, &metadata, code, &flow).await?;
    let claims = verified(app, log_in, &metadata, &text, &flow).await?;
    let (caller, group) = admitted(log_in, &claims)?;
    Ok(Welcome { caller, group, next: flow.next })
}

/// The code of an answer that the issuer gave.
fn code(answer: Answer, log_in: &LogIn, metadata: &Metadata) -> Result<Secret, Refusal> {
    let is_issuers = match &answer.iss {
        Some(issuer) => *issuer == log_in.settings.issuer,
        None => !metadata.answers_say_issuer,
    };
    if !is_issuers {
        return Err(Refusal::denied("the answer is of another identity provider"));
    }
    if let Some(error) = &answer.error {
        let more = answer.error_description.as_deref().map(|text| format!(" ({})", plain(text)));
        let more = more.unwrap_or_default();
        return Err(Refusal::denied(format!("the identity provider says {}{more}", plain(error))));
    }
    let code = answer.code.filter(|code| !code.is_empty());
    code.map(Secret::from).ok_or_else(|| Refusal::stray("the answer has no code"))
}

/// The ID token that is given for the code.
async fn exchanged(
    log_in: &LogIn,
    metadata: &Metadata,
    code: Secret,
    flow: &Flow,
) -> Result<String, Refusal> {
    let exchange = Exchange {
        address: metadata.token.clone(),
        authentication: metadata.authentication,
        code,
        redirect: log_in.settings.redirect(),
        verifier: flow.verifier.clone().into(),
    };
    let answer = known::in_time(log_in.provider.exchange(exchange)).await;
    let answer = answer.map_err(|fault| match fault.kind {
        FaultKind::InvalidValue => Refusal::denied(fault.message),
        _ => Refusal::away("the identity provider gave no token", &fault),
    })?;
    let token = answer["id_token"].as_str().map(str::to_owned);
    token.ok_or_else(|| Refusal::denied("the identity provider gave no ID token"))
}

/// What a token says that is the provider's, is for us and is good now.
async fn verified(
    app: &App,
    log_in: &LogIn,
    metadata: &Metadata,
    text: &str,
    flow: &Flow,
) -> Result<Value, Refusal> {
    let token = Token::parse(text).map_err(Refusal::denied)?;
    let now = app.store.now();
    let key = log_in.key(&token, metadata, now).await?;
    if !key.has_signed(token.algorithm, token.signed.as_bytes(), &token.signature) {
        return Err(Refusal::denied("the signature of the ID token is wrong"));
    }
    let settings = &log_in.settings;
    let expected =
        Expected { issuer: &settings.issuer, client_id: &settings.client_id, nonce: &flow.nonce, now };
    claims::check(&token.claims, &expected).map_err(Refusal::denied)?;
    Ok(token.claims)
}

/// Somebody with a role, and the group that it is from.
fn admitted(log_in: &LogIn, claims: &Value) -> Result<(Caller, String), Refusal> {
    let settings = &log_in.settings;
    let actor = claims::person(claims, &settings.issuer);
    let Some(GroupRole { group, role, scopes }) = grant::granted(&settings.roles, &settings.claim, claims)
    else {
        return Err(Refusal::of_person(actor.clone(), without_role(&actor, &settings.claim, claims)));
    };
    Ok((Caller { actor, role: *role, scopes: scopes.clone(), session: None }, group.clone()))
}

fn without_role(actor: &Actor, claim: &str, claims: &Value) -> Problem {
    let problem = Problem::denied(format!("{} is in no group that has a role here", actor.name));
    if grant::are_left_out(claim, claims) {
        let hint = format!(
            "the provider left `{claim}` out because there are too many: have it send roles of this application"
        );
        return problem.hint(hint);
    }
    problem.hint(format!("the claim `{claim}` of the ID token is compared with the groups under `roles`"))
}

/// Notes who comes in, and lets them.
async fn enter(app: &App, log_in: &LogIn, welcome: Welcome, cleared: String) -> Result<Response, Problem> {
    let Welcome { caller, group, next } = welcome;
    let after =
        json!({"role": caller.role, "scopes": caller.scopes, "group": group, "by": log_in.settings.issuer});
    let event = app.event(AuditKind::Access, &caller.actor, "signed in");
    app.note(AuditEvent { after: Some(after), ..event }).await?;
    let token = access::sign_in(app, &caller).await?;
    let is_secure = app.options.is_secure || log_in.settings.is_secure();
    Ok(page::go_on(&next, [access::cookie(&token, is_secure), cleared]))
}

/// What the log is told of somebody who is not let in.
fn refused(app: &App, log_in: &LogIn, refusal: &Refusal) -> AuditEvent {
    let somebody = || {
        let id = log_in.settings.issuer.clone();
        Actor { kind: ActorKind::Person, id, name: "somebody unknown".to_owned() }
    };
    let actor = refusal.actor.as_deref().cloned().unwrap_or_else(somebody);
    let event = app.event(AuditKind::Access, &actor, "sign-in refused");
    AuditEvent { result: AuditResult::Failure, message: refusal.problem.detail.clone(), ..event }
}

/// With the prefix no other host, and nobody without TLS, can set it (RFC 6265bis, 4.1.3).
fn cookie_name(log_in: &LogIn, app: &App) -> &'static str {
    let is_secure = app.options.is_secure || log_in.settings.is_secure();
    if is_secure { "__Host-provost_login" } else { "provost_login" }
}

/// The cookie of a log-in under way. It has to come back with a click at the provider, which is
/// another site: `Lax` and not `Strict`.
pub(super) fn cookie(log_in: &LogIn, app: &App, text: &str, lasts: Duration) -> String {
    let name = cookie_name(log_in, app);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", lasts.as_secs())
}
