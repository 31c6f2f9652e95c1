//! API keys: `pv_`, the id, `_`, the secret.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, Random, Secret};
use provost_store::{ApiKey, Store};
use serde_json::json;

use super::{Caller, Role, Scopes};
use crate::Problem;

/// For how long a key is not looked up again: so long a key that was taken away at another
/// server still works at this one.
const FRESH: Duration = Duration::from_secs(5);
/// How many keys are remembered.
const MOST: usize = 1000;
/// How often a use is noted.
const NOTED: Duration = Duration::from_mins(1);

const PREFIX: &str = "pv_";
const ID_BYTES: usize = 9;
const SECRET_BYTES: usize = 32;

/// A key that was just made: the only time that anybody sees its secret.
pub struct NewKey {
    /// What the store keeps.
    pub kept: ApiKey,
    /// The whole key.
    pub key: Secret,
}

/// Makes a key. It is not kept yet.
pub fn mint(
    name: &str,
    role: Role,
    scopes: &Scopes,
    made: (Timestamp, &Actor),
    expires: Option<Timestamp>,
    random: &dyn Random,
) -> NewKey {
    let (mut id, mut secret) = ([0; ID_BYTES], [0; SECRET_BYTES]);
    random.fill(&mut id);
    random.fill(&mut secret);
    // Neither has an underscore in it, so that the parts can be told apart.
    let id = URL_SAFE_NO_PAD.encode(id).replace('_', "x").replace('-', "y");
    let secret = URL_SAFE_NO_PAD.encode(secret);
    let kept = ApiKey {
        id: id.clone(),
        name: name.to_owned(),
        hash: hash(&secret),
        role: role.as_str().to_owned(),
        scopes: serde_json::to_value(scopes).unwrap_or_default(),
        created: made.0,
        created_by: made.1.name.clone(),
        expires,
        revoked: None,
        last_used: None,
    };
    NewKey { kept, key: format!("{PREFIX}{id}_{secret}").into() }
}

/// How long a key's name may be, in characters.
const LONGEST_NAME: usize = 100;

/// Refuses a name that is none, and a key that would never work.
///
/// # Errors
/// What is wrong.
pub fn check_key(name: &str, expires: Option<Timestamp>, now: Timestamp) -> Result<(), String> {
    let length = name.trim().chars().count();
    if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(format!("`name` has from 1 to {LONGEST_NAME} characters"));
    }
    if expires.is_some_and(|expires| expires <= now) {
        return Err("`expires` is over already".to_owned());
    }
    Ok(())
}

/// The event of a key that is made: `event` says who makes it.
pub fn key_made(key: &ApiKey, event: AuditEvent) -> AuditEvent {
    let expires = key.expires.map(|expires| expires.to_string());
    let after =
        json!({"id": key.id, "name": key.name, "role": key.role, "scopes": key.scopes, "expires": expires});
    AuditEvent { kind: AuditKind::Access, what: "key made".to_owned(), after: Some(after), ..event }
}

/// The event of a key that is taken away: `event` says who takes it.
pub fn key_taken_away(key: &ApiKey, event: AuditEvent) -> AuditEvent {
    let before = json!({"id": key.id, "name": key.name, "role": key.role});
    AuditEvent { kind: AuditKind::Access, what: "key taken away".to_owned(), before: Some(before), ..event }
}

/// The hash of a secret, as stores keep it.
pub(crate) fn hash(secret: &str) -> String {
    digest(&SHA256, secret.as_bytes()).as_ref().iter().fold(String::new(), |mut text, byte| {
        // Writing to memory does not fail.
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{byte:02x}"));
        text
    })
}

/// A key that somebody showed, in its parts.
pub(crate) struct SplitKey<'a> {
    id: &'a str,
    secret: &'a str,
}

impl<'a> SplitKey<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (id, secret) = text.trim().strip_prefix(PREFIX)?.split_once('_')?;
        let is_plain = |part: &str| {
            !part.is_empty()
                && part.len() <= 64
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        (is_plain(id) && is_plain(secret)).then_some(Self { id, secret })
    }
}

/// Keys that were looked up lately.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<HashMap<String, Known>>);

#[derive(Clone)]
struct Known {
    key: ApiKey,
    looked_up: Timestamp,
    noted: Option<Timestamp>,
}

impl KeyCache {
    /// Who holds a key.
    ///
    /// # Errors
    /// A key that is wrong, was taken away or has expired: which of them is not said. A store
    /// that cannot be read.
    pub(crate) async fn caller(&self, store: &Store, shown: &SplitKey<'_>) -> Result<Caller, Problem> {
        let refused = || Problem::unauthenticated("the API key is wrong, has expired or was taken away");
        let now = store.now();
        let known = match self.fresh(shown.id, now) {
            Some(known) => known,
            None => self.look_up(store, shown.id).await?.ok_or_else(refused)?,
        };
        let key = &known.key;
        let is_right = verify_slices_are_equal(hash(shown.secret).as_bytes(), key.hash.as_bytes()).is_ok();
        let is_over = is_over(key, now);
        let role = Role::of_word(&key.role);
        let (true, false, Some(role)) = (is_right, is_over, role) else { return Err(refused()) };
        if known.noted.is_none_or(|noted| noted + NOTED <= now) {
            self.note_use(store, key.id.clone(), now);
        }
        Ok(Caller {
            actor: Actor { kind: ActorKind::Key, id: key.id.clone(), name: key.name.clone() },
            role,
            scopes: serde_json::from_value(key.scopes.clone()).map_err(|_| refused())?,
            session: None,
        })
    }

    /// Whether a key is still good for those who have signed in with it.
    pub(super) async fn is_in_use(&self, store: &Store, id: &str) -> Result<bool, Problem> {
        let now = store.now();
        let known = match self.fresh(id, now) {
            Some(known) => Some(known),
            None => self.look_up(store, id).await?,
        };
        Ok(known.is_some_and(|known| !is_over(&known.key, now)))
    }

    fn fresh(&self, id: &str, now: Timestamp) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(id).filter(|known| known.looked_up + FRESH > now).cloned()
    }

    async fn look_up(&self, store: &Store, id: &str) -> Result<Option<Known>, Problem> {
        let Some(key) = store.key(id).await? else { return Ok(None) };
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MOST {
            cache.clear();
        }
        let noted = cache.get(id).and_then(|known| known.noted);
        let known = Known { key, looked_up: store.now(), noted };
        cache.insert(id.to_owned(), known.clone());
        Ok(Some(known))
    }

    /// Notes that a key is used. Nobody waits for that, and nothing is lost where it fails.
    fn note_use(&self, store: &Store, id: String, now: Timestamp) {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&id) {
            known.noted = Some(now);
        }
        let store = store.clone();
        tokio::spawn(async move { store.key_used(&id).await });
    }

    /// Forgets a key that was changed here.
    pub(crate) fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

fn is_over(key: &ApiKey, now: Timestamp) -> bool {
    key.revoked.is_some() || key.expires.is_some_and(|expires| expires <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_apart() {
        for good in ["pv_abc_def", " pv_abc_d-e_f\n"] {
            assert!(SplitKey::parse(good).is_some(), "{good}");
        }
        for bad in ["", "pv_", "pv_abc", "pv__def", "pv_abc_", "xx_abc_def", "pv_a c_d", "pv_a_d\u{e9}"] {
            assert!(SplitKey::parse(bad).is_none(), "{bad}");
        }
        assert!(SplitKey::parse(&format!("pv_abc_{}", "d".repeat(65))).is_none());
    }
}
