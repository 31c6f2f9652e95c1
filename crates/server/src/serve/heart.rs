//! A server says from time to time that it is there, and looks after what others left behind.

use std::sync::Arc;
use std::time::Duration;

use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::StoreError;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use crate::{App, jobs};

/// How long answers to idempotency keys are remembered.
const REMEMBERED: Duration = Duration::from_hours(24);
/// How long a batch may be read.
const READING: Duration = Duration::from_hours(1);
/// After so many beats what is old is forgotten.
const TIDY: u32 = 60;

/// Says that the server is there.
pub(super) async fn begin(app: &App) -> Result<(), StoreError> {
    app.store.node_is_there(&app.node).await?;
    let after = Some(json!({"version": env!("CARGO_PKG_VERSION"), "node": app.node}));
    app.note(AuditEvent { after, ..app.event(AuditKind::Server, &App::itself(), "server started") }).await
}

/// Says it again and again.
pub(super) async fn beat(app: Arc<App>) {
    let mut every = tokio::time::interval(app.options.lease / 4);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut beats = 0_u32;
    loop {
        every.tick().await;
        // A store that cannot be reached now is reached by a later beat.
        let _ = once(&app).await;
        app.backlog.write(&app.store).await;
        let _ = jobs::finish_all(&app).await;
        if beats.is_multiple_of(TIDY) {
            let _ = app.store.forget_answers(app.store.now() - REMEMBERED).await;
            let _ = app.store.forget_sessions().await;
            let _ = app.store.forget_held(None, app.store.now() - READING).await;
        }
        beats = beats.wrapping_add(1);
    }
}

async fn once(app: &App) -> Result<(), StoreError> {
    app.store.node_is_there(&app.node).await?;
    app.store.renew_leases(&app.held.all(), app.options.lease).await?;
    for node in app.store.nodes_gone(app.options.lease).await? {
        if node != app.node {
            bury(app, node).await?;
        }
    }
    Ok(())
}

/// What a server that is gone was doing is interrupted.
async fn bury(app: &App, node: String) -> Result<(), StoreError> {
    let interrupted = app.store.interrupt_runs(std::slice::from_ref(&node)).await?;
    app.store.node_goes(&node).await?;
    let event = AuditEvent {
        after: Some(json!({"node": node, "interrupted-runs": interrupted})),
        result: AuditResult::Unknown,
        message: "a server went away without a word".to_owned(),
        ..app.event(AuditKind::Server, &App::itself(), "server gone")
    };
    app.note(event).await
}

/// Says that the server goes.
pub(super) async fn end(app: &App, is_finished: bool) {
    let (result, message) = match is_finished {
        true => (AuditResult::Success, ""),
        false => (AuditResult::Unknown, "some runs were still under way"),
    };
    app.backlog.write(&app.store).await;
    let event = app.event(AuditKind::Server, &App::itself(), "server stopped");
    // Whoever cannot say goodbye is found to be gone.
    let _ = app.note(AuditEvent { result, message: message.to_owned(), ..event }).await;
    if is_finished {
        let _ = app.store.node_goes(&app.node).await;
    }
}
