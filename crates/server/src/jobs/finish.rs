//! The end of a batch.

use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::{Counts, Ended, RunKind, RunState, StoreError, Write};
use serde_json::json;

use crate::{App, Problem};

/// Ends the batches of which nothing is left to do, and that nobody could end when that came.
pub(crate) async fn finish_all(app: &App) -> Result<(), Problem> {
    for run in app.store.idle_batches().await? {
        finish(app, &run).await?;
    }
    Ok(())
}

/// Ends a batch of which nothing is left to do. Whether it was ended now.
pub(crate) async fn finish(app: &App, run: &str) -> Result<bool, Problem> {
    if app.store.is_unfinished(run).await? {
        return Ok(false);
    }
    let Some(batch) = app.store.run(run).await? else { return Ok(false) };
    if batch.ended.is_some() || batch.kind != RunKind::Batch {
        return Ok(false);
    }
    let (counts, progress) = (app.store.counts(run).await?, app.store.progress(run).await?);
    let state = match (progress.cancelled, counts.failed) {
        (1.., _) => RunState::Cancelled,
        (0, 1..) => RunState::Failed,
        (0, 0) => RunState::Succeeded,
    };
    let Counts { succeeded, skipped, failed } = counts;
    let event = AuditEvent {
        run: Some(batch.id.clone()),
        result: if failed > 0 { AuditResult::Failure } else { AuditResult::Success },
        after: Some(
            json!({"state": state.as_str(), "succeeded": succeeded, "skipped": skipped, "failed": failed,
            "cancelled": progress.cancelled}),
        ),
        ..app.event(AuditKind::Batch, &App::itself(), "batch ended")
    };
    let ended = Ended { run: batch.id.clone(), state, at: app.store.now(), counts };
    match app.store.commit(vec![Write::EndFirst(Box::new(ended)), Write::Event(Box::new(event))]).await {
        // Somebody else was faster.
        Err(StoreError::Conflict(_)) => return Ok(false),
        ended => ended?,
    };
    if state != RunState::Cancelled {
        app.envelopes.end(&app.store, run).await?;
    }
    Ok(true)
}
