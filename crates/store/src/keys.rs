//! API keys. The store has their hashes only: a key has 256 random bits, which no dictionary
//! holds, so that one round of SHA-256 is as good as a slow hash.

use jiff::Timestamp;
use serde_json::Value;

use crate::db::{Row, Sql, Tx};
use crate::{Store, StoreError};

/// A key, without what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// The part of the key that is no secret.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The SHA-256 of the secret part, in hexadecimal.
    pub hash: String,
    /// What its holder may do.
    pub role: String,
    /// Where.
    pub scopes: Value,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: String,
    /// From when on it is refused.
    pub expires: Option<Timestamp>,
    /// Since when it is refused.
    pub revoked: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

const QUESTION: &str = "SELECT id, name, hash, role, scopes, created, created_by, expires, revoked, last_used \
                        FROM api_keys";

impl ApiKey {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(0)?,
            name: row.text(1)?,
            hash: row.text(2)?,
            role: row.text(3)?,
            scopes: row.json(4)?,
            created: row.time(5)?,
            created_by: row.text(6)?,
            expires: row.time_if_any(7)?,
            revoked: row.time_if_any(8)?,
            last_used: row.time_if_any(9)?,
        })
    }
}

/// Keeps a new key.
pub(crate) async fn add(tx: &mut Tx, key: &ApiKey) -> Result<(), StoreError> {
    let sql = Sql::new(
        "INSERT INTO api_keys (id, name, hash, role, scopes, created, created_by, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    );
    let sql = sql.bind(key.id.as_str()).bind(key.name.as_str()).bind(key.hash.as_str());
    let sql = sql.bind(key.role.as_str()).bind(key.scopes.to_string()).bind(key.created);
    tx.run(&sql.bind(key.created_by.as_str()).bind(key.expires)).await.map(|_| ())
}

/// Takes a key away.
///
/// # Errors
/// [`StoreError::Conflict`] where there is none to take.
pub(crate) async fn revoke(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE api_keys SET revoked = $1 WHERE id = $2 AND revoked IS NULL");
    if tx.run(&sql.bind(now).bind(id)).await? == 1 {
        return Ok(());
    }
    Err(StoreError::Conflict(format!("there is no key `{id}` that is in use")))
}

impl Store {
    /// A key by its id.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn key(&self, id: &str) -> Result<Option<ApiKey>, StoreError> {
        let sql = Sql::new(QUESTION).with(" WHERE id = ", id, "");
        self.database.row(&sql).await?.as_ref().map(ApiKey::read).transpose()
    }

    /// All keys, the oldest first.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let sql = Sql::new(QUESTION).add(" ORDER BY created, id");
        self.database.rows(&sql).await?.iter().map(ApiKey::read).collect()
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn key_used(&self, id: &str) -> Result<(), StoreError> {
        let sql = Sql::new("UPDATE api_keys SET last_used = $1 WHERE id = $2");
        self.database.run(&sql.bind(self.now()).bind(id)).await?;
        Ok(())
    }
}
