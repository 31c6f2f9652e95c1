//! Intents whose end is not written.

use super::LoggedEvent;
use super::page::logged;
use crate::db::Sql;
use crate::{Store, StoreError};

impl Store {
    /// The open intents of servers that are gone, or of this node where it is given, oldest
    /// first: what was under way when a server was killed, and what ended without anybody
    /// knowing how.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn open_intents(&self, size: u64) -> Result<Vec<LoggedEvent>, StoreError> {
        let sql = Sql::new(
            "SELECT events.seq, events.body, events.hash FROM open_intents \
             JOIN events ON events.seq = open_intents.seq",
        );
        let sql = sql.with(" ORDER BY events.seq LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(logged).collect()
    }
}
