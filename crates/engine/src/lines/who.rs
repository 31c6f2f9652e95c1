//! Whom a line is about: what lines about one person have in common.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use provost_core::{Profile, spelled_as_cli_name};
use serde_json::{Map, Value};

/// The fields that tell who somebody is. Lines that share a value in any of them are about
/// one person, as far as a batch can know.
const WHO: [&str; 9] = [
    "id",
    "userid",
    "email",
    "emails",
    "username",
    "employeeid",
    "employeenumber",
    "samaccountname",
    "userprincipalname",
];

/// Everything in a profile that tells who it is, as keys to compare within one run.
pub(super) fn who(profile: &Profile) -> Vec<u64> {
    let mut who = Vec::new();
    note_who(profile.as_given(), &mut who);
    who
}

/// Notes everything in a profile, that of before the change included, that tells who it is.
fn note_who(profile: &Map<String, Value>, who: &mut Vec<u64>) {
    for (name, value) in profile {
        let name = spelled_as_cli_name(name);
        match value {
            Value::Object(old) if name == "olduserdata" => note_who(old, who),
            value if WHO.contains(&name.as_ref()) => note_texts(value, who),
            _ => {}
        }
    }
}

fn note_texts(value: &Value, who: &mut Vec<u64>) {
    let mut note = |text: &str| {
        let mut hasher = DefaultHasher::new();
        text.to_lowercase().hash(&mut hasher);
        who.push(hasher.finish());
    };
    match value {
        Value::String(text) if !text.is_empty() => note(text),
        Value::Number(number) => note(&number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| note_texts(item, who)),
        Value::Object(members) => members.values().for_each(|member| note_texts(member, who)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_one_person_have_something_in_common() {
        let who = |text: &str| who(&Profile::parse(text).unwrap());
        let ann = who(r#"{"Email": "Ann@Example.com", "title": "Sales"}"#);
        for (line, is_ann) in [
            (r#"{"email": "ann@example.com"}"#, true),
            (r#"{"user name": "ann@example.com", "id": 7}"#, true),
            (r#"{"email": "new@example.com", "oldUserData": {"email": "ann@example.com"}}"#, true),
            (r#"{"emails": [{"value": "ann@example.com"}]}"#, true),
            (r#"{"email": "bo@example.com", "title": "Sales", "manageremail": "ann@example.com"}"#, false),
        ] {
            assert_eq!(who(line).iter().any(|key| ann.contains(key)), is_ann, "{line}");
        }
    }
}
