//! What a database answers.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Type};

use crate::StoreError;

/// A row; columns are counted from 0.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn get<'r, T>(&'r self, column: usize) -> Result<T, StoreError>
    where
        T: Decode<'r, sqlx::Sqlite> + Type<sqlx::Sqlite> + Decode<'r, sqlx::Postgres> + Type<sqlx::Postgres>,
    {
        let value = match self {
            Self::Sqlite(row) => read(row.try_get(column)),
            Self::Postgres(row) => read(row.try_get(column)),
        };
        value.map_err(|error| StoreError::Damaged(format!("column {column}: {error}")))
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn int_if_any(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    /// A number that cannot be negative.
    pub(crate) fn count(&self, column: usize) -> Result<u64, StoreError> {
        let number = self.int(column)?;
        u64::try_from(number).map_err(|_| StoreError::Damaged(format!("column {column} is {number}")))
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn text_if_any(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// A moment, kept in microseconds since 1970.
    pub(crate) fn time(&self, column: usize) -> Result<Timestamp, StoreError> {
        moment(self.int(column)?)
    }

    pub(crate) fn time_if_any(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        self.int_if_any(column)?.map(moment).transpose()
    }

    /// A value kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        Ok(serde_json::from_str(&self.text(column)?)?)
    }
}

fn read<T>(value: Result<T, sqlx::Error>) -> Result<T, String> {
    value.map_err(|error| error.to_string())
}

fn moment(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| StoreError::Damaged(format!("{microseconds} is no moment")))
}
