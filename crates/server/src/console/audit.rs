//! The audit log: the list with its filters, and one event with what ended it.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::{AuditKind, AuditResult};
use provost_store::LoggedEvent;
use serde_json::Value;

use super::fields::{Asked, Fields, Sent};
use super::page::{Frame, Page};
use super::runs::SIZE;
use super::shown::{moment, person_link, pretty};
use crate::access::Caller;
use crate::rest::audit::resolve::resolve_change;
use crate::rest::audit::{EventQuery, sees};
use crate::rest::body::Path;
use crate::rest::page::cut;
use crate::{App, Problem};

const FILTERS: [&str; 8] = ["kind", "result", "actor", "run", "instance", "subject", "since", "until"];

/// An event as a row of a table.
pub(super) struct EventRow {
    pub(super) seq: u64,
    pub(super) time: String,
    pub(super) kind: &'static str,
    pub(super) what: String,
    pub(super) actor: String,
    pub(super) subject: String,
    pub(super) subject_link: String,
    pub(super) instance: String,
    pub(super) result: &'static str,
    pub(super) note: String,
}

impl From<LoggedEvent> for EventRow {
    fn from(logged: LoggedEvent) -> Self {
        let event = logged.event;
        let subject = event.subject.unwrap_or_default();
        Self {
            seq: logged.seq,
            time: moment(event.time),
            kind: event.kind.as_str(),
            what: event.what,
            actor: event.actor.name,
            subject_link: person_link(&subject),
            subject,
            instance: event.instance.map(|name| name.to_string()).unwrap_or_default(),
            // An intent stays what it was written as; what ended it is an event of its own.
            result: match event.kind {
                AuditKind::Intent => "intended",
                _ => event.result.as_str(),
            },
            note: if event.message.is_empty() { event.why.unwrap_or_default() } else { event.message },
        }
    }
}

/// Those that the caller may see.
pub(super) fn allowed(caller: &Caller, events: Vec<LoggedEvent>) -> Vec<EventRow> {
    events.into_iter().filter(|logged| sees(caller, logged)).map(EventRow::from).collect()
}

#[derive(Template)]
#[template(path = "audit.html")]
struct ListPage {
    frame: Frame,
    fields: Fields,
    kinds: Vec<&'static str>,
    results: Vec<&'static str>,
    events: Vec<EventRow>,
    is_filtered: bool,
    only_open: bool,
    export: String,
    older: Option<String>,
}

/// The list, newest first.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let filter = fields.read::<EventQuery>(&FILTERS)?.filter()?;
    let before = fields.text("before").map(number).transpose()?;
    let only_open = fields.is_set("open");
    let events = if only_open {
        app.store.open_intents(SIZE).await?
    } else {
        app.store.events(&filter, before, SIZE + 1).await?
    };
    let (events, next) = cut(events, SIZE, |event| event.seq.to_string());
    let page = ListPage {
        frame: Frame::new("Audit log", "/audit", &caller),
        kinds: AuditKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        results: AuditResult::ALL.iter().map(|result| result.as_str()).collect(),
        events: allowed(&caller, events),
        only_open,
        is_filtered: FILTERS.iter().any(|name| fields.is_set(name)),
        export: fields.without("before").link("/api/v1/audit/export", "format", "jsonl"),
        older: next.map(|next| fields.link("/audit", "before", &next)),
        fields,
    };
    Ok(Page(page).into_response())
}

fn number(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::invalid(format!("`before` is the number of an event, not `{text}`")))
}

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage {
    frame: Frame,
    event: EventRow,
    run: String,
    account: String,
    why: String,
    message: String,
    node: String,
    line: Option<u64>,
    refers: Option<u64>,
    before: String,
    after: String,
    request_ids: Vec<String>,
    hash: String,
    endings: Vec<EventRow>,
    is_open: bool,
}

/// One event.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(seq): Path<u64>,
) -> Result<Response, Problem> {
    let logged = app.store.event(seq).await?.filter(|logged| sees(&caller, logged));
    let logged = logged.ok_or_else(|| Problem::not_found(format!("there is no event {seq}")))?;
    let endings = app.store.endings(seq).await?;
    let event = logged.event.clone();
    let value = |value: &Option<Value>| value.as_ref().map(pretty).unwrap_or_default();
    let page = EventPage {
        frame: Frame::new(format!("Event {seq}"), "/audit", &caller),
        run: event.run.map(|run| run.to_string()).unwrap_or_default(),
        account: event.account.map(|account| account.to_string()).unwrap_or_default(),
        why: event.why.unwrap_or_default(),
        message: event.message,
        node: event.node,
        line: event.line,
        refers: event.refers,
        before: value(&event.before),
        after: value(&event.after),
        request_ids: event.request_ids,
        hash: logged.hash.clone(),
        is_open: app.store.open_intent(seq).await?.is_some(),
        event: logged.into(),
        endings: allowed(&caller, endings),
    };
    Ok(Page(page).into_response())
}

/// Says how a change ended.
pub(super) async fn resolve(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(seq): Path<u64>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    resolve_change(&app, &caller, seq, fields.shown("result"), Some(fields.shown("note"))).await?;
    Ok(Redirect::to(&format!("/audit/{seq}")).into_response())
}
