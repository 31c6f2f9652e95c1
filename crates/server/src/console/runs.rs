//! Runs: the list with its filters, and one with its records.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use provost_store::{Run, RunKind, RunState};

use super::fields::{Asked, Fields};
use super::page::{Frame, Page};
use super::record::Shown;
use super::shown::{RunRow, moment, pretty};
use crate::access::Caller;
use crate::rest::page::cut;
use crate::rest::{
    body::Path,
    runs::{RunQuery, known, place},
};
use crate::{App, Problem};

/// How many runs or records are on a page.
pub(super) const SIZE: u64 = 50;
const FILTERS: [&str; 6] = ["kind", "command", "state", "subject", "instance", "actor"];

#[derive(Template)]
#[template(path = "runs.html")]
struct ListPage {
    frame: Frame,
    fields: Fields,
    kinds: Vec<&'static str>,
    states: Vec<&'static str>,
    runs: Vec<RunRow>,
    is_filtered: bool,
    older: Option<String>,
}

/// Those that the caller may see.
pub(super) fn allowed(caller: &Caller, runs: Vec<Run>) -> Vec<RunRow> {
    runs.into_iter().filter(|run| caller.may_see_any(&run.instances)).map(RunRow::from).collect()
}

/// The list, newest first.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let filter = fields.read::<RunQuery>(&FILTERS)?.filter()?;
    let runs = app.store.runs(&filter, fields.text("before"), SIZE + 1).await?;
    let (runs, next) = cut(runs, SIZE, |run| run.id.to_string());
    let page = ListPage {
        frame: Frame::new("Runs", "/runs", &caller),
        kinds: RunKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        states: RunState::ALL.iter().map(|state| state.as_str()).collect(),
        runs: allowed(&caller, runs),
        is_filtered: FILTERS.iter().any(|name| fields.is_set(name)),
        older: next.map(|next| fields.link("/runs", "before", &next)),
        fields,
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "run_detail.html")]
struct RunPage {
    frame: Frame,
    run: RunRow,
    ended: String,
    kind: &'static str,
    why: String,
    request: String,
    total: Option<u64>,
    records: Vec<Shown>,
    only_failed: bool,
    next: Option<String>,
}

/// One run.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let run = known(&app, &caller, &id).await?;
    let only_failed = fields.is_set("failed");
    let after = fields.text("after").map(place).transpose()?;
    let records = app.store.records(&id, after, only_failed, SIZE + 1).await?;
    let (records, next) = cut(records, SIZE, |record| format!("{}.{}", record.line, record.place));
    let allowed = records.into_iter().filter(|record| caller.may_see(Some(&record.instance)));
    let records = allowed.map(Shown::from).collect();
    let next = next.map(|next| fields.link(&format!("/runs/{id}"), "after", &next));
    let Run { ended, kind, ref why, ref request, total, .. } = run;
    let page = RunPage {
        frame: Frame::new(format!("{} · run", run.command), "/runs", &caller),
        ended: ended.map(moment).unwrap_or_default(),
        kind: kind.as_str(),
        why: why.clone().unwrap_or_default(),
        request: pretty(request),
        total,
        run: run.into(),
        records,
        only_failed,
        next,
    };
    Ok(Page(page).into_response())
}
