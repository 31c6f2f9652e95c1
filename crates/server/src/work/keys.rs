//! Giving keys and taking them away, for the API and the console.

use jiff::Timestamp;
use provost_core::AuditKind;
use provost_store::Write;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{Caller, NewKey, Role, Scopes, check_key, key_made, key_taken_away, mint};
use crate::{App, Problem};

/// A key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct KeyRequest {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100, example = "nightly joiners")]
    name: String,
    /// What its holder may do.
    role: Role,
    /// Where.
    #[serde(default)]
    scopes: Scopes,
    /// From when on it is refused, as RFC 3339 writes it.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
}

impl KeyRequest {
    fn refuse(&self, caller: &Caller, now: Timestamp) -> Result<(), Problem> {
        check_key(&self.name, self.expires, now).map_err(Problem::invalid)?;
        if self.role > caller.role || !self.scopes.are_within(&caller.scopes) {
            return Err(Problem::denied("a key cannot reach further than whoever makes it"));
        }
        Ok(())
    }
}

/// Makes a key. Its holder gets no more than whoever makes it has.
pub(crate) async fn make_key(app: &App, caller: &Caller, request: &KeyRequest) -> Result<NewKey, Problem> {
    let now = app.store.now();
    request.refuse(caller, now)?;
    let made = (now, &caller.actor);
    let new = mint(request.name.trim(), request.role, &request.scopes, made, request.expires, &*app.random);
    let event = key_made(&new.kept, app.event(AuditKind::Access, &caller.actor, ""));
    app.store.commit(vec![Write::Event(Box::new(event)), Write::AddKey(Box::new(new.kept.clone()))]).await?;
    Ok(new)
}

/// Takes a key away.
pub(crate) async fn revoke_key(app: &App, caller: &Caller, id: &str) -> Result<(), Problem> {
    let missing = || Problem::not_found(format!("there is no key `{id}` that is in use"));
    let key = app.store.key(id).await?.filter(|key| key.revoked.is_none()).ok_or_else(missing)?;
    let event = key_taken_away(&key, app.event(AuditKind::Access, &caller.actor, ""));
    let revoked = Write::RevokeKey(id.to_owned(), app.store.now());
    app.store.commit(vec![Write::Event(Box::new(event)), revoked]).await?;
    app.keys.forget(id);
    Ok(())
}
