//! Runs and what came of them.

use jiff::Timestamp;
use provost_core::{Actor, ActorKind, RunId, TraceStep, words};
use serde_json::Value;

use crate::db::{Param, Row, Sql, Table, Tx};
use crate::{Store, StoreError};

words!(
    /// The kinds of runs.
    RunKind {
        /// One command.
        Command = "command",
        /// A command for everybody in a file.
        Batch = "batch",
    }
);

words!(
    /// How far a run is.
    RunState {
        /// It is under way.
        Running = "running",
        /// Every instance succeeded or had nothing to do.
        Succeeded = "succeeded",
        /// Something failed.
        Failed = "failed",
        /// It was told to end before it was done.
        Cancelled = "cancelled",
        /// Its server went away; what was under way may have been carried out.
        Interrupted = "interrupted",
    }
);

/// One command or batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What tells it from others; the order of ids is that of time.
    pub id: RunId,
    /// What it is.
    pub kind: RunKind,
    /// The command's name.
    pub command: String,
    /// How far it is.
    pub state: RunState,
    /// Who asked for it.
    pub actor: Actor,
    /// The person it is about; a batch is about many.
    pub subject: Option<String>,
    /// The instances that are asked; none where each line of a batch says it.
    pub instances: Vec<String>,
    /// The reason that was given.
    pub why: Option<String>,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// The server that began it.
    pub node: String,
    /// The arguments, without secrets.
    pub request: Value,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How its records ended.
    pub counts: Counts,
    /// How many lines a batch has.
    pub total: Option<u64>,
}

/// How records ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// What was asked for was done.
    pub succeeded: u64,
    /// There was nothing to do, or no leave to.
    pub skipped: u64,
    /// It failed.
    pub failed: u64,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// The run.
    pub run: RunId,
    /// How.
    pub state: RunState,
    /// When.
    pub at: Timestamp,
    /// How its records ended.
    pub counts: Counts,
}

/// What an instance answered in a run.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The run.
    pub run: RunId,
    /// The line of the batch; 0 for a single command.
    pub line: u64,
    /// The instance's place among those asked.
    pub place: u64,
    /// The instance.
    pub instance: String,
    /// The person it is about.
    pub subject: Option<String>,
    /// `success`, `skipped` or `failure`.
    pub result: String,
    /// The record, private attributes masked.
    pub record: Value,
    /// What to do about a failure.
    pub hints: Vec<String>,
    /// The steps that led to it.
    pub trace: Vec<Value>,
}

impl StoredRecord {
    /// Steps as they are kept.
    pub fn trace_of(steps: &[TraceStep]) -> Vec<Value> {
        steps.iter().map(|step| serde_json::to_value(step).unwrap_or_default()).collect()
    }
}

/// Which runs are wanted. What is not said does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunFilter {
    /// Only of this kind.
    pub kind: Option<RunKind>,
    /// Only of this command.
    pub command: Option<String>,
    /// Only so far.
    pub state: Option<RunState>,
    /// Only by this actor, by its id.
    pub actor: Option<String>,
    /// Only about this person.
    pub subject: Option<String>,
    /// Only with a record of this instance.
    pub instance: Option<String>,
}

const COLUMNS: [&str; 19] = [
    "id",
    "kind",
    "command",
    "state",
    "actor",
    "actor_kind",
    "actor_name",
    "subject",
    "instances",
    "why",
    "dry_run",
    "node",
    "request",
    "started",
    "ended",
    "succeeded",
    "skipped",
    "failed",
    "total",
];
pub(crate) const RUNS: Table<19> = Table { name: "runs", columns: COLUMNS };
pub(crate) const RECORDS: Table<9> = Table {
    name: "records",
    columns: ["run", "line", "place", "instance", "subject", "result", "record", "hints", "trace"],
};
const QUESTION: &str = "SELECT id, kind, command, state, actor, actor_kind, actor_name, subject, instances, why, \
                        dry_run, node, request, started, ended, succeeded, skipped, failed, total FROM runs \
                        WHERE TRUE";
const RECORD_QUESTION: &str =
    "SELECT run, line, place, instance, subject, result, record, hints, trace FROM records";

impl Run {
    pub(crate) fn row(&self) -> [Param<'_>; 19] {
        [
            self.id.as_str().into(),
            self.kind.as_str().into(),
            self.command.as_str().into(),
            self.state.as_str().into(),
            self.actor.id.as_str().into(),
            self.actor.kind.as_str().into(),
            self.actor.name.as_str().into(),
            self.subject.as_ref().map(|subject| subject.to_lowercase()).into(),
            self.instances.join(",").into(),
            self.why.as_deref().into(),
            self.dry_run.into(),
            self.node.as_str().into(),
            self.request.to_string().into(),
            self.started.into(),
            self.ended.into(),
            self.counts.succeeded.into(),
            self.counts.skipped.into(),
            self.counts.failed.into(),
            self.total.into(),
        ]
    }

    fn read(row: &Row) -> Result<Self, StoreError> {
        let instances = row.text(8)?;
        let instances = instances.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self {
            id: row.text(0)?.into(),
            kind: word(row, 1, RunKind::of_word)?,
            command: row.text(2)?,
            state: word(row, 3, RunState::of_word)?,
            actor: Actor { id: row.text(4)?, kind: word(row, 5, ActorKind::of_word)?, name: row.text(6)? },
            subject: row.text_if_any(7)?,
            instances,
            why: row.text_if_any(9)?,
            dry_run: row.flag(10)?,
            node: row.text(11)?,
            request: row.json(12)?,
            started: row.time(13)?,
            ended: row.time_if_any(14)?,
            counts: Counts { succeeded: row.count(15)?, skipped: row.count(16)?, failed: row.count(17)? },
            total: row.int_if_any(18)?.and_then(|total| u64::try_from(total).ok()),
        })
    }
}

