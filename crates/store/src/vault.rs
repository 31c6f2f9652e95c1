//! Sealed secrets. Each has a key of its own, and that key is sealed by the master key: a new
//! master key means to seal the small keys anew, and no secret has to be opened for it.
//!
//! Sealing is AES-256-GCM-SIV (RFC 8452). What a secret belongs to is sealed along, so that one
//! that is moved to another place cannot be opened there.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use provost_core::{ExposeSecret as _, Random, Secret};

use crate::db::{Row, Sql};
use crate::ledger::hexadecimal;
use crate::{Store, StoreError};

const KEY: usize = 32;

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VaultError {
    /// The master key is none.
    #[error("a master key is 64 hexadecimal digits, and this is none")]
    NoKey,
    /// It was sealed with another master key.
    #[error("`{name}` of `{owner}` was sealed with the master key {key_id}, which is not given")]
    OtherKey {
        /// What it belongs to.
        owner: String,
        /// Its name.
        name: String,
        /// The id of the key.
        key_id: String,
    },
    /// It is not what was sealed there.
    #[error("`{name}` of `{owner}` is not what was sealed there")]
    Forged {
        /// What it belongs to.
        owner: String,
        /// Its name.
        name: String,
    },
}

/// The key that seals the keys of secrets.
#[derive(Clone)]
pub struct MasterKey {
    id: String,
    key: Secret,
}

impl MasterKey {
    /// Reads a key as it is written: 64 hexadecimal digits.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let text = text.trim();
        let bytes = bytes(text).ok_or(VaultError::NoKey)?;
        // Enough to tell keys apart, and nothing about the key.
        let id =
            hexadecimal(&digest(&SHA256, &[b"provost master key id\n", &bytes[..]].concat()).as_ref()[..8]);
        Ok(Self { id, key: Secret::from(text.to_owned()) })
    }

    /// A new key as it is written.
    pub fn generate(random: &dyn Random) -> Secret {
        let mut bytes = [0; KEY];
        random.fill(&mut bytes);
        hexadecimal(&bytes).into()
    }

    /// What tells it from other keys.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn sealer(&self) -> Result<RandomizedNonceKey, VaultError> {
        let bytes = bytes(self.key.expose_secret()).ok_or(VaultError::NoKey)?;
        RandomizedNonceKey::new(&AES_256_GCM_SIV, &bytes).map_err(|_| VaultError::NoKey)
    }
}

fn bytes(text: &str) -> Option<[u8; KEY]> {
    let mut key = [0; KEY];
    if text.len() != 2 * KEY || !text.is_ascii() {
        return None;
    }
    for (byte, place) in key.iter_mut().zip((0..text.len()).step_by(2)) {
        *byte = u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?;
    }
    Some(key)
}

/// A secret that nobody can read without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What it belongs to.
    pub owner: String,
    /// Its name there.
    pub name: String,
    /// The master key that was used.
    pub key_id: String,
    /// Its own key, sealed.
    pub data_key: Vec<u8>,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
}

/// Seals and opens.
#[derive(Clone)]
pub struct Vault {
    current: MasterKey,
    /// Keys of before, which still open.
    older: Vec<MasterKey>,
}

impl Vault {
    /// A vault that seals by the current key and opens by any of them.
    pub fn new(current: MasterKey, older: Vec<MasterKey>) -> Self {
        Self { current, older }
    }

    /// The id of the key that seals.
    pub fn key_id(&self) -> &str {
        self.current.id()
    }

    /// Seals a secret.
    ///
    /// # Errors
    /// The master key is none.
    pub fn seal(
        &self,
        owner: &str,
        name: &str,
        secret: &[u8],
        random: &dyn Random,
    ) -> Result<Sealed, VaultError> {
        let mut data_key = [0; KEY];
        random.fill(&mut data_key);
        let own = RandomizedNonceKey::new(&AES_256_GCM_SIV, &data_key).map_err(|_| VaultError::NoKey)?;
        Ok(Sealed {
            owner: owner.to_owned(),
            name: name.to_owned(),
            key_id: self.current.id.clone(),
            data_key: shut(&self.current.sealer()?, &place("key", owner, name), &data_key)?,
            sealed: shut(&own, &place("secret", owner, name), secret)?,
        })
    }

