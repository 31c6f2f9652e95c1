//! From an entry to an account.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provost_core::{Account, AccountId, Attributes};
use provost_net::ldap::Entry;
use serde_json::Value;

use super::guid;
use super::shape::Shape;
use super::state;

/// What no record may show, whatever the service account is allowed to read.
const SECRET: [&str; 14] = [
    "userPassword",
    "unicodePwd",
    "authPassword",
    "dBCSPwd",
    "pwdHistory",
    "passwordHistory",
    "ntPwdHistory",
    "lmPwdHistory",
    "supplementalCredentials",
    "sambaNTPassword",
    "sambaLMPassword",
    "sambaPasswordHistory",
    "krbPrincipalKey",
    "ms-Mcs-AdmPwd",
];
/// What is a list even of one.
const LISTS: [&str; 4] = ["objectClass", "memberOf", "member", "proxyAddresses"];
/// Longer values that are no text are told by their length.
const LONGEST_BINARY: usize = 256;

/// Whether an attribute holds something that nobody may see.
pub(super) fn is_secret(attribute: &str) -> bool {
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(attribute))
}

/// The account that an entry shows. `active` is `None` for what the entry itself says.
pub(super) fn account(shape: &Shape, entry: &Entry, active: Option<bool>) -> Account {
    let id = id(shape, entry);
    let text = |attribute: &str| entry.text(attribute).map(str::to_owned);
    let mut keys: BTreeMap<String, Vec<String>> =
        shape.lookup.iter().map(|attribute| (attribute.clone(), shown(entry, attribute))).collect();
    keys.insert("id".to_owned(), vec![id.to_string()]);
    Account {
        username: text(shape.username.as_str()),
        email: text("mail"),
        active: active.or_else(|| state::shown(&shape.active, entry)),
        unfinished: false,
        keys,
        attributes: attributes(entry),
        id,
    }
}

/// What identifies an entry: its unchanging id, or its name where the server shows none.
pub(super) fn id(shape: &Shape, entry: &Entry) -> AccountId {
    let id = entry.values(shape.id.as_str()).first().and_then(|value| written(shape.id.as_str(), value));
    id.unwrap_or_else(|| entry.dn.clone()).into()
}

fn shown(entry: &Entry, attribute: &str) -> Vec<String> {
    entry.values(attribute).iter().filter_map(|value| written(attribute, value)).collect()
}

/// The entry as a record shows it, its name and its state in plain words among the attributes.
fn attributes(entry: &Entry) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert("dn".to_owned(), entry.dn.clone().into());
    for (name, values) in entry.attributes.iter().filter(|(name, _)| !is_secret(name)) {
        let mut values: Vec<Value> = values.iter().map(|value| value_of(name, value)).collect();
        let is_list = values.len() != 1 || LISTS.iter().any(|list| list.eq_ignore_ascii_case(name));
        let value = if is_list { Value::Array(values) } else { values.remove(0) };
        attributes.insert(name.clone(), value);
    }
    let state = state::told(entry);
    if !state.is_empty() {
        attributes.insert("accountState".to_owned(), Value::Object(state));
    }
    attributes
}

fn value_of(name: &str, value: &[u8]) -> Value {
    match written(name, value) {
        Some(text) => text.into(),
        None if value.len() <= LONGEST_BINARY => STANDARD.encode(value).into(),
        None => format!("({} bytes)", value.len()).into(),
    }
}

/// A value as a text, if it is one or an id.
fn written(name: &str, value: &[u8]) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "objectguid" | "ms-ds-consistencyguid" => guid::text(value),
        "objectsid" | "sidhistory" => guid::sid(value),
        _ => std::str::from_utf8(value).ok().map(str::to_owned),
    }
}
