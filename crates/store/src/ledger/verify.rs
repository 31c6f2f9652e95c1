//! Proving that the log is as it was written.

use std::fmt;

use provost_core::{AuditEvent, InstanceName, RunId};

use super::{Head, chained, folded};
use crate::db::{Row, Sql};
use crate::{Store, StoreError};

/// How many events are read at once.
const PAGE: u64 = 2000;

/// A log that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The newest event.
    pub head: Head,
}

/// The first place at which a log is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The number of the event.
    pub seq: u64,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}: {}", self.seq, self.what)
    }
}

impl Store {
    /// Reads the whole log and holds every event against the hashes, and the log against what
    /// was known of it before. `progress` hears how many events were read.
    ///
    /// # Errors
    /// A store that cannot be read; inside, where the log is broken.
    pub async fn verify(
        &self,
        known: Option<&Head>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Result<Verified, Broken>, StoreError> {
        let end = self.head().await?;
        let mut at = Head { seq: 0, hash: String::new() };
        while at.seq < end.seq {
            let sql =
                Sql::new(QUESTION).with(" WHERE seq > ", at.seq, " ORDER BY seq").with(" LIMIT ", PAGE, "");
            let rows = self.database.rows(&sql).await?;
            if rows.is_empty() {
                return Ok(Err(Broken { seq: at.seq + 1, what: "the log ends before it".to_owned() }));
            }
            for row in &rows {
                at = match next(&at, row) {
                    Ok(Ok(next)) => next,
                    Ok(Err(broken)) => return Ok(Err(broken)),
                    // A number where a text belongs, or the other way round.
                    Err(StoreError::Damaged(what)) => return Ok(Err(Broken { seq: at.seq + 1, what })),
                    Err(error) => return Err(error),
                };
                if let Some(known) = known.filter(|known| known.seq == at.seq && known.hash != at.hash) {
                    let what =
                        format!("its hash was {} when it was noted, and is {} now", known.hash, at.hash);
                    return Ok(Err(Broken { seq: at.seq, what }));
                }
                if at.seq == end.seq {
                    break;
                }
            }
            progress(at.seq);
        }
        Ok(conclude(at, &end, known))
    }
}

fn conclude(at: Head, end: &Head, known: Option<&Head>) -> Result<Verified, Broken> {
    if at.hash != end.hash {
        let what = "the newest hash that was noted beside the log is another one".to_owned();
        return Err(Broken { seq: at.seq, what });
    }
    match known.filter(|known| known.seq > at.seq) {
        Some(known) => {
            Err(Broken { seq: known.seq, what: "it was noted elsewhere, and is not there".to_owned() })
        }
        None => Ok(Verified { head: at }),
    }
}

const QUESTION: &str =
    "SELECT seq, body, hash, time, kind, actor, run, instance, subject, result, refers FROM events";

/// One step along the chain.
fn next(at: &Head, row: &Row) -> Result<Result<Head, Broken>, StoreError> {
    let (seq, body, hash) = (row.count(0)?, row.text(1)?, row.text(2)?);
    let broken = |seq: u64, what: &str| Ok(Err(Broken { seq, what: what.to_owned() }));
    if seq != at.seq + 1 {
        return broken(at.seq + 1, "it is not there");
    }
    if chained(&at.hash, seq, &body) != hash {
        return broken(seq, "its hash is not that of what it says and of the events before it");
    }
    let Ok(event) = serde_json::from_str::<AuditEvent>(&body) else {
        return broken(seq, "it is no event");
    };
    if !repeats(row, &event)? {
        return broken(seq, "what is looked for by is not what it says");
    }
    Ok(Ok(Head { seq, hash }))
}

/// Whether the columns that are looked for say what the event says.
fn repeats(row: &Row, event: &AuditEvent) -> Result<bool, StoreError> {
    let text = |column: usize| row.text_if_any(column);
    Ok(row.int(3)? == event.time.as_microsecond()
        && row.text(4)? == event.kind.as_str()
        && row.text(5)? == event.actor.id
        && text(6)?.as_deref() == event.run.as_ref().map(RunId::as_str)
        && text(7)?.as_deref() == event.instance.as_ref().map(InstanceName::as_str)
        && text(8)? == event.subject.as_deref().map(folded)
        && row.text(9)? == event.result.as_str()
        && row.int_if_any(10)? == event.refers.and_then(|refers| i64::try_from(refers).ok()))
}
