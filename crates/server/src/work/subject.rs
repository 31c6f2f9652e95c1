//! Whom a profile is about.

use provost_core::{Profile, Redactor};
use serde_json::Value;

/// The fields that name a person, the one that people know best first.
const NAMES: [&str; 5] = ["email", "username", "id", "employeeid", "userid"];

/// What the log, runs and lists of people call the person.
pub(crate) fn subject(profile: &Profile) -> Option<String> {
    let fields = profile.fields();
    let text = |name: &&str| match fields.get(*name) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    NAMES.iter().find_map(text)
}

/// A value without the members that are secret by their name.
pub(crate) fn without_secrets(mut value: Value) -> Value {
    Redactor::default().value(&mut value);
    value
}

/// What the person of a profile is called that was given as an object or as a text of one.
pub(crate) fn subject_of(profile: Option<&Value>) -> Option<String> {
    let profile = match profile? {
        Value::String(text) => Profile::parse(text),
        value => Profile::from_value(value.clone()),
    };
    subject(&profile.ok()?)
}
