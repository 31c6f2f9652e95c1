//! What can go wrong with a store, and what it means for who asked.

use sqlx::migrate::MigrateError;

/// Why the store did not do what was asked of it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached now; the same may work later.
    #[error("the store cannot be reached: {0}")]
    Unavailable(String),
    /// It can be read only.
    #[error("the store cannot be written to: {0}")]
    ReadOnly(String),
    /// There is no room left.
    #[error("the store has no room left: {0}")]
    Full(String),
    /// It holds something that we did not write so.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// It was made by a newer Provost, or is none of ours.
    #[error("the store cannot be used: {0}")]
    Foreign(String),
    /// A thing of this name is there already, or was changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Other(String),
}

/// The primary result codes of SQLite (sqlite.org/rescode.html) that mean something of their own.
const BUSY: i64 = 5;
const LOCKED: i64 = 6;
const READ_ONLY: i64 = 8;
const IO: i64 = 10;
const CORRUPT: i64 = 11;
const FULL: i64 = 13;
const CANNOT_OPEN: i64 = 14;
const NOT_A_DATABASE: i64 = 26;

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unavailable(_) => Some("nothing was lost; the same works when the database is back"),
            Self::ReadOnly(_) => Some("look at the rights of the file, its folder and its file system"),
            Self::Full(_) => Some("make room on the file system of the store"),
            Self::Damaged(_) => Some("stop the server and restore a backup: `provost store restore`"),
            Self::Foreign(_) => Some("use a newer Provost, or another store"),
            Self::Conflict(_) | Self::Other(_) => None,
        }
    }

    /// Whether the same may work in a while.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::ReadOnly(_) | Self::Full(_))
    }

    fn of_database(error: &dyn sqlx::error::DatabaseError) -> Self {
        let text = error.message().to_owned();
        if error.is_unique_violation() {
            return Self::Conflict(text);
        }
        let code = error.code().unwrap_or_default();
        // The codes of PostgreSQL have five characters (its manual, appendix A).
        match (code.len(), code.parse::<i64>().map(|code| code & 0xff)) {
            (5, _) => Self::of_state(&code, text),
            (_, Ok(BUSY | LOCKED | IO | CANNOT_OPEN)) => Self::Unavailable(text),
            (_, Ok(READ_ONLY)) => Self::ReadOnly(text),
            (_, Ok(FULL)) => Self::Full(text),
            (_, Ok(CORRUPT)) => Self::Damaged(text),
            (_, Ok(NOT_A_DATABASE)) => Self::Foreign(text),
            _ => Self::Other(text),
        }
    }

    fn of_state(state: &str, text: String) -> Self {
        match state {
            "25006" => Self::ReadOnly(text),
            "53100" => Self::Full(text),
            // Dead locks; what was cancelled; a lock that was not to be had; disks.
            "40001" | "40P01" | "57014" | "55P03" | "58000" | "58030" => Self::Unavailable(text),
            // Connections; too little memory or too many connections; shutting down, starting up.
            _ if ["08", "53", "57P"].iter().any(|class| state.starts_with(class)) => Self::Unavailable(text),
            _ => Self::Other(text),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(error) => Self::of_database(error.as_ref()),
            Error::Io(error) => Self::Unavailable(error.to_string()),
            Error::Tls(error) => Self::Unavailable(error.to_string()),
            // A transaction that could not be begun or was ended under our feet; an answer cut off.
            Error::BeginFailed | Error::InvalidSavePointStatement | Error::Protocol(_) => {
                Self::Unavailable(error.to_string())
            }
            Error::PoolTimedOut => Self::Unavailable("no connection became free in time".to_owned()),
            Error::PoolClosed | Error::WorkerCrashed => Self::Unavailable("it is closed".to_owned()),
            Error::Migrate(error) => (*error).into(),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => error.into(),
            MigrateError::VersionMissing(version) => {
                Self::Foreign(format!("it has migration {version}, which this Provost does not know"))
            }
            MigrateError::VersionMismatch(version) => {
                Self::Foreign(format!("its migration {version} is not that of Provost"))
            }
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}
