//! Writing: commits that wait at the same time become one transaction.

use jiff::Timestamp;
use provost_core::{AuditEvent, AuditKind, AuditResult, InstanceName, RunId};
use tokio::sync::{mpsc, oneshot};

use super::{Head, chained, folded};
use crate::db::{Database, Param, Sql, Table, Tx, insert};
use crate::runs::{self, Ended, Run, StoredRecord};
use crate::{
    Answer, ApiKey, Lease, Person, Revision, StoreError, configuration, idempotency, keys, people, tasks,
};

/// How many commits one transaction has at most.
const MOST: usize = 256;

/// Something to write.
#[derive(Debug, Clone)]
pub enum Write {
    /// An event of the audit log. An intent stays open until its end is written.
    Event(Box<AuditEvent>),
    /// A run that begins, or that has ended already.
    Run(Box<Run>),
    /// The end of a run that has begun.
    EndRun(Box<Ended>),
    /// The same; nothing is written where the run has ended already.
    EndFirst(Box<Ended>),
    /// What an instance answered.
    Record(Box<StoredRecord>),
    /// A person whose profile was seen.
    Person(Box<Person>),
    /// What was answered to a request with an idempotency key.
    Answer(Box<Answer>),
    /// A task that must still be leased to whoever writes: nothing is written where it is not.
    TaskHeld(Box<Lease>),
    /// A task that is done, likewise.
    TaskDone(Box<Lease>),
    /// A change of the configuration.
    Revise(Box<Revision>, Timestamp),
    /// A new key.
    AddKey(Box<ApiKey>),
    /// A key that is taken away.
    RevokeKey(String, Timestamp),
    /// The tasks of a batch may be begun.
    Release(RunId),
}

/// Writes that belong together, and who waits for them.
pub(crate) struct Unit {
    writes: Vec<Write>,
    done: oneshot::Sender<Result<Vec<u64>, StoreError>>,
}

impl Unit {
    pub(crate) fn new(writes: Vec<Write>) -> (Self, oneshot::Receiver<Result<Vec<u64>, StoreError>>) {
        let (done, written) = oneshot::channel();
        (Self { writes, done }, written)
    }
}

/// Writes what comes until nobody can send any more.
pub(crate) async fn append(database: Database, mut units: mpsc::Receiver<Unit>) {
    let mut group = Vec::with_capacity(MOST);
    while units.recv_many(&mut group, MOST).await > 0 {
        let (all, waiting): (Vec<_>, Vec<_>) = group.drain(..).map(|unit| (unit.writes, unit.done)).unzip();
        match write(&database, &all).await {
            Ok(numbers) => {
                for (done, numbers) in waiting.into_iter().zip(numbers) {
                    // Whoever does not wait any more has what was asked for all the same.
                    let _ = done.send(Ok(numbers));
                }
            }
            // What one of them did wrong is not the others' fault.
            Err(error) if all.len() > 1 && !error.is_passing() => {
                for (done, one) in waiting.into_iter().zip(all) {
                    let written = write(&database, &[one]).await;
                    let _ = done.send(written.map(|numbers| numbers.into_iter().flatten().collect()));
                }
            }
            Err(error) => {
                for done in waiting {
                    let _ = done.send(Err(error.clone()));
                }
            }
        }
    }
}

/// One transaction; the numbers of the events of each.
async fn write(database: &Database, units: &[Vec<Write>]) -> Result<Vec<Vec<u64>>, StoreError> {
    let mut tx = database.begin().await?;
    let numbers = events(&mut tx, units).await?;
    let all = || units.iter().flatten();
    rows(
        &mut tx,
        &runs::RUNS,
        all().filter_map(|write| if let Write::Run(run) = write { Some(run.row()) } else { None }),
    )
    .await?;
    rows(
        &mut tx,
        &runs::RECORDS,
        all().filter_map(|write| if let Write::Record(record) = write { Some(record.row()) } else { None }),
    )
    .await?;
    for write in all() {
        match write {
            Write::EndRun(ended) => {
                runs::end(&mut tx, ended).await?;
            }
            Write::EndFirst(ended) => {
                if !runs::end(&mut tx, ended).await? {
                    return Err(StoreError::Conflict(format!("the run {} has ended", ended.run)));
                }
            }
            Write::Person(person) => people::keep(&mut tx, person).await?,
            Write::Answer(answer) => idempotency::keep(&mut tx, answer).await?,
            Write::TaskHeld(lease) => tasks::held(&mut tx, lease).await?,
            Write::TaskDone(lease) => tasks::done(&mut tx, lease).await?,
            Write::Revise(revision, now) => configuration::revise(&mut tx, revision, *now).await?,
            Write::AddKey(key) => keys::add(&mut tx, key).await?,
            Write::RevokeKey(id, now) => keys::revoke(&mut tx, id, *now).await?,
            Write::Release(run) => tasks::release(&mut tx, run.as_str()).await?,
            Write::Event(_) | Write::Run(_) | Write::Record(_) => {}
        }
    }
    tx.commit().await?;
    Ok(numbers)
}

