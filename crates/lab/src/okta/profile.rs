//! The attributes of a profile, and what they may hold: Okta's default schema.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::moment::with_milliseconds;

/// One attribute.
struct Attribute {
    name: &'static str,
    title: &'static str,
    shortest: usize,
    longest: usize,
    is_required: bool,
}

const fn attribute(name: &'static str, title: &'static str, longest: usize) -> Attribute {
    Attribute { name, title, shortest: 0, longest, is_required: false }
}

const fn required(name: &'static str, title: &'static str, shortest: usize, longest: usize) -> Attribute {
    Attribute { name, title, shortest, longest, is_required: true }
}

/// The longest text of an attribute for which Okta names no length.
const LONG: usize = 4096;

const ATTRIBUTES: [Attribute; 31] = [
    required("login", "Username", 5, 100),
    required("firstName", "First name", 1, 50),
    required("lastName", "Last name", 1, 50),
    required("email", "Primary email", 5, 100),
    attribute("middleName", "Middle name", LONG),
    attribute("honorificPrefix", "Honorific prefix", LONG),
    attribute("honorificSuffix", "Honorific suffix", LONG),
    attribute("title", "Title", LONG),
    attribute("displayName", "Display name", LONG),
    attribute("nickName", "Nickname", LONG),
    attribute("profileUrl", "Profile Url", LONG),
    attribute("secondEmail", "Secondary email", 100),
    attribute("mobilePhone", "Mobile phone", 100),
    attribute("primaryPhone", "Primary phone", 100),
    attribute("streetAddress", "Street address", 1024),
    attribute("city", "City", 128),
    attribute("state", "State", 128),
    attribute("zipCode", "Zip code", 50),
    attribute("countryCode", "Country code", 2),
    attribute("postalAddress", "Postal Address", 4096),
    attribute("preferredLanguage", "Preferred language", LONG),
    attribute("locale", "Locale", LONG),
    attribute("timezone", "Time zone", LONG),
    attribute("userType", "User type", LONG),
    attribute("employeeNumber", "Employee number", LONG),
    attribute("costCenter", "Cost center", LONG),
    attribute("organization", "Organization", LONG),
    attribute("division", "Division", LONG),
    attribute("department", "Department", LONG),
    attribute("managerId", "ManagerId", LONG),
    attribute("manager", "Manager", LONG),
];

/// Attributes that hold a mail address.
const ADDRESSES: [&str; 3] = ["login", "email", "secondEmail"];

/// Puts what was sent on a profile; null takes an attribute away.
///
/// # Errors
/// An attribute that the schema does not have, or a value that it does not allow.
pub(super) fn write(profile: &mut Map<String, Value>, sent: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in sent {
        let Some(attribute) = ATTRIBUTES.iter().find(|attribute| attribute.name == name) else {
            let cause = format!("{name}: The property `{name}` is not defined in the schema of the profile");
            return Err(Refusal::invalid(name, vec![cause]));
        };
        match value {
            Value::Null => drop(profile.shift_remove(name)),
            Value::String(text) => {
                attribute.check(text)?;
                profile.insert(name.clone(), value.clone());
            }
            _ => return Err(attribute.refusal("The value must be a text")),
        }
    }
    complete(profile)
}

/// Checks that nothing is missing.
fn complete(profile: &Map<String, Value>) -> Result<(), Refusal> {
    let is_missing = |attribute: &&Attribute| {
        attribute.is_required && profile.get(attribute.name).and_then(Value::as_str).is_none_or(str::is_empty)
    };
    let missing: Vec<&Attribute> = ATTRIBUTES.iter().filter(is_missing).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    let causes =
        missing.iter().map(|attribute| format!("{}: The field cannot be left blank", attribute.name));
    Err(Refusal::invalid(first.name, causes.collect()))
}

impl Attribute {
    fn check(&self, text: &str) -> Result<(), Refusal> {
        let length = text.chars().count();
        if self.is_required && length == 0 {
            return Err(self.refusal("The field cannot be left blank"));
        }
        if length < self.shortest || length > self.longest {
            let words = format!("The field must have from {} to {} letters", self.shortest, self.longest);
            return Err(self.refusal(&words));
        }
        let is_address =
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        match self.name {
            _ if text.is_empty() || is_address || !ADDRESSES.contains(&self.name) => Ok(()),
            "login" => Err(self.refusal("Username must be in the form of an email address")),
            _ => Err(self.refusal("Does not match required pattern")),
        }
    }

    fn refusal(&self, words: &str) -> Refusal {
        Refusal::invalid(self.name, vec![format!("{}: {words}", self.name)])
    }

    fn to_json(&self) -> Value {
        let mut shown = json!({
            "title": self.title,
            "type": "string",
            "mutability": "READ_WRITE",
            "scope": "NONE",
            "permissions": [{"principal": "SELF", "action": "READ_ONLY"}],
            "master": {"type": "PROFILE_MASTER"},
        });
        if self.is_required {
            shown["required"] = true.into();
        }
        if self.shortest > 0 {
            shown["minLength"] = self.shortest.into();
        }
        if self.longest < LONG {
            shown["maxLength"] = self.longest.into();
        }
        if ADDRESSES[1..].contains(&self.name) {
            shown["format"] = "email".into();
        }
        shown
    }
}

/// The schema as `/meta/schemas/user/default` shows it.
pub(super) fn schema(origin: &str, since: Timestamp) -> Value {
    let properties: Map<String, Value> =
        ATTRIBUTES.iter().map(|attribute| (attribute.name.to_owned(), attribute.to_json())).collect();
    let required = ATTRIBUTES.iter().filter(|attribute| attribute.is_required);
    let id = format!("{origin}/meta/schemas/user/default");
    json!({
        "id": id,
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "user",
        "title": "User",
        "lastUpdated": with_milliseconds(since),
        "created": with_milliseconds(since),
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "properties": {}, "required": []},
            "base": {
                "id": "#base",
                "type": "object",
                "properties": properties,
                "required": required.map(|attribute| attribute.name).collect::<Vec<_>>(),
            },
        },
        "type": "object",
        "properties": {
            "profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]},
        },
        "_links": {"self": {"rel": "self", "href": id, "method": "GET", "name": "self"}},
    })
}
