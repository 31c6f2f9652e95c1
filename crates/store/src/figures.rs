//! How much a store holds.

use crate::db::{Row, Sql};
use crate::{Store, StoreError};

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The version of its form: the number of the last migration.
    pub form: u64,
    /// How much room it takes.
    pub bytes: u64,
    /// How many there are of each kind of things.
    pub counts: Vec<(&'static str, u64)>,
    /// The master keys that its secrets are sealed with.
    pub key_ids: Vec<String>,
}

const COUNTED: [(&str, &str); 10] = [
    ("events", "SELECT COUNT(*) FROM events"),
    ("open-changes", "SELECT COUNT(*) FROM open_intents"),
    ("runs", "SELECT COUNT(*) FROM runs"),
    ("records", "SELECT COUNT(*) FROM records"),
    ("people", "SELECT COUNT(*) FROM people"),
    ("keys", "SELECT COUNT(*) FROM api_keys WHERE revoked IS NULL"),
    ("secrets", "SELECT COUNT(*) FROM secrets"),
    ("instances", "SELECT COUNT(*) FROM instances"),
    ("mappers", "SELECT COUNT(*) FROM mappers"),
    ("tasks", "SELECT COUNT(*) FROM tasks"),
];
const FORM: &str = "SELECT MAX(version) FROM _sqlx_migrations";
const SIZE_OF_FILE: &str = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
const SIZE_OF_DATABASE: &str = "SELECT pg_database_size(current_database())";

impl Store {
    /// How much there is.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn figures(&self) -> Result<Figures, StoreError> {
        let mut counts = Vec::with_capacity(COUNTED.len());
        for (name, question) in COUNTED {
            counts.push((name, self.number(question).await?));
        }
        let size = if self.database.is_sqlite() { SIZE_OF_FILE } else { SIZE_OF_DATABASE };
        let keys = Sql::new("SELECT DISTINCT key_id FROM secrets ORDER BY key_id");
        let keys = self.database.rows(&keys).await?;
        Ok(Figures {
            form: self.number(FORM).await?,
            bytes: self.number(size).await?,
            counts,
            key_ids: keys.iter().map(|row: &Row| row.text(0)).collect::<Result<_, _>>()?,
        })
    }

    async fn number(&self, question: &'static str) -> Result<u64, StoreError> {
        self.database.row(&Sql::new(question)).await?.map_or(Ok(0), |row| row.count(0))
    }
}
