//! Intents whose end is not written.

use super::LoggedEvent;
use super::page::logged;
use crate::db::Sql;
use crate::{Store, StoreError};

const QUESTION: &str = "SELECT events.seq, events.body, events.hash FROM open_intents \
                        JOIN events ON events.seq = open_intents.seq";

impl Store {
    /// The open intents, oldest first: what is under way, what was when a server was killed, and
    /// what ended without anybody knowing how.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn open_intents(&self, size: u64) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = Sql::new(QUESTION).with(" ORDER BY events.seq LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(logged).collect()
    }

    /// Those of a line of a batch at an instance: an earlier lease left them.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn open_intents_of(
        &self,
        run: &str,
        line: u64,
        instance: &str,
    ) -> Result<Vec<u64>, StoreError> {
        let sql = Sql::new(
            "SELECT seq FROM open_intents WHERE run = $1 AND line = $2 AND instance = $3 ORDER BY seq",
        );
        let rows = self.database.rows(&sql.bind(run).bind(line).bind(instance)).await?;
        rows.iter().map(|row| row.count(0)).collect()
    }

    /// How many intents are open.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn count_open_intents(&self) -> Result<u64, StoreError> {
        let row = self.database.row(&Sql::new("SELECT COUNT(*) FROM open_intents")).await?;
        row.map_or(Ok(0), |row| row.count(0))
    }

    /// The intent of this number, if it is open.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn open_intent(&self, seq: u64) -> Result<Option<LoggedEvent>, StoreError> {
        let sql = Sql::new(QUESTION).with(" WHERE events.seq = ", seq, "");
        self.database.row(&sql).await?.as_ref().map(logged).transpose()
    }
}
