//! An event of the system log.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::app::App;
use super::group::Group;
use super::user::User;
use crate::moment::with_milliseconds;
use crate::number::hexadecimal;

/// What happened, and to whom.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) number: u64,
    pub(super) published: Timestamp,
    pub(super) kind: &'static str,
    pub(super) words: &'static str,
    pub(super) targets: Vec<Target>,
}

/// Something that an event is about.
#[derive(Debug, Clone)]
pub(super) struct Target {
    kind: &'static str,
    id: String,
    alternate: String,
    display: String,
}

impl From<&User> for Target {
    fn from(user: &User) -> Self {
        let alternate = user.text("login").to_owned();
        Self { kind: "User", id: user.id.clone(), alternate, display: user.display_name() }
    }
}

impl From<&Group> for Target {
    fn from(group: &Group) -> Self {
        let display = group.name.clone();
        Self { kind: "UserGroup", id: group.id.clone(), alternate: "unknown".to_owned(), display }
    }
}

impl From<&App> for Target {
    fn from(app: &App) -> Self {
        Self {
            kind: "AppInstance",
            id: app.id.clone(),
            alternate: app.label.clone(),
            display: app.label.clone(),
        }
    }
}

impl Event {
    /// The event as the API shows it. What the emulator cannot know is null, as with Okta.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "uuid": self.uuid(),
            "published": with_milliseconds(self.published),
            "eventType": self.kind,
            "version": "0",
            "severity": "INFO",
            "legacyEventType": null,
            "displayMessage": self.words,
            "actor": {
                "id": "00u000000000000ADM1N",
                "type": "User",
                "alternateId": "admin@example.com",
                "displayName": "Lab Administrator",
                "detailEntry": null,
            },
            "client": {
                "userAgent": null,
                "zone": "null",
                "device": null,
                "id": null,
                "ipAddress": "127.0.0.1",
                "geographicalContext": null,
            },
            "outcome": {"result": "SUCCESS", "reason": null},
            "target": self.targets.iter().map(Target::to_json).collect::<Vec<_>>(),
            "transaction": {"type": "WEB", "id": hexadecimal(self.number, 24), "detail": {}},
            "debugContext": {"debugData": {}},
            "authenticationContext": {"authenticationStep": 0, "externalSessionId": "unknown"},
            "securityContext": {"asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null},
            "request": {"ipChain": [{"ip": "127.0.0.1", "geographicalContext": null, "version": "V4", "source": null}]},
        })
    }

    fn uuid(&self) -> String {
        let digits = hexadecimal(self.number, 32);
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        parts.join("-")
    }
}

impl Target {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "type": self.kind,
            "alternateId": self.alternate,
            "displayName": self.display,
            "detailEntry": null,
        })
    }
}
