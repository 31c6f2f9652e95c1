//! Requests that come twice are carried out once
//! (draft-ietf-httpapi-idempotency-key-header).

use jiff::Timestamp;

use crate::db::{Sql, Tx};
use crate::{Store, StoreError};

/// What was answered to a request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whose key it is.
    pub actor: String,
    /// The key.
    pub key: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What a key means now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has used it: it is this run's now.
    New,
    /// Another request has used it.
    Other,
    /// The same request is being carried out by this run at this server.
    Running {
        /// The run.
        run: String,
        /// The server.
        node: String,
    },
    /// The same request was answered so by this run.
    Answered {
        /// The run.
        run: String,
        /// The HTTP status.
        status: u16,
        /// The body.
        body: String,
    },
}

pub(crate) async fn keep(tx: &mut Tx, answer: &Answer) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE answers SET status = $1, body = $2 WHERE actor = $3 AND idempotency_key = $4");
    let sql = sql.bind(i64::from(answer.status)).bind(answer.body.as_str());
    tx.run(&sql.bind(answer.actor.as_str()).bind(answer.key.as_str())).await?;
    Ok(())
}

impl Store {
    /// Takes a key for a run. `request` is the hash of what is asked.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn claim(
        &self,
        (actor, key): (&str, &str),
        request: &str,
        run: &str,
        node: &str,
    ) -> Result<Claim, StoreError> {
        let mut tx = self.database.begin().await?;
        let sql = Sql::new(
            "INSERT INTO answers (actor, idempotency_key, request, run, node, created) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor, idempotency_key) DO NOTHING",
        );
        let sql = sql.bind(actor).bind(key).bind(request).bind(run).bind(node).bind(self.now());
        let is_new = tx.run(&sql).await? == 1;
        let claim = if is_new { Claim::New } else { known(&mut tx, actor, key, request).await? };
        tx.commit().await?;
        Ok(claim)
    }

    /// Takes a key over from a run whose server is gone. Whether that worked: somebody else may
    /// have been faster.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn take_over(
        &self,
        (actor, key): (&str, &str),
        from: &str,
        run: &str,
        node: &str,
    ) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE answers SET run = $1, node = $2 WHERE actor = $3 AND idempotency_key = $4 AND run = $5 \
             AND status IS NULL",
        );
        Ok(self.database.run(&sql.bind(run).bind(node).bind(actor).bind(key).bind(from)).await? == 1)
    }

    /// Gives a key back that led to nothing.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn give_back(&self, actor: &str, key: &str, run: &str) -> Result<(), StoreError> {
        let sql = Sql::new(
            "DELETE FROM answers WHERE actor = $1 AND idempotency_key = $2 AND run = $3 AND status IS NULL",
        );
        self.database.run(&sql.bind(actor).bind(key).bind(run)).await?;
        Ok(())
    }

    /// Forgets the keys that were used before this moment.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn forget_answers(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.database.run(&Sql::new("DELETE FROM answers WHERE created < $1").bind(before)).await
    }
}

async fn known(tx: &mut Tx, actor: &str, key: &str, request: &str) -> Result<Claim, StoreError> {
    let sql = Sql::new(
        "SELECT request, run, node, status, body FROM answers WHERE actor = $1 AND idempotency_key = $2",
    );
    let row = tx.row(&sql.bind(actor).bind(key)).await?;
    let row = row.ok_or_else(|| StoreError::Unavailable("the key was given back just now".to_owned()))?;
    if row.text(0)? != request {
        return Ok(Claim::Other);
    }
    let run = row.text(1)?;
    Ok(match (row.int_if_any(3)?, row.text_if_any(4)?) {
        (Some(status), Some(body)) => {
            Claim::Answered { run, status: u16::try_from(status).unwrap_or(500), body }
        }
        _ => Claim::Running { run, node: row.text(2)? },
    })
}
