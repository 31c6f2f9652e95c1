//! The audit log.

pub(crate) mod export;
pub(crate) mod resolve;

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::Timestamp;
use provost_core::{AuditKind, AuditResult, InstanceName};
use provost_store::{EventFilter, LoggedEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{Path, Query};
use super::page;
use super::runs::word;
use crate::access::Caller;
use crate::{App, Problem};

/// An event with its place in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Its number, from 1 without gaps.
    seq: u64,
    /// Who did what to whom, why, and how it ended.
    #[schema(value_type = Object)]
    event: Value,
    /// SHA-256 over the hash before it, its number and its text.
    hash: String,
}

impl From<LoggedEvent> for EventView {
    fn from(logged: LoggedEvent) -> Self {
        let event = serde_json::from_str(&logged.body).unwrap_or_default();
        Self { seq: logged.seq, event, hash: logged.hash }
    }
}

/// A page of events, newest first. It is shorter where the key does not reach to all instances.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventPage {
    items: Vec<EventView>,
    /// The `before` of the next page; without it this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which events are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// `command`, `change.intended`, `change.ended`, `change.resolved`, `batch`, `configuration`,
    /// `access` or `server`
    kind: Option<String>,
    /// `open`, `success`, `skipped`, `failure` or `unknown`
    result: Option<String>,
    /// The id of a key or a person.
    actor: Option<String>,
    /// A run.
    run: Option<String>,
    /// An instance.
    instance: Option<String>,
    /// The person an event is about.
    subject: Option<String>,
    /// Not before this moment, as RFC 3339 writes it.
    #[param(format = DateTime)]
    since: Option<String>,
    /// Before this moment.
    #[param(format = DateTime)]
    until: Option<String>,
    /// Only events that are older than the one of this number.
    before: Option<u64>,
    /// How many.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
}

impl EventQuery {
    pub(crate) fn filter(self) -> Result<EventFilter, Problem> {
        let kinds: Vec<_> = AuditKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let results: Vec<_> = AuditResult::ALL.iter().map(|result| result.as_str()).collect();
        Ok(EventFilter {
            kind: word("kind", self.kind.as_deref(), AuditKind::of_word, &kinds)?,
            result: word("result", self.result.as_deref(), AuditResult::of_word, &results)?,
            actor: self.actor,
            run: self.run,
            instance: self.instance,
            subject: self.subject,
            since: moment("since", self.since.as_deref())?,
            until: moment("until", self.until.as_deref())?,
        })
    }
}

fn moment(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let wrong =
        |_| Problem::invalid(format!("`{name}` is a moment such as 2026-03-02T09:00:00Z, not `{text}`"));
    text.parse().map(Some).map_err(wrong)
}

/// Whether the caller may see an event.
pub(crate) fn sees(caller: &Caller, logged: &LoggedEvent) -> bool {
    caller.may_see(logged.event.instance.as_ref().map(InstanceName::as_str))
}

/// Those that the caller may see.
fn allowed(caller: &Caller, events: Vec<LoggedEvent>) -> Vec<EventView> {
    events.into_iter().filter(|logged| sees(caller, logged)).map(EventView::from).collect()
}

/// List events, newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(EventQuery), responses(
    (status = OK, body = EventPage), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<EventQuery>,
) -> Result<Json<EventPage>, Problem> {
    let (size, before) = (page::size(query.limit)?, query.before);
    let events = app.store.events(&query.filter()?, before, size + 1).await?;
    let (events, next) = page::cut(events, size, |event| event.seq.to_string());
    Ok(Json(EventPage { items: allowed(&caller, events), next }))
}

/// An event, and those that say how it ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventDetail {
    #[serde(flatten)]
    event: EventView,
    /// The events that end or resolve it.
    endings: Vec<EventView>,
}

/// Show an event.
#[utoipa::path(get, path = "/api/v1/audit/{seq}", tag = "audit",
    params(("seq" = u64, Path, description = "The event's number")), responses(
    (status = OK, body = EventDetail), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(seq): Path<u64>,
) -> Result<Json<EventDetail>, Problem> {
    let event = app.store.event(seq).await?.filter(|logged| sees(&caller, logged));
    let event = event.ok_or_else(|| Problem::not_found(format!("there is no event {seq}")))?;
    let endings = app.store.endings(seq).await?;
    Ok(Json(EventDetail { event: event.into(), endings: allowed(&caller, endings) }))
}
