//! An application and who may use it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::user::User;
use crate::moment::with_milliseconds;
use crate::table::Row;

/// What applications are found by.
pub(super) const BY_ID: usize = 0;
/// How many indexes there are.
pub(super) const INDEXES: usize = 1;

/// An application.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) created: Timestamp,
}

/// Somebody's place in an application.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) profile: Map<String, Value>,
}

impl App {
    /// The application as the API shows it.
    pub(super) fn to_json(&self, api: &str) -> Value {
        let link = |below: &str| json!({"href": format!("{api}/apps/{}{below}", self.id)});
        let origin = api.trim_end_matches("/api/v1");
        json!({
            "id": self.id,
            "name": self.name,
            "label": self.label,
            "status": "ACTIVE",
            "created": with_milliseconds(self.created),
            "lastUpdated": with_milliseconds(self.created),
            "features": [],
            "signOnMode": "BOOKMARK",
            "visibility": {"autoSubmitToolbar": false, "hide": {"iOS": false, "web": false}},
            "accessibility": {"selfService": false},
            "credentials": {"userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN"}},
            "settings": {"app": {"requestIntegration": false, "url": "https://app.example.com"}},
            "_links": {
                "self": link(""),
                "users": link("/users"),
                "groups": link("/groups"),
                "logo": [{"name": "medium", "href": format!("{origin}/assets/{}.png", self.name), "type": "image/png"}],
            },
        })
    }
}

impl Assignment {
    /// A new one.
    pub(super) fn new(profile: Map<String, Value>, now: Timestamp) -> Self {
        Self { created: now, updated: now, profile }
    }

    /// The assignment as the API shows it.
    pub(super) fn to_json(&self, app: &App, user: &User, api: &str) -> Value {
        json!({
            "id": user.id,
            "externalId": user.text("login"),
            "created": with_milliseconds(self.created),
            "lastUpdated": with_milliseconds(self.updated),
            "scope": "USER",
            "status": "ACTIVE",
            "statusChanged": with_milliseconds(self.created),
            "passwordChanged": null,
            "syncState": "DISABLED",
            "credentials": {"userName": user.text("login")},
            "profile": self.profile,
            "_links": {
                "app": {"href": format!("{api}/apps/{}", app.id)},
                "user": {"href": format!("{api}/users/{}", user.id)},
            },
        })
    }
}

impl Row for App {
    fn keys(&self) -> Vec<(usize, String)> {
        vec![(BY_ID, self.id.clone())]
    }
}
