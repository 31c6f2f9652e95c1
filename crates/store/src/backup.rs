//! Copies of a whole store. A backup is a file of SQLite whatever the store is, so that it can
//! be restored into either kind, which is also the way from one to the other.

use std::path::Path;

use crate::db::{self, Sql};
use crate::{Location, Store, StoreError};

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many tables.
    pub tables: u64,
    /// How many rows.
    pub rows: u64,
}

impl Store {
    /// Writes everything, as it is at one moment, into a new file. `progress` hears how many
    /// rows were written.
    ///
    /// # Errors
    /// A file that is there already or cannot be written.
    pub async fn back_up(&self, file: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<Copied, StoreError> {
        if file.exists() {
            return Err(StoreError::Conflict(format!("`{}` is there already", file.display())));
        }
        let copy = db::open(&Location::File(file.to_owned())).await?;
        let copied = db::copy(&self.database, &copy, progress).await;
        copy.close().await;
        copied
    }

    /// Takes everything out of a backup. Nothing may have happened in this store yet.
    ///
    /// # Errors
    /// A store that is in use, a file that is no backup.
    pub async fn restore(&self, file: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<Copied, StoreError> {
        if !file.is_file() {
            return Err(StoreError::Other(format!("there is no file `{}`", file.display())));
        }
        let used = Sql::new(
            "SELECT (SELECT seq FROM ledger_head WHERE one = 1) + (SELECT COUNT(*) FROM api_keys) \
             + (SELECT COUNT(*) FROM instances) + (SELECT COUNT(*) FROM runs)",
        );
        if self.database.row(&used).await?.is_none_or(|row| row.int(0).is_ok_and(|used| used > 0)) {
            return Err(StoreError::Conflict("the store is in use; restore into a new one".to_owned()));
        }
        let backup = db::open(&Location::File(file.to_owned())).await?;
        let copied = db::copy(&backup, &self.database, progress).await;
        backup.close().await;
        copied
    }
}
