//! What an instance keeps from one command to the next.

use serde_json::Value;

use crate::db::Sql;
use crate::{Store, StoreError};

impl Store {
    /// What an instance keeps under a name.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn kept(&self, instance: &str, name: &str) -> Result<Option<Value>, StoreError> {
        let sql = Sql::new("SELECT value FROM kept WHERE instance = $1 AND name = $2");
        self.database.row(&sql.bind(instance).bind(name)).await?.map(|row| row.json(0)).transpose()
    }

    /// Replaces it.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn keep(&self, instance: &str, name: &str, value: &Value) -> Result<(), StoreError> {
        let sql = Sql::new(
            "INSERT INTO kept (instance, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (instance, name) DO UPDATE SET value = excluded.value",
        );
        self.database.run(&sql.bind(instance).bind(name).bind(value.to_string())).await?;
        Ok(())
    }
}
