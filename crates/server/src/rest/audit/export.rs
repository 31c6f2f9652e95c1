//! The audit log as lines, for whoever keeps it or watches it elsewhere.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use provost_store::{Chained, EventFilter, ExportFormat, StoreError, export_line};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{EventQuery, sees};
use crate::access::Caller;
use crate::rest::body::Query;
use crate::rest::runs::word;
use crate::{App, Problem};

/// How many events are read at once.
const PAGE: u64 = 500;

/// Which events are wanted, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `jsonl`: word for word, with the hashes that prove it; `ocsf`: as OCSF has it
    #[param(default = "jsonl")]
    format: Option<String>,
    /// Only events behind the one of this number.
    #[serde(default)]
    #[param(default = 0)]
    after: u64,
    /// As in the list.
    kind: Option<String>,
    /// As in the list.
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
}

impl ExportQuery {
    fn filter(self) -> Result<EventFilter, Problem> {
        let Self { kind, result, actor, run, instance, subject, since, until, .. } = self;
        EventQuery { kind, result, actor, run, instance, subject, since, until, before: None, limit: None }
            .filter()
    }
}

/// Export events that are there now, oldest first, a line each.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit", params(ExportQuery), responses(
    (status = OK, content_type = "application/x-ndjson", body = String), (status = BAD_REQUEST, body = Problem),
    (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let formats: Vec<_> = ExportFormat::ALL.iter().map(|format| format.as_str()).collect();
    let format = word("format", query.format.as_deref(), ExportFormat::of_word, &formats)?;
    let (after, end) = (query.after, app.store.head().await?.seq);
    let format = format.unwrap_or(ExportFormat::Jsonl);
    let pages = Pages { app, caller, filter: query.filter()?, format, after, end, read: VecDeque::new() };
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
    ];
    Ok((headers, Body::from_stream(stream::try_unfold(pages, Pages::next))).into_response())
}

/// What is still to be read. A stream that breaks off was not whole: its length is not said
/// before its end.
struct Pages {
    app: Arc<App>,
    caller: Caller,
    filter: EventFilter,
    format: ExportFormat,
    after: u64,
    end: u64,
    read: VecDeque<Chained>,
}

impl Pages {
    async fn next(mut self) -> Result<Option<(String, Self)>, StoreError> {
        while self.read.is_empty() {
            if self.after >= self.end {
                return Ok(None);
            }
            let events = self.app.store.chained_after(&self.filter, self.after, PAGE).await?;
            self.after = events.last().map_or(self.end, |last| last.logged.seq);
            let wanted = |event: &Chained| event.logged.seq <= self.end && sees(&self.caller, &event.logged);
            self.read = events.into_iter().filter(wanted).collect();
        }
        let lines: String =
            self.read.drain(..).map(|event| export_line(self.format, &event) + "\n").collect();
        Ok(Some((lines, self)))
    }
}
