//! The servers at a store.

use std::time::Duration;

use jiff::Timestamp;

use crate::db::Sql;
use crate::{Store, StoreError};

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What tells it from others; a server that starts again is another one.
    pub id: String,
    /// When it started.
    pub started: Timestamp,
    /// When it last said that it is there.
    pub seen: Timestamp,
}

impl Store {
    /// Says that a server is there.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn node_is_there(&self, id: &str) -> Result<(), StoreError> {
        let sql = Sql::new(
            "INSERT INTO nodes (id, started, seen) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET seen = excluded.seen",
        );
        let now = self.now();
        self.database.run(&sql.bind(id).bind(now).bind(now)).await?;
        Ok(())
    }

    /// Says that a server goes.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn node_goes(&self, id: &str) -> Result<(), StoreError> {
        self.database.run(&Sql::new("DELETE FROM nodes WHERE id = $1").bind(id)).await?;
        Ok(())
    }

    /// The servers that are there or went without a word.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        let rows =
            self.database.rows(&Sql::new("SELECT id, started, seen FROM nodes ORDER BY started, id")).await?;
        let node =
            |row: &crate::db::Row| Ok(Node { id: row.text(0)?, started: row.time(1)?, seen: row.time(2)? });
        rows.iter().map(node).collect()
    }

    /// The servers that have not said for so long that they are there.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn nodes_gone(&self, silence: Duration) -> Result<Vec<String>, StoreError> {
        let limit = self.now() - silence;
        let nodes = self.nodes().await?;
        Ok(nodes.into_iter().filter(|node| node.seen < limit).map(|node| node.id).collect())
    }
}
