//! The queue: lines of batches that wait, are leased to a server, or are done.
//!
//! A lease has a number, the fence, that grows each time a task is leased. Whoever comes back
//! after the lease ran out has an old number and can write nothing any more. Of tasks in one
//! lane one is leased at a time, in the order of their batches and lines.

use std::time::Duration;

use jiff::Timestamp;
use provost_core::words;

use crate::db::{Param, Row, Sql, Table, Tx, insert};
use crate::{Store, StoreError};

words!(
    /// How far a task is.
    TaskState {
        /// It waits.
        Queued = "queued",
        /// A server works on it.
        Leased = "leased",
        /// It has its records.
        Done = "done",
        /// It is not to be done.
        Cancelled = "cancelled",
    }
);

/// A line that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The line, from 1.
    pub line: u64,
    /// What tasks about the same person have in common.
    pub lane: String,
    /// What is to be done, sealed by whoever made it.
    pub command: Vec<u8>,
}

/// A task that a server works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The batch.
    pub run: String,
    /// The line.
    pub line: u64,
    /// What is to be done.
    pub command: Vec<u8>,
    /// How often it was begun, this time included.
    pub attempts: u64,
    /// The number of the lease.
    pub fence: u64,
}

/// How many tasks of a batch are how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// They wait.
    pub queued: u64,
    /// A server works on them.
    pub leased: u64,
    /// They have their records.
    pub done: u64,
    /// They are not to be done.
    pub cancelled: u64,
}

/// The lock of PostgreSQL under which tasks are leased: two servers that lease at the same time
/// could take two tasks of one lane.
const LEASING: &str = "SELECT pg_advisory_xact_lock(7093301)";

const TASKS: Table<8> =
    Table { name: "tasks", columns: ["run", "line", "lane", "state", "command", "attempts", "due", "fence"] };

/// Ends a task.
///
/// # Errors
/// [`StoreError::Conflict`] if it was leased to somebody else meanwhile.
pub(crate) async fn done(tx: &mut Tx, run: &str, line: u64, fence: u64) -> Result<(), StoreError> {
    // What it said is needed no longer, and may be private.
    let sql = Sql::new(
        "UPDATE tasks SET state = 'done', command = $1, node = NULL, lease = NULL \
         WHERE run = $2 AND line = $3 AND fence = $4 AND state = 'leased'",
    );
    match tx.run(&sql.bind(Vec::new()).bind(run).bind(line).bind(fence)).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(format!("the lease of line {line} of {run} has run out"))),
    }
}

impl Store {
    /// Adds tasks to a batch. They wait from now on.
    ///
    /// # Errors
    /// A store that cannot be written; a line that is there already.
    pub async fn enqueue(&self, run: &str, tasks: &[Task]) -> Result<(), StoreError> {
        let now = self.now();
        let row = |task: &Task| -> [Param<'static>; 8] {
            [
                run.to_owned().into(),
                task.line.into(),
                task.lane.clone().into(),
                TaskState::Queued.as_str().into(),
                task.command.clone().into(),
                0_u64.into(),
                now.into(),
                0_u64.into(),
            ]
        };
        let mut tx = self.database.begin().await?;
        insert(&mut tx, &TASKS, tasks.iter().map(row).collect()).await?;
        tx.commit().await
    }

