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

    /// The intent of this number, if it is open.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn open_intent(&self, seq: u64) -> Result<Option<LoggedEvent>, StoreError> {
        let sql = Sql::new(QUESTION).with(" WHERE events.seq = ", seq, "");
        self.database.row(&sql).await?.as_ref().map(logged).transpose()
    }
}
