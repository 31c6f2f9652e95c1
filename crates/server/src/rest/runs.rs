//! Runs and their records.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use provost_core::Actor;
use provost_store::{Run, RunFilter, RunKind, RunState, StoredRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{Path, Query};
use super::page;
use crate::access::Caller;
use crate::{App, Problem};

/// A run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RunView {
    /// What tells it from others; the order of ids is that of time.
    id: String,
    /// `command` or `batch`
    kind: &'static str,
    /// The command's name.
    command: String,
    /// `running`, `succeeded`, `failed`, `cancelled` or `interrupted`
    state: &'static str,
    /// Who asked for it.
    actor: ActorView,
    /// The person it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The instances that were asked.
    instances: Vec<String>,
    /// The reason that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Whether nothing was written.
    dry_run: bool,
    /// The arguments, without secrets.
    #[schema(value_type = Object)]
    request: Value,
    /// When it began.
    #[schema(format = DateTime)]
    started: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    ended: Option<String>,
    /// How many records succeeded.
    succeeded: u64,
    /// How many had nothing to do.
    skipped: u64,
    /// How many failed.
    failed: u64,
    /// How many lines a batch has.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// Somebody who asked for something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorView {
    /// `key`, `person`, `console` or `system`
    kind: &'static str,
    /// What tells it from others of the kind.
    id: String,
    /// What people call it.
    name: String,
}

impl RunView {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

impl From<Actor> for ActorView {
    fn from(actor: Actor) -> Self {
        Self { kind: actor.kind.as_str(), id: actor.id, name: actor.name }
    }
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        Self {
            id: run.id.to_string(),
            kind: run.kind.as_str(),
            command: run.command,
            state: run.state.as_str(),
            actor: run.actor.into(),
            subject: run.subject,
            instances: run.instances,
            reason: run.why,
            dry_run: run.dry_run,
            request: run.request,
            started: run.started.to_string(),
            ended: run.ended.map(|ended| ended.to_string()),
            succeeded: run.counts.succeeded,
            skipped: run.counts.skipped,
            failed: run.counts.failed,
            total: run.total,
        }
    }
}

/// A page of runs, newest first. It is shorter where the key does not reach to all instances.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunPage {
    items: Vec<RunView>,
    /// The `before` of the next page; without it this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which runs are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunQuery {
    /// `command` or `batch`
    kind: Option<String>,
    /// A command's name.
    command: Option<String>,
    /// `running`, `succeeded`, `failed`, `cancelled` or `interrupted`
    state: Option<String>,
    /// The id of a key or a person.
    actor: Option<String>,
    /// The person a run is about.
    subject: Option<String>,
    /// An instance that answered.
    instance: Option<String>,
    /// Only runs that are older than this one.
    before: Option<String>,
    /// How many.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
}

/// The word of a closed list, or a problem that names the list.
pub(crate) fn word<T>(
    name: &str,
    given: Option<&str>,
    of_word: fn(&str) -> Option<T>,
    all: &[&str],
) -> Result<Option<T>, Problem> {
    let Some(given) = given else { return Ok(None) };
    let wrong = || Problem::invalid(format!("`{name}` is one of {}, not `{given}`", all.join(", ")));
    of_word(given).map(Some).ok_or_else(wrong)
}

impl RunQuery {
    pub(crate) fn filter(self) -> Result<RunFilter, Problem> {
        let kinds: Vec<_> = RunKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let states: Vec<_> = RunState::ALL.iter().map(|state| state.as_str()).collect();
        Ok(RunFilter {
            kind: word("kind", self.kind.as_deref(), RunKind::of_word, &kinds)?,
            state: word("state", self.state.as_deref(), RunState::of_word, &states)?,
            command: self.command,
            actor: self.actor,
            subject: self.subject,
            instance: self.instance,
        })
    }
}

/// List runs, newest first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "runs", params(RunQuery), responses(
    (status = OK, body = RunPage), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<RunQuery>,
) -> Result<Json<RunPage>, Problem> {
    let (size, before) = (page::size(query.limit)?, query.before.clone());
    if let Some(before) = before.as_deref().filter(|before| !page::is_run(before)) {
        return Err(Problem::invalid(format!("`before` is the `next` of a page, not `{before}`")));
    }
    let runs = app.store.runs(&query.filter()?, before.as_deref(), size + 1).await?;
    let (runs, next) = page::cut(runs, size, |run| run.id.to_string());
    let allowed = runs.into_iter().filter(|run| caller.may_see_any(&run.instances));
    Ok(Json(RunPage { items: allowed.map(RunView::from).collect(), next }))
}

/// Show a run.
#[utoipa::path(get, path = "/api/v1/runs/{id}", tag = "runs",
    params(("id" = String, Path, description = "The run")), responses(
    (status = OK, body = RunView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<RunView>, Problem> {
    Ok(Json(known(&app, &caller, &id).await?.into()))
}

/// A run, or the problem that there is none that the caller may see.
pub(crate) async fn known(app: &App, caller: &Caller, id: &str) -> Result<Run, Problem> {
    let run = app.store.run(id).await?.filter(|run| caller.may_see_any(&run.instances));
    run.ok_or_else(|| Problem::not_found(format!("there is no run `{id}`")))
}

/// A record of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordView {
    /// The line of the batch; 0 for a single command.
    line: u64,
    /// The instance's place among those asked.
    place: u64,
    /// The uniform record, private attributes masked.
    #[serde(rename = "IAM.Vendor")]
    #[schema(value_type = Object)]
    vendor: Value,
    /// What to do about a failure.
    hints: Vec<String>,
    /// The steps that led to it.
    #[schema(value_type = Vec<Object>)]
    trace: Vec<Value>,
}

impl From<StoredRecord> for RecordView {
    fn from(record: StoredRecord) -> Self {
        let StoredRecord { line, place, record, hints, trace, .. } = record;
        Self { line, place, vendor: record, hints, trace }
    }
}

/// A page of records, in the order of lines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordPage {
    items: Vec<RecordView>,
    /// The `after` of the next page; without it this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which records are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RecordQuery {
    /// Only those that failed.
    #[serde(default)]
    failed: bool,
    /// Only those behind this place: `LINE.PLACE`.
    after: Option<String>,
    /// How many.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
}

/// List the records of a run.
#[utoipa::path(get, path = "/api/v1/runs/{id}/records", tag = "runs",
    params(("id" = String, Path, description = "The run"), RecordQuery), responses(
    (status = OK, body = RecordPage), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn records(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<RecordQuery>,
) -> Result<Json<RecordPage>, Problem> {
    known(&app, &caller, &id).await?;
    let size = page::size(query.limit)?;
    let after = query.after.as_deref().map(place).transpose()?;
    let records = app.store.records(&id, after, query.failed, size + 1).await?;
    let (records, next) = page::cut(records, size, |record| format!("{}.{}", record.line, record.place));
    let allowed = records.into_iter().filter(|record| caller.may_see(Some(&record.instance)));
    Ok(Json(RecordPage { items: allowed.map(RecordView::from).collect(), next }))
}

pub(crate) fn place(text: &str) -> Result<(u64, u64), Problem> {
    let parts =
        text.split_once('.').and_then(|(line, place)| Some((line.parse().ok()?, place.parse().ok()?)));
    parts.ok_or_else(|| Problem::invalid("`after` is the `next` of a page, such as `12.0`"))
}
