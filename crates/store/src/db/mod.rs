//! One database, two drivers. Everything above says its SQL once: what both understand, with
//! `$1` for the first parameter.

mod copy;
mod insert;
mod open;
mod row;
mod sql;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqlitePool};
use sqlx::{AssertSqlSafe, Transaction};

pub(crate) use copy::copy;
pub(crate) use insert::{Table, insert};
pub(crate) use open::{is_there, open};
pub(crate) use row::Row;
pub(crate) use sql::{NO_NUL, Param, Sql};

use crate::StoreError;

/// How SQLite begins a transaction that writes: one that began by reading would fail at its
/// first write if somebody else wrote meanwhile.
const BEGIN_TO_WRITE: &str = "BEGIN IMMEDIATE";

/// A pool of connections.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// SQLite has one writer at a time, and readers beside it.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction; one that is dropped is rolled back.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A connection to read by.
enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Database {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with(BEGIN_TO_WRITE).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The rows of a question, as they are now.
    pub(crate) async fn rows(&self, sql: &Sql<'_>) -> Result<Vec<Row>, StoreError> {
        let mut reader = match self {
            Self::Sqlite { readers, .. } => Reader::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        };
        match &mut reader {
            Reader::Sqlite(connection) => sqlite_rows(connection, sql).await,
            Reader::Postgres(connection) => postgres_rows(connection, sql).await,
        }
    }

    /// The only row, if there is one.
    pub(crate) async fn row(&self, sql: &Sql<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// A write of one statement; how many rows it changed.
    pub(crate) async fn run(&self, sql: &Sql<'_>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let changed = tx.run(sql).await?;
        tx.commit().await?;
        Ok(changed)
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Carries out a statement; how many rows it changed.
    pub(crate) async fn run(&mut self, sql: &Sql<'_>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite_query(sql).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres_query(sql).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub(crate) async fn rows(&mut self, sql: &Sql<'_>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(tx) => sqlite_rows(&mut *tx, sql).await,
            Self::Postgres(tx) => postgres_rows(&mut *tx, sql).await,
        }
    }

    pub(crate) async fn row(&mut self, sql: &Sql<'_>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

async fn sqlite_rows(connection: &mut sqlx::SqliteConnection, sql: &Sql<'_>) -> Result<Vec<Row>, StoreError> {
    let rows = sqlite_query(sql).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

async fn postgres_rows(connection: &mut sqlx::PgConnection, sql: &Sql<'_>) -> Result<Vec<Row>, StoreError> {
    let rows = postgres_query(sql).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

// What `Sql` holds is put together of constants only, see there.

fn sqlite_query(sql: &Sql<'_>) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    let query = sqlx::query::<Sqlite>(AssertSqlSafe(sql.text()));
    sql.params().iter().fold(query, |query, param| match param {
        Param::Int(value) => query.bind(*value),
        Param::Text(value) => query.bind(value.as_deref().map(str::to_owned)),
        Param::Bytes(value) => query.bind(value.as_deref().map(<[u8]>::to_vec)),
    })
}

fn postgres_query(sql: &Sql<'_>) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    let query = sqlx::query::<Postgres>(AssertSqlSafe(sql.text()));
    sql.params().iter().fold(query, |query, param| match param {
        Param::Int(value) => query.bind(*value),
        // Its texts cannot hold a NUL, neither to be kept nor to be looked for.
        Param::Text(Some(value)) if value.contains('\0') => query.bind(Some(value.replace('\0', NO_NUL))),
        Param::Text(value) => query.bind(value.as_deref()),
        Param::Bytes(value) => query.bind(value.as_deref()),
    })
}
