//! Instances and mappers that were configured at the server, as texts: what they mean is not
//! the store's business.

use jiff::Timestamp;

use crate::db::{Row, Sql, Tx};
use crate::{Store, StoreError};

/// What is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An instance; its text is a JSON object of settings.
    Instance,
    /// A mapper; its text is that of its file.
    Mapper,
}

/// A text that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredText {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
    /// Grows with each change, from 1.
    pub revision: u64,
    /// When it was changed.
    pub updated: Timestamp,
}

/// A change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What it says from now on; `None` to take it out.
    pub text: Option<String>,
    /// The revision that is changed; `None` to make one that is not there, or to take out
    /// whichever there is.
    pub of: Option<u64>,
}

/// The statements of a kind.
struct Statements {
    select: &'static str,
    insert: &'static str,
    update: &'static str,
    delete: &'static str,
}

impl Kind {
    fn statements(self) -> Statements {
        match self {
            Self::Instance => Statements {
                select: "SELECT name, settings, revision, updated FROM instances",
                insert: "INSERT INTO instances (name, settings, revision, updated) VALUES ($1, $2, 1, $3) \
                         ON CONFLICT (name) DO NOTHING",
                update: "UPDATE instances SET settings = $1, revision = revision + 1, updated = $2 \
                         WHERE name = $3 AND revision = $4",
                delete: "DELETE FROM instances WHERE name = $1",
            },
            Self::Mapper => Statements {
                select: "SELECT name, text, revision, updated FROM mappers",
                insert: "INSERT INTO mappers (name, text, revision, updated) VALUES ($1, $2, 1, $3) \
                         ON CONFLICT (name) DO NOTHING",
                update: "UPDATE mappers SET text = $1, revision = revision + 1, updated = $2 \
                         WHERE name = $3 AND revision = $4",
                delete: "DELETE FROM mappers WHERE name = $1",
            },
        }
    }
}

impl StoredText {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { name: row.text(0)?, text: row.text(1)?, revision: row.count(2)?, updated: row.time(3)? })
    }
}

impl Store {
    /// All of a kind, in the order of their names.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn configured(&self, kind: Kind) -> Result<Vec<StoredText>, StoreError> {
        let sql = Sql::new(kind.statements().select).add(" ORDER BY name");
        self.database.rows(&sql).await?.iter().map(StoredText::read).collect()
    }

    /// A number that grows with each change of the configuration.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn configuration_revision(&self) -> Result<u64, StoreError> {
        let row = self.database.row(&Sql::new("SELECT revision FROM configuration WHERE one = 1")).await?;
        row.ok_or_else(|| StoreError::Damaged("the configuration has no revision".to_owned()))?.count(0)
    }
}

/// Carries a change out.
///
/// # Errors
/// [`StoreError::Conflict`] where there is nothing to change, or something else than what was
/// to be changed.
pub(crate) async fn revise(tx: &mut Tx, revision: &Revision, now: Timestamp) -> Result<(), StoreError> {
    let statements = revision.kind.statements();
    let name = revision.name.as_str();
    let sql = match (&revision.text, revision.of) {
        (None, _) => Sql::new(statements.delete).bind(name),
        (Some(text), None) => Sql::new(statements.insert).bind(name).bind(text.as_str()).bind(now),
        (Some(text), Some(of)) => {
            Sql::new(statements.update).bind(text.as_str()).bind(now).bind(name).bind(of)
        }
    };
    if tx.run(&sql).await? == 0 {
        return Err(StoreError::Conflict(format!("`{name}` is not what was to be changed")));
    }
    tx.run(&Sql::new("UPDATE configuration SET revision = revision + 1 WHERE one = 1")).await?;
    Ok(())
}
