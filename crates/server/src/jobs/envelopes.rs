//! The keys of batches that are under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use provost_store::{Envelope, Store, Vault};

use crate::{App, Problem};

/// How many are remembered.
const MOST: usize = 64;
/// The name of a batch's key among the sealed secrets of the batch.
const NAME: &str = "lines";

/// Opened keys, by batch.
#[derive(Default)]
pub(crate) struct Envelopes(Mutex<HashMap<String, Arc<Envelope>>>);

/// Whom the sealed key of a batch belongs to.
fn owner(run: &str) -> String {
    format!("batch {run}")
}

impl Envelopes {
    /// A new key for a batch, sealed and kept.
    pub(super) async fn begin(&self, app: &App, run: &str) -> Result<Arc<Envelope>, Problem> {
        let key = Envelope::new_key(&*app.random);
        app.store.seal(&app.vault, &owner(run), NAME, &key).await?;
        self.add(run, &key)
    }

    /// The key of a batch.
    pub(super) async fn of(&self, store: &Store, vault: &Vault, run: &str) -> Result<Arc<Envelope>, Problem> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(run) {
            return Ok(Arc::clone(known));
        }
        let sealed = store.sealed(Some(&owner(run))).await?;
        let missing = || Problem::bug(format!("the key of the batch {run} is gone"));
        let key = vault.open(sealed.first().ok_or_else(missing)?);
        self.add(run, &key.map_err(|error| Problem::unavailable(error.to_string()))?)
    }

    fn add(&self, run: &str, key: &[u8]) -> Result<Arc<Envelope>, Problem> {
        let envelope = Envelope::of(run, key).map_err(|error| Problem::bug(error.to_string()))?;
        let envelope = Arc::new(envelope);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(run.to_owned(), Arc::clone(&envelope));
        Ok(envelope)
    }

    /// Forgets the key of a batch that is over: nobody can open its lines any more.
    pub(super) async fn end(&self, store: &Store, run: &str) -> Result<(), Problem> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(run);
        store.forget_sealed(&owner(run), None).await?;
        Ok(())
    }
}