async fn rows<'a, const N: usize>(
    tx: &mut Tx,
    table: &Table<N>,
    rows: impl Iterator<Item = [Param<'a>; N]>,
) -> Result<(), StoreError> {
    insert(tx, table, rows.collect()).await
}

const EVENTS: Table<11> = Table {
    name: "events",
    columns: [
        "seq", "time", "kind", "actor", "run", "instance", "subject", "result", "refers", "body", "hash",
    ],
};

/// Adds the events to the chain. Whoever has read the head may be the only one who writes until
/// the end of the transaction.
async fn events(tx: &mut Tx, units: &[Vec<Write>]) -> Result<Vec<Vec<u64>>, StoreError> {
    let is_event = |write: &Write| matches!(write, Write::Event(_));
    if !units.iter().flatten().any(is_event) {
        return Ok(vec![Vec::new(); units.len()]);
    }
    let mut head = head_to_write(tx).await?;
    let (mut numbers, mut inserted) = (Vec::with_capacity(units.len()), Vec::new());
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    for unit in units {
        let mut own = Vec::new();
        for write in unit {
            let Write::Event(event) = write else { continue };
            let seq = head.seq + 1;
            let body = serde_json::to_string(event)?;
            head = Head { hash: chained(&head.hash, seq, &body), seq };
            own.push(seq);
            if event.kind == AuditKind::Intent {
                opened.push(open_row(seq, event));
            }
            closed.extend(closes(event));
            inserted.push(row(&head, event, body));
        }
        numbers.push(own);
    }
    insert(tx, &EVENTS, inserted).await?;
    insert(tx, &OPEN, opened).await?;
    for seq in closed {
        tx.run(&Sql::new("DELETE FROM open_intents WHERE seq = $1").bind(seq)).await?;
    }
    let moved = Sql::new("UPDATE ledger_head SET seq = $1, hash = $2 WHERE one = 1");
    tx.run(&moved.bind(head.seq).bind(head.hash)).await?;
    Ok(numbers)
}

async fn head_to_write(tx: &mut Tx) -> Result<Head, StoreError> {
    let question = Sql::new("SELECT seq, hash FROM ledger_head WHERE one = 1");
    // SQLite has one writer anyhow.
    let question = if tx.is_sqlite() { question } else { question.add(" FOR UPDATE") };
    let row = tx.row(&question).await?;
    let row = row.ok_or_else(|| StoreError::Damaged("the audit log has no head".to_owned()))?;
    Ok(Head { seq: row.count(0)?, hash: row.text(1)? })
}

fn row<'a>(head: &Head, event: &'a AuditEvent, body: String) -> [Param<'a>; 11] {
    [
        head.seq.into(),
        event.time.into(),
        event.kind.as_str().into(),
        event.actor.id.as_str().into(),
        event.run.as_ref().map(RunId::as_str).into(),
        event.instance.as_ref().map(InstanceName::as_str).into(),
        event.subject.as_deref().map(folded).into(),
        event.result.as_str().into(),
        event.refers.into(),
        body.into(),
        head.hash.clone().into(),
    ]
}

const OPEN: Table<5> = Table { name: "open_intents", columns: ["seq", "node", "run", "line", "instance"] };

fn open_row(seq: u64, event: &AuditEvent) -> [Param<'_>; 5] {
    [
        seq.into(),
        event.node.as_str().into(),
        event.run.as_ref().map(RunId::as_str).into(),
        event.line.into(),
        event.instance.as_ref().map(InstanceName::as_str).into(),
    ]
}

/// The intent that is open no longer. One whose end nobody knows stays open until somebody has
/// looked.
fn closes(event: &AuditEvent) -> Option<u64> {
    match event.kind {
        AuditKind::Ending if event.result == AuditResult::Unknown => None,
        AuditKind::Ending | AuditKind::Resolution => event.refers,
        _ => None,
    }
}