impl StoredRecord {
    pub(crate) fn row(&self) -> [Param<'_>; 9] {
        [
            self.run.as_str().into(),
            self.line.into(),
            self.place.into(),
            self.instance.as_str().into(),
            self.subject.as_ref().map(|subject| subject.to_lowercase()).into(),
            self.result.as_str().into(),
            self.record.to_string().into(),
            serde_json::to_string(&self.hints).unwrap_or_default().into(),
            serde_json::to_string(&self.trace).unwrap_or_default().into(),
        ]
    }

    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            run: row.text(0)?.into(),
            line: row.count(1)?,
            place: row.count(2)?,
            instance: row.text(3)?,
            subject: row.text_if_any(4)?,
            result: row.text(5)?,
            record: row.json(6)?,
            hints: row.json(7)?,
            trace: row.json(8)?,
        })
    }
}

pub(crate) fn word<T>(row: &Row, column: usize, of_word: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    let text = row.text(column)?;
    of_word(&text).ok_or_else(|| StoreError::Damaged(format!("`{text}` is no word for column {column}")))
}

/// Ends a run that is still under way; whether it was.
pub(crate) async fn end(tx: &mut Tx, ended: &Ended) -> Result<bool, StoreError> {
    let sql = Sql::new(
        "UPDATE runs SET state = $1, ended = $2, succeeded = $3, skipped = $4, failed = $5 WHERE id = $6 \
         AND ended IS NULL",
    );
    let sql = sql.bind(ended.state.as_str()).bind(ended.at);
    let Counts { succeeded, skipped, failed } = ended.counts;
    let sql = sql.bind(succeeded).bind(skipped).bind(failed).bind(ended.run.as_str());
    Ok(tx.run(&sql).await? == 1)
}

impl Store {
    /// A run.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        let sql = Sql::new(QUESTION).with(" AND id = ", id, "");
        self.database.row(&sql).await?.as_ref().map(Run::read).transpose()
    }

    /// A page of the runs that are older than `before`, or the newest, newest first.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn runs(
        &self,
        filter: &RunFilter,
        before: Option<&str>,
        size: u64,
    ) -> Result<Vec<Run>, StoreError> {
        let mut sql = Sql::new(QUESTION);
        let subject = filter.subject.as_ref().map(|subject| subject.to_lowercase());
        let conditions = [
            (" AND kind = ", filter.kind.map(RunKind::as_str), ""),
            (" AND command = ", filter.command.as_deref(), ""),
            (" AND state = ", filter.state.map(RunState::as_str), ""),
            (" AND actor = ", filter.actor.as_deref(), ""),
            (" AND id IN (SELECT run FROM records WHERE subject = ", subject.as_deref(), ")"),
            (" AND id IN (SELECT run FROM records WHERE instance = ", filter.instance.as_deref(), ")"),
            (" AND id < ", before, ""),
        ];
        for (condition, value, after) in conditions {
            if let Some(value) = value {
                sql = sql.with(condition, value, after);
            }
        }
        let sql = sql.with(" ORDER BY id DESC LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(Run::read).collect()
    }

    /// The records of a run, in order, after the given line and place.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn records(
        &self,
        run: &str,
        after: Option<(u64, u64)>,
        only_failed: bool,
        size: u64,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let mut sql = Sql::new(RECORD_QUESTION).with(" WHERE run = ", run, "");
        if let Some((line, place)) = after {
            sql = sql.with(" AND (line, place) > (", line, ", ").with("", place, ")");
        }
        if only_failed {
            sql = sql.with(" AND result = ", "failure", "");
        }
        let sql = sql.with(" ORDER BY line, place LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(StoredRecord::read).collect()
    }

    /// The newest record of each instance about a person.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn records_of(&self, subject: &str, size: u64) -> Result<Vec<StoredRecord>, StoreError> {
        let sql = Sql::new(RECORD_QUESTION).with(" WHERE subject = ", subject.to_lowercase(), "");
        let sql = sql.with(" ORDER BY run DESC, line, place LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(StoredRecord::read).collect()
    }

    /// The batches that are under way and of which nothing is left to do.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn idle_batches(&self) -> Result<Vec<String>, StoreError> {
        let sql = Sql::new(
            "SELECT id FROM runs WHERE kind = 'batch' AND state = 'running' AND NOT EXISTS (SELECT 1 FROM tasks \
             WHERE tasks.state IN ('queued', 'leased') AND tasks.run = runs.id)",
        );
        self.database.rows(&sql).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Marks the single commands of servers that are gone as interrupted. Batches go on.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn interrupt_runs(&self, gone: &[String]) -> Result<u64, StoreError> {
        let mut count = 0;
        for node in gone {
            let sql = Sql::new(
                "UPDATE runs SET state = 'interrupted', ended = $1 WHERE node = $2 AND kind = 'command' \
                 AND state = 'running'",
            );
            count += self.database.run(&sql.bind(self.now()).bind(node.as_str())).await?;
        }
        Ok(count)
    }

    /// How the records of a run ended.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn counts(&self, run: &str) -> Result<Counts, StoreError> {
        let sql =
            Sql::new("SELECT result, COUNT(*) FROM records").with(" WHERE run = ", run, " GROUP BY result");
        let mut counts = Counts::default();
        for row in self.database.rows(&sql).await? {
            let count = row.count(1)?;
            match row.text(0)?.as_str() {
                "success" => counts.succeeded = count,
                "skipped" => counts.skipped = count,
                _ => counts.failed += count,
            }
        }
        Ok(counts)
    }
}
