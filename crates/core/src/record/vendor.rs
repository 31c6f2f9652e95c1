//! `IAM.Vendor`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Brand, Code, InstanceName, Verb};

/// What a user command did at one instance: 13 keys, always all, always in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VendorRecord {
    /// The integration's display name.
    pub brand: Brand,
    /// The instance's name.
    pub instance_name: InstanceName,
    /// What was done, or would have been.
    pub action: Verb,
    /// False only for failures; a skipped record is a success.
    pub success: bool,
    /// The account's state after the call.
    pub active: Option<bool>,
    /// The system's id of the account.
    pub id: Option<String>,
    /// The log-in name.
    pub username: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The system's error code, the HTTP status, or null.
    pub error_code: Option<Code>,
    /// What failed; empty on success.
    pub error_message: String,
    /// The system's whole account, or the mapped profile where there is none.
    pub details: Value,
    /// Whether nothing was written because there was nothing to do, or no leave to.
    pub skipped: bool,
    /// Why it was skipped; empty otherwise.
    pub reason: String,
}

impl VendorRecord {
    /// A successful record without an account.
    pub fn new(brand: Brand, instance: InstanceName, action: Verb) -> Self {
        Self {
            brand,
            instance_name: instance,
            action,
            success: true,
            active: None,
            id: None,
            username: None,
            email: None,
            error_code: None,
            error_message: String::new(),
            details: Value::Null,
            skipped: false,
            reason: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let new = VendorRecord::new("Okta IAM".into(), "okta-prod".into(), Verb::Disable);
        let full = VendorRecord {
            success: false,
            active: Some(true),
            id: Some("7".to_owned()),
            error_code: Some(Code::Text("E0000007".to_owned())),
            error_message: "gone".to_owned(),
            details: json!({"z": [1, null], "a": {}}),
            ..new.clone()
        };
        let numbered = VendorRecord { error_code: Some(Code::Number(404)), ..new.clone() };
        for record in [new, full, numbered] {
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<VendorRecord>(&text).unwrap(), record, "{text}");
        }
    }
}
