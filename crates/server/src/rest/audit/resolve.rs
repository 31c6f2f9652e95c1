//! Saying how a change ended whose end was not written.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::{LoggedEvent, Write};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{EventView, sees};
use crate::access::Caller;
use crate::rest::body::{Body, Path};
use crate::rest::commands::asked::reason;
use crate::rest::once::is_there;
use crate::{App, Problem};

/// A change that is so young may be under way at a server that is there.
const YOUNG: Duration = Duration::from_mins(10);

/// How a change ended, as somebody found out who has looked at the system.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRequest {
    /// `success` if the change is there, `failure` if it is not.
    #[schema(example = "success")]
    result: String,
    /// What was looked at.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Resolve a change whose end is not known.
#[utoipa::path(post, path = "/api/v1/audit/{seq}/resolve", tag = "audit", request_body = ResolveRequest,
    params(("seq" = u64, Path, description = "The number of the event of the kind `change.intended`")), responses(
    (status = CREATED, body = EventView), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn resolve(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(seq): Path<u64>,
    Body(request): Body<ResolveRequest>,
) -> Result<(StatusCode, Json<EventView>), Problem> {
    let event = resolve_change(&app, &caller, seq, &request.result, request.note.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(event.into())))
}

/// Writes down how it ended; the event that says so.
pub(crate) async fn resolve_change(
    app: &App,
    caller: &Caller,
    seq: u64,
    result: &str,
    note: Option<&str>,
) -> Result<LoggedEvent, Problem> {
    let Some(result @ (AuditResult::Success | AuditResult::Failure)) = AuditResult::of_word(result) else {
        return Err(Problem::invalid("`result` is `success` or `failure`"));
    };
    let why = reason(note)?;
    let intent = app.store.open_intent(seq).await?.filter(|intent| sees(caller, intent));
    let intent =
        intent.ok_or_else(|| Problem::not_found(format!("event {seq} is no change that is open")))?;
    refuse_what_is_under_way(app, &intent).await?;
    let intended = intent.event;
    let event = AuditEvent {
        run: intended.run,
        line: intended.line,
        instance: intended.instance,
        subject: intended.subject,
        account: intended.account,
        why,
        refers: Some(seq),
        result,
        ..app.event(AuditKind::Resolution, &caller.actor, intended.what)
    };
    let numbers = app.store.commit(vec![Write::Event(Box::new(event))]).await?;
    let written = app.store.event(numbers.first().copied().unwrap_or_default()).await?;
    written.ok_or_else(|| Problem::bug("the event that was written is not there"))
}

async fn refuse_what_is_under_way(app: &App, intent: &LoggedEvent) -> Result<(), Problem> {
    let is_young = intent.event.time + YOUNG > app.store.now();
    let may_end = is_young && app.store.endings(intent.seq).await?.is_empty();
    if may_end && is_there(app, &intent.event.node).await? {
        let problem =
            Problem::conflict(format!("event {} is a change that a server may still be at", intent.seq));
        return Err(problem.hint("wait for its end, or until the server is gone").in_seconds(60));
    }
    Ok(())
}
