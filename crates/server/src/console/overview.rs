//! The first page: how the systems are, and what was done lately.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use provost_store::RunFilter;

use super::filters;
use super::page::{Frame, Page};
use super::shown::RunRow;
use crate::access::Caller;
use crate::fleet::InstanceView;
use crate::{App, Problem};

/// How many runs are shown, and to how many open changes they are counted.
const RUNS: u64 = 10;
const OPEN: u64 = 100;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    instances: Vec<InstanceView>,
    runs: Vec<RunRow>,
    interrupted: usize,
    open: usize,
    has_more_open: bool,
}

/// The overview.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let mut instances = app.fleet.instances().await?;
    instances.retain(|instance| caller.scopes.has_instance(&instance.name));
    let runs = app.store.runs(&RunFilter::default(), None, RUNS).await?;
    let state = Some(provost_store::RunState::Interrupted);
    let interrupted = app.store.runs(&RunFilter { state, ..RunFilter::default() }, None, OPEN).await?.len();
    let open = app.store.open_intents(OPEN).await?.len();
    let page = OverviewPage {
        frame: Frame::new("Overview", "/", &caller),
        instances,
        runs: runs.into_iter().map(RunRow::from).collect(),
        interrupted,
        open,
        has_more_open: open as u64 == OPEN,
    };
    Ok(Page(page).into_response())
}
