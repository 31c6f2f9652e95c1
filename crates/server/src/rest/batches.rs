//! Batches.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use futures_util::{Stream, StreamExt as _, stream};
use provost_core::{AuditEvent, AuditKind, Selection};
use provost_engine::lines::{Format, verb_of};
use provost_store::{Run, RunKind};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::body::{Path, Query, refuse_large};
use super::commands::asked::reason;
use super::once::{Once, Turn};
use super::runs::{RunView, known};
use crate::access::Caller;
use crate::jobs::{self, BatchOrder, Reading};
use crate::{App, Problem};

/// How large a batch is, in bytes, and how long a piece of it may take.
const LARGEST: usize = 256 << 20;
const SLOWEST: Duration = Duration::from_secs(30);
/// How often progress is told.
const OFTEN: Duration = Duration::from_millis(500);

/// What holds for the lines that do not say otherwise.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchQuery {
    /// The command of lines that hold a profile alone.
    #[serde(default = "update")]
    #[param(default = "iam-update-user")]
    command: String,
    /// Whether disabled accounts are put back in use.
    #[serde(default = "yes")]
    #[param(default = true)]
    allow_enable: bool,
    /// Look the accounts up and decide, but write nothing.
    #[serde(default)]
    dry_run: bool,
    /// Only these instances, with commas between.
    #[serde(default)]
    using: String,
    /// Only instances of these brands.
    #[serde(default)]
    using_brand: String,
    /// Why: it is kept in the audit log.
    reason: Option<String>,
}

fn update() -> String {
    "iam-update-user".to_owned()
}

fn yes() -> bool {
    true
}

/// A batch, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchView {
    #[serde(flatten)]
    run: RunView,
    progress: ProgressView,
}

/// How many of a batch's tasks, a line at an instance each, are how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProgressView {
    /// They wait.
    waiting: u64,
    /// A server works on them.
    running: u64,
    /// They have their records.
    done: u64,
    /// They are not to be done.
    cancelled: u64,
    /// Of the records: what was asked for was done.
    succeeded: u64,
    /// Of the records: there was nothing to do.
    skipped: u64,
    /// Of the records: it failed.
    failed: u64,
    /// How far the whole is: `running`, `succeeded`, `failed` or `cancelled`.
    state: &'static str,
}

async fn progress(app: &App, run: &Run) -> Result<ProgressView, Problem> {
    let tasks = app.store.progress(run.id.as_str()).await?;
    let counts = match run.ended {
        Some(_) => run.counts,
        None => app.store.counts(run.id.as_str()).await?,
    };
    Ok(ProgressView {
        waiting: tasks.queued,
        running: tasks.leased,
        done: tasks.done,
        cancelled: tasks.cancelled,
        succeeded: counts.succeeded,
        skipped: counts.skipped,
        failed: counts.failed,
        state: run.state.as_str(),
    })
}

async fn view(app: &App, caller: &Caller, id: &str) -> Result<BatchView, Problem> {
    let run = batch(app, caller, id).await?;
    let progress = progress(app, &run).await?;
    Ok(BatchView { run: run.into(), progress })
}

async fn batch(app: &App, caller: &Caller, id: &str) -> Result<Run, Problem> {
    let run = known(app, caller, id).await?;
    if run.kind != RunKind::Batch {
        return Err(Problem::not_found(format!("the run `{id}` is no batch")));
    }
    Ok(run)
}

/// Begin a batch: a user profile or a whole command on each line of JSON, or a table in CSV
/// with a header (`Content-Type: text/csv`). Nothing is begun before all of it was read.
#[utoipa::path(post, path = "/api/v1/batches", tag = "batches", params(BatchQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "A batch that comes twice with the same key is begun once")),
    request_body(content((String = "application/x-ndjson"), (String = "text/csv"))),
    responses((status = ACCEPTED, body = BatchView), (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = REQUEST_TIMEOUT, body = Problem), (status = CONFLICT, body = Problem),
        (status = PAYLOAD_TOO_LARGE, body = Problem), (status = UNSUPPORTED_MEDIA_TYPE, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<BatchQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let text =
        json!(["batch", query.command, query.allow_enable, query.dry_run, query.using, query.using_brand]);
    let order = order(&query, &headers)?;
    refuse_large(&body, LARGEST)?;
    let once = match Once::take(&app, &caller, &headers, &text.to_string()).await? {
        Turn::Go(once) => once,
        Turn::Replay(response) => return Ok(response),
    };
    let begun = match read(&app, caller.clone(), order, body).await {
        Ok(run) => view(&app, &caller, run.id.as_str()).await,
        Err(problem) => Err(problem),
    };
    let view = match begun {
        Ok(view) => view,
        Err(problem) => {
            once.give_back(&app).await;
            return Err(problem);
        }
    };
    if let Some(answer) = once.answer(StatusCode::ACCEPTED, &json!(view)) {
        app.store.commit(vec![answer]).await?;
    }
    let location = format!("/api/v1/batches/{}", view.run.id());
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(view)).into_response())
}

fn order(query: &BatchQuery, headers: &HeaderMap) -> Result<BatchOrder, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let format = match kind.split(';').next().unwrap_or_default().trim() {
        "text/csv" => Format::Csv,
        "application/x-ndjson" | "application/jsonl" | "application/json" | "text/plain" | "" => {
            Format::Jsonl
        }
        other => {
            return Err(Problem::wrong_type(format!(
                "a batch is `application/x-ndjson` or `text/csv`, not `{other}`"
            )));
        }
    };
    let names = |text: &str| -> Vec<String> {
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    Ok(BatchOrder {
        verb: verb_of(&query.command).map_err(Problem::invalid)?,
        allow_enable: query.allow_enable,
        dry_run: query.dry_run,
        asked: Selection { using: names(&query.using), using_brand: names(&query.using_brand) },
        why: reason(query.reason.as_deref())?,
        format,
    })
}