    /// Opens a secret.
    ///
    /// # Errors
    /// A key that is not given, something that was not sealed here.
    pub fn open(&self, sealed: &Sealed) -> Result<Vec<u8>, VaultError> {
        let data_key = self.data_key(sealed)?;
        let own = RandomizedNonceKey::new(&AES_256_GCM_SIV, &data_key).map_err(|_| forged(sealed))?;
        opened(&own, &place("secret", &sealed.owner, &sealed.name), &sealed.sealed)
            .ok_or_else(|| forged(sealed))
    }

    /// The same secret under the current master key; nothing where it is already.
    ///
    /// # Errors
    /// As for [`Vault::open`].
    pub fn reseal(&self, sealed: &Sealed) -> Result<Option<Sealed>, VaultError> {
        if sealed.key_id == self.current.id {
            return Ok(None);
        }
        let data_key = self.data_key(sealed)?;
        let place = place("key", &sealed.owner, &sealed.name);
        let data_key = shut(&self.current.sealer()?, &place, &data_key)?;
        Ok(Some(Sealed { key_id: self.current.id.clone(), data_key, ..sealed.clone() }))
    }

    fn data_key(&self, sealed: &Sealed) -> Result<Vec<u8>, VaultError> {
        let mut keys = std::iter::once(&self.current).chain(&self.older);
        let Some(key) = keys.find(|key| key.id == sealed.key_id) else {
            let Sealed { owner, name, key_id, .. } = sealed.clone();
            return Err(VaultError::OtherKey { owner, name, key_id });
        };
        opened(&key.sealer()?, &place("key", &sealed.owner, &sealed.name), &sealed.data_key)
            .ok_or_else(|| forged(sealed))
    }
}

/// A key for many things of one owner, such as the lines of a batch.
pub struct Envelope {
    key: RandomizedNonceKey,
    owner: String,
}

impl Envelope {
    /// A new key's bytes, which are a secret to be sealed.
    pub fn new_key(random: &dyn Random) -> [u8; KEY] {
        let mut key = [0; KEY];
        random.fill(&mut key);
        key
    }

    /// The envelope of an owner by its opened key.
    ///
    /// # Errors
    /// A key that is none.
    pub fn of(owner: &str, key: &[u8]) -> Result<Self, VaultError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, key).map_err(|_| VaultError::NoKey)?;
        Ok(Self { key, owner: owner.to_owned() })
    }

    /// Seals a thing of this name.
    ///
    /// # Errors
    /// It is too long.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        shut(&self.key, &place("thing", &self.owner, name), plain)
    }

    /// Opens a thing of this name.
    ///
    /// # Errors
    /// Something that was not sealed there.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let forged = || VaultError::Forged { owner: self.owner.clone(), name: name.to_owned() };
        opened(&self.key, &place("thing", &self.owner, name), sealed).ok_or_else(forged)
    }
}

/// What is sealed along: no two places have the same.
fn place(what: &str, owner: &str, name: &str) -> Vec<u8> {
    format!("provost 1\n{what}\n{}\n{owner}\n{name}", owner.len()).into_bytes()
}

fn forged(sealed: &Sealed) -> VaultError {
    VaultError::Forged { owner: sealed.owner.clone(), name: sealed.name.clone() }
}

/// The nonce, then what is sealed.
fn shut(key: &RandomizedNonceKey, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut text = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(place), &mut text).map_err(|_| VaultError::NoKey)?;
    Ok([&nonce.as_ref()[..], &text].concat())
}

fn opened(key: &RandomizedNonceKey, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(place), &mut text).ok()?;
    Some(plain.to_vec())
}

const QUESTION: &str = "SELECT owner, name, key_id, data_key, sealed FROM secrets";
const PUT: &str = "INSERT INTO secrets (owner, name, key_id, data_key, sealed, updated) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (owner, name) DO UPDATE SET key_id = excluded.key_id, data_key = excluded.data_key, \
     sealed = excluded.sealed, updated = excluded.updated";

impl Sealed {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            owner: row.text(0)?,
            name: row.text(1)?,
            key_id: row.text(2)?,
            data_key: row.bytes(3)?,
            sealed: row.bytes(4)?,
        })
    }
}