    /// Leases some tasks that wait and whose lane is free. Those whose lease has run out wait
    /// again.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn lease(&self, node: &str, lasts: Duration, most: u64) -> Result<Vec<Leased>, StoreError> {
        let now = self.now();
        let mut tx = self.database.begin().await?;
        if !tx.is_sqlite() {
            tx.rows(&Sql::new(LEASING)).await?;
        }
        let back = Sql::new(
            "UPDATE tasks SET state = 'queued', node = NULL, lease = NULL WHERE state = 'leased' AND lease < $1",
        );
        tx.run(&back.bind(now)).await?;
        let sql = Sql::new(
            "UPDATE tasks SET state = 'leased', node = $1, lease = $2, fence = fence + 1, attempts = attempts + 1 \
             WHERE (run, line) IN (SELECT t.run, t.line FROM tasks t WHERE t.state = 'queued' AND t.due <= $3 \
             AND NOT EXISTS (SELECT 1 FROM tasks e WHERE e.lane = t.lane AND e.state IN ('queued', 'leased') \
             AND (e.state = 'leased' OR (e.run, e.line) < (t.run, t.line))) \
             ORDER BY t.run, t.line LIMIT $4) RETURNING run, line, command, attempts, fence",
        );
        let rows = tx.rows(&sql.bind(node).bind(now + lasts).bind(now).bind(most)).await?;
        tx.commit().await?;
        let mut leased = rows.iter().map(leased).collect::<Result<Vec<_>, _>>()?;
        leased.sort_by(|a, b| (&a.run, a.line).cmp(&(&b.run, b.line)));
        Ok(leased)
    }

    /// Makes the leases of a server last longer.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn renew_leases(&self, node: &str, lasts: Duration) -> Result<u64, StoreError> {
        let sql = Sql::new("UPDATE tasks SET lease = $1 WHERE node = $2 AND state = 'leased'");
        self.database.run(&sql.bind(self.now() + lasts).bind(node)).await
    }

    /// Lets a task wait again, until a moment. Whether the lease was still ours.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn put_back(&self, task: &Leased, due: Timestamp) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE tasks SET state = 'queued', due = $1, node = NULL, lease = NULL \
             WHERE run = $2 AND line = $3 AND fence = $4 AND state = 'leased'",
        );
        let sql = sql.bind(due).bind(task.run.as_str()).bind(task.line).bind(task.fence);
        Ok(self.database.run(&sql).await? == 1)
    }

    /// Takes the tasks of a batch that wait out of the queue. How many.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn cancel_tasks(&self, run: &str) -> Result<u64, StoreError> {
        let sql = Sql::new("UPDATE tasks SET state = 'cancelled' WHERE run = $1 AND state = 'queued'");
        self.database.run(&sql.bind(run)).await
    }

    /// Puts the cancelled tasks of a batch back. How many.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn resume_tasks(&self, run: &str) -> Result<u64, StoreError> {
        let mut tx = self.database.begin().await?;
        let sql = Sql::new(
            "UPDATE tasks SET state = 'queued', attempts = 0, due = $1 WHERE run = $2 AND state = 'cancelled'",
        );
        let resumed = tx.run(&sql.bind(self.now()).bind(run)).await?;
        if resumed > 0 {
            let sql = Sql::new("UPDATE runs SET state = 'running', ended = NULL WHERE id = $1");
            tx.run(&sql.bind(run)).await?;
        }
        tx.commit().await?;
        Ok(resumed)
    }

    /// How far a batch is.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn progress(&self, run: &str) -> Result<Progress, StoreError> {
        let sql = Sql::new("SELECT state, COUNT(*) FROM tasks").with(" WHERE run = ", run, " GROUP BY state");
        let mut progress = Progress::default();
        for row in self.database.rows(&sql).await? {
            let count = row.count(1)?;
            match TaskState::of_word(&row.text(0)?) {
                Some(TaskState::Queued) => progress.queued = count,
                Some(TaskState::Leased) => progress.leased = count,
                Some(TaskState::Done) => progress.done = count,
                Some(TaskState::Cancelled) => progress.cancelled = count,
                None => return Err(StoreError::Damaged("a task has no state that we know".to_owned())),
            }
        }
        Ok(progress)
    }

    /// Whether a batch has tasks that are neither done nor cancelled.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn is_unfinished(&self, run: &str) -> Result<bool, StoreError> {
        let sql = Sql::new("SELECT 1 FROM tasks WHERE state IN ('queued', 'leased')").with(
            " AND run = ",
            run,
            " LIMIT 1",
        );
        Ok(self.database.row(&sql).await?.is_some())
    }
}

fn leased(row: &Row) -> Result<Leased, StoreError> {
    Ok(Leased {
        run: row.text(0)?,
        line: row.count(1)?,
        command: row.bytes(2)?,
        attempts: row.count(3)?,
        fence: row.count(4)?,
    })
}
