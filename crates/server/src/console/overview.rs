//! The first page: how the systems are, and what was done lately.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use provost_store::RunFilter;

use super::filters;
use super::instances::seen;
use super::page::{Frame, Page};
use super::runs::allowed;
use super::shown::RunRow;
use crate::access::Caller;
use crate::fleet::InstanceView;
use crate::{App, Problem};

/// How many runs are shown, and how far those that were interrupted are counted.
const RUNS: u64 = 10;
const INTERRUPTED: u64 = 100;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    instances: Vec<InstanceView>,
    runs: Vec<RunRow>,
    interrupted: usize,
    open: u64,
}

/// The overview.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let instances = seen(&app, &caller).await?;
    let runs = app.store.runs(&RunFilter::default(), None, RUNS).await?;
    let state = Some(provost_store::RunState::Interrupted);
    let interrupted =
        app.store.runs(&RunFilter { state, ..RunFilter::default() }, None, INTERRUPTED).await?.len();
    let open = app.store.count_open_intents().await?;
    let page = OverviewPage {
        frame: Frame::new("Overview", "/", &caller),
        instances,
        runs: allowed(&caller, runs),
        interrupted,
        open,
    };
    Ok(Page(page).into_response())
}