impl Store {
    /// Seals a secret and keeps it in the place of the one that was there.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn seal(
        &self,
        vault: &Vault,
        owner: &str,
        name: &str,
        secret: &[u8],
    ) -> Result<(), StoreError> {
        let sealed = vault
            .seal(owner, name, secret, self.random())
            .map_err(|error| StoreError::Other(error.to_string()))?;
        self.put_sealed(&sealed).await
    }

    async fn put_sealed(&self, sealed: &Sealed) -> Result<(), StoreError> {
        let sql = Sql::new(PUT);
        let sql = sql.bind(sealed.owner.as_str()).bind(sealed.name.as_str()).bind(sealed.key_id.as_str());
        let sql = sql.bind(&sealed.data_key[..]).bind(&sealed.sealed[..]).bind(self.now());
        self.database.run(&sql).await?;
        Ok(())
    }

    /// All that is sealed, or what belongs to one owner.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn sealed(&self, owner: Option<&str>) -> Result<Vec<Sealed>, StoreError> {
        let mut sql = Sql::new(QUESTION);
        if let Some(owner) = owner {
            sql = sql.with(" WHERE owner = ", owner, "");
        }
        let rows = self.database.rows(&sql.add(" ORDER BY owner, name")).await?;
        rows.iter().map(Sealed::read).collect()
    }

    /// Forgets what belongs to an owner: one secret, or all of them.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub async fn forget_sealed(&self, owner: &str, name: Option<&str>) -> Result<u64, StoreError> {
        let mut sql = Sql::new("DELETE FROM secrets").with(" WHERE owner = ", owner, "");
        if let Some(name) = name {
            sql = sql.with(" AND name = ", name, "");
        }
        self.database.run(&sql).await
    }

    /// Seals everything under the vault's current master key. How many secrets had another one.
    /// What a server seals meanwhile waits, so that nothing newer is written over.
    ///
    /// # Errors
    /// A secret whose key is not given: then nothing was sealed anew.
    pub async fn rotate(&self, vault: &Vault) -> Result<u64, StoreError> {
        let mut tx = self.database.begin().await?;
        let question = Sql::new(QUESTION);
        let question = if tx.is_sqlite() { question } else { question.add(" FOR UPDATE") };
        let mut count = 0;
        for row in tx.rows(&question).await? {
            let again = vault.reseal(&Sealed::read(&row)?);
            if let Some(again) = again.map_err(|error| StoreError::Other(error.to_string()))? {
                let sql =
                    Sql::new("UPDATE secrets SET key_id = $1, data_key = $2 WHERE owner = $3 AND name = $4");
                let sql = sql.bind(again.key_id.as_str()).bind(&again.data_key[..]);
                count += tx.run(&sql.bind(again.owner.as_str()).bind(again.name.as_str())).await?;
            }
        }
        tx.commit().await?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    fn key(digit: &str) -> MasterKey {
        MasterKey::parse(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn what_was_sealed_is_opened_by_its_key_at_its_place_only() {
        let random = Counting(1.into());
        let old = Vault::new(key("a"), Vec::new());
        let sealed = old.seal("okta-prod", "api-token", b"hush", &random).unwrap();
        assert_eq!(old.open(&sealed).unwrap(), b"hush");
        assert!(!sealed.sealed.windows(4).any(|window| window == b"hush"));

        let stranger = Vault::new(key("b"), Vec::new());
        assert!(matches!(stranger.open(&sealed), Err(VaultError::OtherKey { .. })));
        let moved = Sealed { owner: "other".to_owned(), ..sealed.clone() };
        assert!(matches!(old.open(&moved), Err(VaultError::Forged { .. })));
        let mut bent = sealed.clone();
        bent.sealed[20] ^= 1;
        assert!(matches!(old.open(&bent), Err(VaultError::Forged { .. })));

        let new = Vault::new(key("b"), vec![key("a")]);
        let again = new.reseal(&sealed).unwrap().unwrap();
        assert_eq!(again.sealed, sealed.sealed, "the secret itself is not touched");
        assert_eq!(Vault::new(key("b"), Vec::new()).open(&again).unwrap(), b"hush");
        assert_eq!(new.reseal(&again).unwrap(), None);
    }

    #[test]
    fn a_master_key_has_64_digits() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(63), &"é".repeat(32)] {
            assert_eq!(MasterKey::parse(text).err(), Some(VaultError::NoKey), "{text}");
        }
        let written = MasterKey::generate(&Counting(7.into()));
        assert!(MasterKey::parse(&format!("{}\n", written.expose_secret())).is_ok());
    }
}
