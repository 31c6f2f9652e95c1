//! Giving keys and taking them away, for the API and the console.

use jiff::Timestamp;
use provost_core::{AuditEvent, AuditKind};
use provost_store::Write;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::access::{Caller, NewKey, Role, Scopes, mint};
use crate::{App, Problem};

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 100;

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
        let length = self.name.trim().chars().count();
        if length == 0 || length > LONGEST_NAME || self.name.chars().any(char::is_control) {
            return Err(Problem::invalid(format!("`name` has from 1 to {LONGEST_NAME} characters")));
        }
        if self.expires.is_some_and(|expires| expires <= now) {
            return Err(Problem::invalid("`expires` is over already"));
        }
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
    let expires = new.kept.expires.map(|expires| expires.to_string());
    let after = json!({"id": new.kept.id, "name": new.kept.name, "role": new.kept.role, "scopes": new.kept.scopes,
        "expires": expires});
    let event = AuditEvent { after: Some(after), ..app.event(AuditKind::Access, &caller.actor, "key made") };
    app.store.commit(vec![Write::Event(Box::new(event)), Write::AddKey(Box::new(new.kept.clone()))]).await?;
    Ok(new)
}

/// Takes a key away.
pub(crate) async fn revoke_key(app: &App, caller: &Caller, id: &str) -> Result<(), Problem> {
    let missing = || Problem::not_found(format!("there is no key `{id}` that is in use"));
    let key = app.store.key(id).await?.filter(|key| key.revoked.is_none()).ok_or_else(missing)?;
    let before = Some(json!({"id": key.id, "name": key.name, "role": key.role}));
    let event = AuditEvent { before, ..app.event(AuditKind::Access, &caller.actor, "key taken away") };
    let revoked = Write::RevokeKey(id.to_owned(), app.store.now());
    app.store.commit(vec![Write::Event(Box::new(event)), revoked]).await?;
    app.keys.forget(id);
    Ok(())
}
