//! A group.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::moment::with_milliseconds;
use crate::table::Row;

/// What groups are found by.
pub(super) const BY_ID: usize = 0;
/// The name, in lower case.
pub(super) const BY_NAME: usize = 1;
/// How many indexes there are.
pub(super) const INDEXES: usize = 2;

/// A group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) membership_updated: Timestamp,
}

impl Group {
    /// Reads the profile that a request sends.
    ///
    /// # Errors
    /// No name, or one that is too long.
    pub(super) fn read(body: &Value) -> Result<(String, Option<String>), Refusal> {
        let profile = &body["profile"];
        let name = profile["name"].as_str().unwrap_or_default().trim();
        if name.is_empty() || name.chars().count() > 255 {
            return Err(Refusal::invalid(
                "name",
                vec!["name: The field must have from 1 to 255 letters".to_owned()],
            ));
        }
        Ok((name.to_owned(), profile["description"].as_str().map(str::to_owned)))
    }

    /// The group as the API shows it.
    pub(super) fn to_json(&self, api: &str) -> Value {
        let link = |below: &str| json!({"href": format!("{api}/groups/{}{below}", self.id)});
        json!({
            "id": self.id,
            "created": with_milliseconds(self.created),
            "lastUpdated": with_milliseconds(self.updated),
            "lastMembershipUpdated": with_milliseconds(self.membership_updated),
            "objectClass": ["okta:user_group"],
            "type": "OKTA_GROUP",
            "profile": {"name": self.name, "description": self.description.clone().unwrap_or_default()},
            "_links": {"self": link(""), "users": link("/users"), "apps": link("/apps")},
        })
    }
}

impl Row for Group {
    fn keys(&self) -> Vec<(usize, String)> {
        vec![(BY_ID, self.id.clone()), (BY_NAME, self.name.to_lowercase())]
    }
}
