//! The queue: lines of batches at instances that wait, are leased to a server, or are done.
//!
//! A lease has a number, the fence, that grows each time a task is leased. Whoever comes back
//! after the lease ran out has an old number and can write nothing any more. Of tasks in one
//! lane one is leased at a time, in the order of their batches and lines.

mod changes;

use std::time::Duration;

use jiff::Timestamp;
use provost_core::words;

use crate::db::{Param, Row, Sql, Table, insert};
use crate::{Store, StoreError};

pub(crate) use changes::{done, held, release};

words!(
    /// How far a task is.
    TaskState {
        /// Its batch is still being read.
        Held = "held",
        /// It waits.
        Queued = "queued",
        /// A server works on it.
        Leased = "leased",
        /// It has its record.
        Done = "done",
        /// It is not to be done.
        Cancelled = "cancelled",
    }
);

/// A line at an instance that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The line, from 1.
    pub line: u64,
    /// The instance's place among those of the line.
    pub place: u64,
    /// The instance.
    pub instance: String,
    /// What tasks about the same person at the same instance have in common.
    pub lane: String,
    /// What is to be done, sealed by whoever made it.
    pub command: Vec<u8>,
}

/// Who holds a task: enough to write its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lease {
    /// The batch.
    pub run: String,
    /// The line.
    pub line: u64,
    /// The instance's place.
    pub place: u64,
    /// The number of the lease.
    pub fence: u64,
}

/// A task that a server works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// By which it is held.
    pub lease: Lease,
    /// The instance.
    pub instance: String,
    /// What is to be done.
    pub command: Vec<u8>,
    /// How often it was begun, this time included.
    pub attempts: u64,
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

const TASKS: Table<10> = Table {
    name: "tasks",
    columns: ["run", "line", "place", "instance", "lane", "state", "command", "attempts", "due", "fence"],
};

impl Store {
    /// Adds tasks to a batch that is being read. They are held until the batch is released.
    ///
    /// # Errors
    /// A store that cannot be written; a task that is there already.
    pub async fn enqueue(&self, run: &str, tasks: &[Task]) -> Result<(), StoreError> {
        let now = self.now();
        let row = |task: &Task| -> [Param<'static>; 10] {
            [
                run.to_owned().into(),
                task.line.into(),
                task.place.into(),
                task.instance.clone().into(),
                task.lane.clone().into(),
                TaskState::Held.as_str().into(),
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

    /// Forgets the tasks of a batch that could not be read to its end; or, without a batch, those
    /// that have been held since before a moment.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn forget_held(&self, run: Option<&str>, before: Timestamp) -> Result<u64, StoreError> {
        let sql = match run {
            Some(run) => Sql::new("DELETE FROM tasks WHERE state = 'held' AND run = $1").bind(run),
            None => Sql::new("DELETE FROM tasks WHERE state = 'held' AND due < $1").bind(before),
        };
        self.database.run(&sql).await
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
             WHERE (run, line, place) IN (SELECT t.run, t.line, t.place FROM tasks t \
             WHERE t.state = 'queued' AND t.due <= $3 \
             AND NOT EXISTS (SELECT 1 FROM tasks e WHERE e.lane = t.lane AND e.state IN ('queued', 'leased') \
             AND (e.state = 'leased' OR (e.run, e.line) < (t.run, t.line))) \
             ORDER BY t.run, t.line, t.place LIMIT $4) \
             RETURNING run, line, place, instance, command, attempts, fence",
        );
        let rows = tx.rows(&sql.bind(node).bind(now + lasts).bind(now).bind(most)).await?;
        tx.commit().await?;
        // What a statement returns has no order.
        let mut leased = rows.iter().map(leased).collect::<Result<Vec<_>, _>>()?;
        leased.sort_by(|a, b| a.lease.cmp(&b.lease));
        Ok(leased)
    }

    /// Makes leases last longer, those that have not run out.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn renew_leases(&self, leases: &[Lease], lasts: Duration) -> Result<u64, StoreError> {
        let (now, mut renewed) = (self.now(), 0);
        let mut tx = self.database.begin().await?;
        for Lease { run, line, place, fence } in leases {
            let sql = Sql::new(
                "UPDATE tasks SET lease = $1 WHERE run = $2 AND line = $3 AND place = $4 AND fence = $5 \
                 AND state = 'leased' AND lease >= $6",
            );
            let sql = sql.bind(now + lasts).bind(run.as_str()).bind(*line).bind(*place).bind(*fence);
            renewed += tx.run(&sql.bind(now)).await?;
        }
        tx.commit().await?;
        Ok(renewed)
    }

    /// Lets a task wait again, until a moment. Whether the lease was still ours.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn put_back(&self, lease: &Lease, due: Timestamp) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE tasks SET state = 'queued', due = $1, node = NULL, lease = NULL \
             WHERE run = $2 AND line = $3 AND place = $4 AND fence = $5 AND state = 'leased'",
        );
        let sql = sql.bind(due).bind(lease.run.as_str()).bind(lease.line).bind(lease.place).bind(lease.fence);
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

    /// Puts the cancelled tasks of a batch back, which is under way again. How many.
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
            tx.run(&Sql::new("UPDATE runs SET state = 'running', ended = NULL WHERE id = $1").bind(run))
                .await?;
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
                Some(TaskState::Held | TaskState::Queued) => progress.queued += count,
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
        let sql = Sql::new("SELECT 1 FROM tasks WHERE state IN ('queued', 'leased')");
        Ok(self.database.row(&sql.with(" AND run = ", run, " LIMIT 1")).await?.is_some())
    }

    /// The instances that a batch goes to.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn instances_of_tasks(&self, run: &str) -> Result<Vec<String>, StoreError> {
        let sql = Sql::new("SELECT DISTINCT instance FROM tasks").with(" WHERE run = ", run, "");
        self.database.rows(&sql).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Whether any task waits that may be begun now or later.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn waiting_tasks(&self) -> Result<u64, StoreError> {
        let row = self.database.row(&Sql::new("SELECT COUNT(*) FROM tasks WHERE state = 'queued'")).await?;
        row.map_or(Ok(0), |row| row.count(0))
    }
}

fn leased(row: &Row) -> Result<Leased, StoreError> {
    Ok(Leased {
        lease: Lease { run: row.text(0)?, line: row.count(1)?, place: row.count(2)?, fence: row.count(6)? },
        instance: row.text(3)?,
        command: row.bytes(4)?,
        attempts: row.count(5)?,
    })
}
