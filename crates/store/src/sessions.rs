//! Sessions of people in a browser. The store has the hashes of their tokens only.

use jiff::Timestamp;
use provost_core::Actor;
use serde_json::Value;

use crate::db::{Row, Sql};
use crate::{Store, StoreError};

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The SHA-256 of the token, in hexadecimal.
    pub hash: String,
    /// Who it is.
    pub actor: Actor,
    /// What they may do.
    pub role: String,
    /// Where.
    pub scopes: Value,
    /// When they signed in.
    pub created: Timestamp,
    /// From when on they have to sign in again.
    pub expires: Timestamp,
    /// When they were last there, to the minute.
    pub last_seen: Timestamp,
}

impl Session {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            hash: row.text(0)?,
            actor: row.json(1)?,
            role: row.text(2)?,
            scopes: row.json(3)?,
            created: row.time(4)?,
            expires: row.time(5)?,
            last_seen: row.time(6)?,
        })
    }
}

impl Store {
    /// Keeps a new session.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        let sql = Sql::new(
            "INSERT INTO sessions (hash, actor, role, scopes, created, expires, last_seen) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let actor = serde_json::to_string(&session.actor)?;
        let sql = sql.bind(session.hash.as_str()).bind(actor).bind(session.role.as_str());
        let sql = sql.bind(session.scopes.to_string()).bind(session.created);
        self.database.run(&sql.bind(session.expires).bind(session.last_seen)).await?;
        Ok(())
    }

    /// A session by the hash of its token.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn session(&self, hash: &str) -> Result<Option<Session>, StoreError> {
        let sql = Sql::new("SELECT hash, actor, role, scopes, created, expires, last_seen FROM sessions");
        let sql = sql.with(" WHERE hash = ", hash, "");
        self.database.row(&sql).await?.as_ref().map(Session::read).transpose()
    }

    /// Notes that somebody is still there.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn session_seen(&self, hash: &str) -> Result<(), StoreError> {
        let sql = Sql::new("UPDATE sessions SET last_seen = $1 WHERE hash = $2");
        self.database.run(&sql.bind(self.now()).bind(hash)).await?;
        Ok(())
    }

    /// Ends a session; whether there was one.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn end_session(&self, hash: &str) -> Result<bool, StoreError> {
        Ok(self.database.run(&Sql::new("DELETE FROM sessions WHERE hash = $1").bind(hash)).await? == 1)
    }

    /// Forgets the sessions that are over.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn forget_sessions(&self) -> Result<u64, StoreError> {
        self.database.run(&Sql::new("DELETE FROM sessions WHERE expires < $1").bind(self.now())).await
    }
}
