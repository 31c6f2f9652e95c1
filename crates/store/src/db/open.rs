//! Opening a database, and bringing it to the form that we expect.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqlSafeStr as _, SqliteConnection};

use super::Database;
use crate::{Location, StoreError};

/// How long somebody waits for a connection before hearing that the store cannot be reached.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long a process waits until another one has written.
const BUSY: Duration = Duration::from_secs(5);
/// How many read beside the writer, and how many connections a PostgreSQL server has with us.
const READERS: u32 = 4;
const CONNECTIONS: u32 = 12;

/// What the databases call things for which they have different names.
const DIALECTS: [(&str, &str, &str); 2] = [
    // A table of SQLite whose key is exactly so has no second index for it.
    ("NUMBER_KEY", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"),
    ("BYTES", "BLOB", "BYTEA"),
];

/// Every change of the form, in order. What was released is never touched again.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "first", include_str!("../../migrations/0001_first.sql"))];

/// Opens the database and carries out the migrations that it lacks.
pub(crate) async fn open(location: &Location) -> Result<Database, StoreError> {
    let database = connect(location).await?;
    let migrator = migrator(database.is_sqlite());
    match &database {
        Database::Sqlite { writer, .. } => migrator.run(writer).await?,
        Database::Postgres(pool) => migrator.run(pool).await?,
    }
    Ok(database)
}

/// Whether there is a store. Nothing is made or changed.
pub(crate) async fn is_there(location: &Location) -> Result<bool, StoreError> {
    match location {
        Location::File(path) if !path.is_file() => Ok(false),
        Location::File(path) => {
            let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY);
            let mut connection = options.connect().await?;
            let question = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'ledger_head'";
            let count: i64 = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(count > 0)
        }
        Location::Postgres(address) => {
            let mut connection = postgres(address)?.connect().await?;
            let question = "SELECT to_regclass('ledger_head') IS NOT NULL";
            let is_there: bool = sqlx::query_scalar(question).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(is_there)
        }
    }
}

fn migrator(is_sqlite: bool) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(version, name, text)| {
        let text = AssertSqlSafe(in_dialect(text, is_sqlite)).into_sql_str();
        Migration::new(*version, (*name).into(), MigrationType::Simple, text, false)
    });
    Migrator { migrations: migrations.collect::<Vec<_>>().into(), ..Migrator::DEFAULT }
}

fn in_dialect(text: &str, is_sqlite: bool) -> String {
    DIALECTS.iter().fold(text.to_owned(), |text, (ours, sqlite, postgres)| {
        text.replace(ours, if is_sqlite { sqlite } else { postgres })
    })
}

/// Whether a connection is in no transaction. When the disk is full SQLite ends one by itself,
/// which the driver does not see: such a connection can begin none any more, and is replaced.
async fn is_idle(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    Ok(!connection.is_in_transaction())
}

async fn connect(location: &Location) -> Result<Database, StoreError> {
    match location {
        Location::File(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                .journal_mode(SqliteJournalMode::Wal)
                // What was answered survives a loss of power.
                .synchronous(SqliteSynchronous::Full)
                .optimize_on_close(true, 400);
            let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE);
            let writer = pool(1).before_acquire(|connection, _| Box::pin(is_idle(connection)));
            let writer = writer.connect_with(options.clone()).await?;
            // Readers are kept from writing by mistake. What the writer does when it is closed is a
            // write, too: a reader would fail at it, and not be closed before the program ends.
            let to_read = options.optimize_on_close(false, None).pragma("query_only", "on");
            let readers = pool(READERS).connect_lazy_with(to_read);
            Ok(Database::Sqlite { writer, readers })
        }
        Location::Postgres(address) => {
            let options = postgres(address)?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE);
            Ok(Database::Postgres(pool.connect_with(options).await?))
        }
    }
}

fn postgres(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(address)
        .map_err(|error| StoreError::Other(format!("its address cannot be read: {error}")))?;
    Ok(options.application_name("provost"))
}
