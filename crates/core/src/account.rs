//! A person's record in one system.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{AccountId, Attributes};

/// An account as a system described it in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The system's own id.
    pub id: AccountId,
    /// The log-in name, where the system says it.
    pub username: Option<String>,
    /// The mail address, where the system says it.
    pub email: Option<String>,
    /// Whether the account is in use; `None` where the answer does not say.
    pub active: Option<bool>,
    /// Whether its making was begun and not finished.
    pub unfinished: bool,
    /// The values of each look-up attribute that the answer shows, none for one that it
    /// shows as empty. The engine holds them against the value that it asked for.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The whole answer.
    pub attributes: Attributes,
}

impl Account {
    /// Whether the account shows the value asked for: its id exactly, anything without regard to
    /// case.
    pub fn carries(&self, look_up: &LookUp) -> bool {
        let wanted = look_up.value.to_lowercase();
        if look_up.attribute == "id" && self.id.as_str() == look_up.value {
            return true;
        }
        let shown = self.keys.get(&look_up.attribute).into_iter().flatten();
        shown.map(|value| value.to_lowercase()).any(|value| value == wanted)
    }

    /// An account of which only the id is known.
    pub fn known_by(id: AccountId) -> Self {
        Self {
            id,
            username: None,
            email: None,
            active: None,
            unfinished: false,
            keys: BTreeMap::new(),
            attributes: Attributes::new(),
        }
    }
}

/// How to find an account: the one whose `attribute` is `value`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookUp {
    /// An attribute's name, as the integration's look-up list has it.
    pub attribute: String,
    /// The value that it must have.
    pub value: String,
}

/// Reads a state that systems write in different ways: `true`, `"true"` and 1 are active,
/// `false`, `"false"` and 0 are not. Anything else says nothing.
pub fn parse_active(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(active) => Some(*active),
        Value::Number(number) => match number.as_i64() {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_state_is_read_strictly() {
        for active in [json!(true), json!("true"), json!("True"), json!(1)] {
            assert_eq!(parse_active(&active), Some(true), "{active}");
        }
        for inactive in [json!(false), json!("false"), json!(0), json!("0")] {
            assert_eq!(parse_active(&inactive), Some(false), "{inactive}");
        }
        for unknown in [json!(null), json!("yes"), json!(2), json!([]), json!({})] {
            assert_eq!(parse_active(&unknown), None, "{unknown}");
        }
    }
}
