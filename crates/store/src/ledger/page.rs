//! Reading the log, newest first.

use jiff::Timestamp;
use provost_core::{AuditKind, AuditResult};

use super::{Chained, Head, LoggedEvent, folded};
use crate::db::{Row, Sql};
use crate::{Store, StoreError};

/// Which events are wanted. What is not said does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventFilter {
    /// Only of this kind.
    pub kind: Option<AuditKind>,
    /// Only with this result.
    pub result: Option<AuditResult>,
    /// Only by this actor, by its id.
    pub actor: Option<String>,
    /// Only of this run.
    pub run: Option<String>,
    /// Only of this instance.
    pub instance: Option<String>,
    /// Only about this person, without regard to case.
    pub subject: Option<String>,
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT seq, body, hash FROM events WHERE TRUE";
const WITH_PREVIOUS: &str = "SELECT seq, body, hash, (SELECT before.hash FROM events AS before \
                             WHERE before.seq = events.seq - 1) FROM events WHERE TRUE";

impl Store {
    /// A page of the events that are older than `before`, or the newest, newest first.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn events(
        &self,
        filter: &EventFilter,
        before: Option<u64>,
        size: u64,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        let mut sql = filtered(COLUMNS, filter);
        if let Some(before) = before {
            sql = sql.with(" AND seq < ", before, "");
        }
        let sql = sql.with(" ORDER BY seq DESC LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(logged).collect()
    }

    /// The next events in the order in which they were written, after the one of this number.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn events_after(
        &self,
        filter: &EventFilter,
        after: u64,
        size: u64,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = next(COLUMNS, filter, after, size);
        self.database.rows(&sql).await?.iter().map(logged).collect()
    }

    /// The same, each with the hash of the event before it in the log.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn chained_after(
        &self,
        filter: &EventFilter,
        after: u64,
        size: u64,
    ) -> Result<Vec<Chained>, StoreError> {
        let sql = next(WITH_PREVIOUS, filter, after, size);
        let chained = |row: &Row| {
            Ok(Chained { logged: logged(row)?, previous: row.text_if_any(3)?.unwrap_or_default() })
        };
        self.database.rows(&sql).await?.iter().map(chained).collect()
    }

    /// One event.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn event(&self, seq: u64) -> Result<Option<LoggedEvent>, StoreError> {
        let sql = Sql::new(COLUMNS).with(" AND seq = ", seq, "");
        self.database.row(&sql).await?.as_ref().map(logged).transpose()
    }

    /// The events that end or resolve this one.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn endings(&self, intent: u64) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = Sql::new(COLUMNS).with(" AND refers = ", intent, " ORDER BY seq");
        self.database.rows(&sql).await?.iter().map(logged).collect()
    }

    /// The newest event's number and hash.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let row = self.database.row(&Sql::new("SELECT seq, hash FROM ledger_head WHERE one = 1")).await?;
        let row = row.ok_or_else(|| StoreError::Damaged("the audit log has no head".to_owned()))?;
        Ok(Head { seq: row.count(0)?, hash: row.text(1)? })
    }
}

fn next<'a>(columns: &'static str, filter: &'a EventFilter, after: u64, size: u64) -> Sql<'a> {
    filtered(columns, filter).with(" AND seq > ", after, "").with(" ORDER BY seq LIMIT ", size, "")
}

fn filtered<'a>(columns: &'static str, filter: &'a EventFilter) -> Sql<'a> {
    let mut sql = Sql::new(columns);
    let texts = [
        (" AND kind = ", filter.kind.map(AuditKind::as_str)),
        (" AND result = ", filter.result.map(AuditResult::as_str)),
        (" AND actor = ", filter.actor.as_deref()),
        (" AND run = ", filter.run.as_deref()),
        (" AND instance = ", filter.instance.as_deref()),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            sql = sql.with(condition, value, "");
        }
    }
    if let Some(subject) = &filter.subject {
        sql = sql.with(" AND subject = ", folded(subject), "");
    }
    if let Some(since) = filter.since {
        sql = sql.with(" AND time >= ", since, "");
    }
    if let Some(until) = filter.until {
        sql = sql.with(" AND time < ", until, "");
    }
    sql
}

pub(super) fn logged(row: &Row) -> Result<LoggedEvent, StoreError> {
    let body = row.text(1)?;
    Ok(LoggedEvent { seq: row.count(0)?, event: serde_json::from_str(&body)?, body, hash: row.text(2)? })
}
