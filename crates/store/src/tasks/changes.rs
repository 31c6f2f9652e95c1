//! Changes of tasks that are written together with events and records.

use super::Lease;
use crate::StoreError;
use crate::db::{Sql, Tx};

/// Refuses to write for somebody whose lease has run out.
///
/// # Errors
/// [`StoreError::Conflict`] if the task was leased to somebody else meanwhile.
pub(crate) async fn held(tx: &mut Tx, lease: &Lease) -> Result<(), StoreError> {
    let sql = Sql::new(
        "SELECT 1 FROM tasks WHERE run = $1 AND line = $2 AND place = $3 AND fence = $4 AND state = 'leased'",
    );
    let sql = sql.bind(lease.run.as_str()).bind(lease.line).bind(lease.place).bind(lease.fence);
    tx.row(&sql).await?.map(|_| ()).ok_or_else(|| lost(lease))
}

/// Ends a task.
///
/// # Errors
/// As for [`held`].
pub(crate) async fn done(tx: &mut Tx, lease: &Lease) -> Result<(), StoreError> {
    // What it said is needed no longer, and may be private.
    let sql = Sql::new(
        "UPDATE tasks SET state = 'done', command = $1, node = NULL, lease = NULL \
         WHERE run = $2 AND line = $3 AND place = $4 AND fence = $5 AND state = 'leased'",
    );
    let sql =
        sql.bind(Vec::new()).bind(lease.run.as_str()).bind(lease.line).bind(lease.place).bind(lease.fence);
    if tx.run(&sql).await? == 1 { Ok(()) } else { Err(lost(lease)) }
}

/// Lets the tasks of a batch that was read wait.
pub(crate) async fn release(tx: &mut Tx, run: &str) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE tasks SET state = 'queued' WHERE run = $1 AND state = 'held'");
    tx.run(&sql.bind(run)).await.map(|_| ())
}

fn lost(lease: &Lease) -> StoreError {
    StoreError::Conflict(format!("the lease of line {} of {} has run out", lease.line, lease.run))
}
