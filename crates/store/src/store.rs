//! The store itself.

use std::sync::Arc;

use jiff::Timestamp;
use provost_core::{Clock, Random, RunId};
use tokio::sync::mpsc;

use crate::db::{self, Database};
use crate::ledger::{Unit, append};
use crate::{Location, StoreError, Write};

/// How many commits wait to be written.
const WAITING: usize = 1024;

/// An open store. Clones are the same store.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Database,
    units: mpsc::Sender<Unit>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    location: Location,
}

impl Store {
    /// Opens a store, makes it where it is not there, and brings an older one to today's form.
    /// It needs a runtime of tokio, where it writes from a task of its own.
    ///
    /// # Errors
    /// A place that cannot be reached, a store of a newer Provost or of something else.
    pub async fn open(
        location: &Location,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StoreError> {
        let database = db::open(location).await?;
        let (units, waiting) = mpsc::channel(WAITING);
        tokio::spawn(append(database.clone(), waiting));
        Ok(Self { database, units, clock, random, location: location.clone() })
    }

    /// Whether there is a store at a place. Nothing is made there, and nothing changed.
    ///
    /// # Errors
    /// A place that cannot be reached, something else that is there.
    pub async fn is_at(location: &Location) -> Result<bool, StoreError> {
        db::is_there(location).await
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Writes all of it or nothing. When this answers it is durable. The numbers are those of
    /// the events, in order. What is committed at the same time by others goes to the disk
    /// together with it.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<Vec<u64>, StoreError> {
        let (unit, written) = Unit::new(writes);
        let closed = || StoreError::Unavailable("it is closed".to_owned());
        self.units.send(unit).await.map_err(|_| closed())?;
        written.await.map_err(|_| closed())?
    }

    /// Asks the database for nothing.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.database.rows(&db::Sql::new("SELECT seq FROM ledger_head")).await.map(|_| ())
    }

    /// This moment, to the microsecond, as the store has it.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// An id that no other run has, and whose order is that of time.
    pub fn new_run(&self) -> RunId {
        self.new_id().into()
    }

    pub(crate) fn new_id(&self) -> String {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid().to_string()
    }

    pub(crate) fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// Waits until nothing is being written, and closes.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