/// Reads the body into the queue, piece by piece.
async fn read(app: &Arc<App>, caller: Caller, order: BatchOrder, body: Body) -> Result<Run, Problem> {
    let mut reading = Reading::begin(app, caller, order).await?;
    let run = reading.run.clone();
    let read = match pieces(&mut reading, body).await {
        Ok(()) => reading.finish().await,
        Err(problem) => Err(problem),
    };
    if read.is_err() {
        Reading::abandon(app, &run).await;
    }
    read
}

async fn pieces(reading: &mut Reading, body: Body) -> Result<(), Problem> {
    let (mut pieces, mut size) = (body.into_data_stream(), 0);
    loop {
        let piece = tokio::time::timeout(SLOWEST, pieces.next()).await;
        match piece.map_err(|_| Problem::slow("the batch did not come in time"))? {
            None => return Ok(()),
            Some(Err(_)) => return Err(Problem::invalid("the batch broke off")),
            Some(Ok(bytes)) => {
                size += bytes.len();
                if size > LARGEST {
                    return Err(Problem::too_large(format!("a batch has at most {} MB", LARGEST >> 20)));
                }
                reading.push(&bytes).await?;
            }
        }
    }
}

/// Show a batch, and how far it is.
#[utoipa::path(get, path = "/api/v1/batches/{id}", tag = "batches",
    params(("id" = String, Path, description = "The batch's run")),
    responses((status = OK, body = BatchView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<BatchView>, Problem> {
    view(&app, &caller, &id).await.map(Json)
}

/// Follow a batch: an event `progress` whenever something changed, and `end` when it is over
/// (server-sent events).
#[utoipa::path(get, path = "/api/v1/batches/{id}/progress", tag = "batches",
    params(("id" = String, Path, description = "The batch's run")),
    responses((status = OK, content_type = "text/event-stream", body = String), (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn follow(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    batch(&app, &caller, &id).await?;
    let steps = stream::unfold(Following { app, caller, id, last: None, is_over: false }, Following::next);
    Ok(Sse::new(steps).keep_alive(KeepAlive::default()))
}

/// Somebody who watches a batch.
struct Following {
    app: Arc<App>,
    caller: Caller,
    id: String,
    last: Option<ProgressView>,
    is_over: bool,
}

impl Following {
    /// The next change.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.is_over {
            return None;
        }
        loop {
            // A store that cannot be reached now is asked again; the stream ends with the server.
            if let Ok(run) = batch(&self.app, &self.caller, &self.id).await
                && let Ok(progress) = progress(&self.app, &run).await
            {
                self.is_over = run.ended.is_some();
                if self.is_over || self.last.as_ref() != Some(&progress) {
                    let name = if self.is_over { "end" } else { "progress" };
                    let event = Event::default().event(name).data(json!(progress).to_string());
                    self.last = Some(progress);
                    return Some((Ok(event), self));
                }
            }
            tokio::select! {
                () = tokio::time::sleep(OFTEN) => {}
                () = self.app.stopping.cancelled() => return None,
            }
        }
    }
}

/// Cancel a batch: what is begun is finished, what waits is not begun.
#[utoipa::path(post, path = "/api/v1/batches/{id}/cancel", tag = "batches",
    params(("id" = String, Path, description = "The batch's run")),
    responses((status = OK, body = BatchView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<BatchView>, Problem> {
    let run = batch(&app, &caller, &id).await?;
    refuse_strangers(&app, &caller, &run).await?;
    if run.ended.is_some() {
        return Err(Problem::conflict(format!("the batch `{id}` is over")));
    }
    note(&app, &caller, &run, "batch cancelled").await?;
    app.store.cancel_tasks(&id).await?;
    jobs::finish(&app, &id).await?;
    view(&app, &caller, &id).await.map(Json)
}

/// Resume a batch that was cancelled.
#[utoipa::path(post, path = "/api/v1/batches/{id}/resume", tag = "batches",
    params(("id" = String, Path, description = "The batch's run")),
    responses((status = OK, body = BatchView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
        (status = NOT_FOUND, body = Problem), (status = CONFLICT, body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn resume(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<BatchView>, Problem> {
    let run = batch(&app, &caller, &id).await?;
    refuse_strangers(&app, &caller, &run).await?;
    if app.store.progress(&id).await?.cancelled == 0 {
        return Err(Problem::conflict(format!("nothing of the batch `{id}` was cancelled")));
    }
    note(&app, &caller, &run, "batch resumed").await?;
    app.store.resume_tasks(&id).await?;
    app.wake.notify_one();
    view(&app, &caller, &id).await.map(Json)
}

/// Refuses somebody who did not begin the batch, and could not have begun all of it.
async fn refuse_strangers(app: &App, caller: &Caller, run: &Run) -> Result<(), Problem> {
    if caller.scopes.are_all() || caller.actor.id == run.actor.id {
        return Ok(());
    }
    // Which commands the lines hold is sealed.
    if caller.scopes.commands.is_some() {
        return Err(Problem::denied(format!("{} may not run every command", caller.actor.name)));
    }
    let instances = app.store.instances_of_tasks(run.id.as_str()).await?;
    instances.iter().try_for_each(|instance| caller.may_ask(instance))
}

async fn note(app: &App, caller: &Caller, run: &Run, what: &str) -> Result<(), Problem> {
    let event = app.event(AuditKind::Batch, &caller.actor, what);
    Ok(app.note(AuditEvent { run: Some(run.id.clone()), ..event }).await?)
}
