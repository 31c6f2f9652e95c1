//! Choosing the attribute that finds an account (contract 2.4).

use provost_core::{Attributes, Fault, FaultKind, LookUp, Profile, cli_name};
use serde_json::Value;

use crate::mapping::MappedProfile;

/// The first look-up attribute that has a value, with it. With `use_old`, the data from
/// before the change comes first.
pub(crate) fn choose(
    attributes: &[String],
    profile: &Profile,
    mapped: &MappedProfile,
    use_old: bool,
) -> Result<LookUp, Fault> {
    let chosen = attributes.iter().find_map(|attribute| {
        let raw = (attribute == "id").then(|| raw_id(profile, use_old)).flatten();
        let value = raw.or_else(|| value(attribute, profile, mapped, use_old))?;
        Some(LookUp { attribute: attribute.clone(), value })
    });
    chosen.ok_or_else(|| nothing_to_look_up(attributes))
}

/// Outgoing mappers have no id, so that it is read from the profile itself.
fn raw_id(profile: &Profile, use_old: bool) -> Option<String> {
    let old = profile.old_user_data().filter(|_| use_old);
    old.and_then(|old| text(old.get("id")?)).or_else(|| text(profile.get("id")?))
}

fn value(attribute: &str, profile: &Profile, mapped: &MappedProfile, use_old: bool) -> Option<String> {
    let raw;
    let new = if mapped.new.is_empty() {
        raw = profile.without_old_user_data();
        &raw
    } else {
        &mapped.new
    };
    let read = |attributes: &Attributes| match member(attributes, attribute, mapped.is_raw)? {
        one @ (Value::String(_) | Value::Number(_)) => text(one),
        several if attribute == "emails" => text(primary(several)?),
        _ => None,
    };
    let old = mapped.old.as_ref().filter(|_| use_old);
    old.and_then(read).or_else(|| read(new))
}

/// An attribute's value; where no mapper spelled the names, in any spelling.
fn member<'a>(attributes: &'a Attributes, attribute: &str, is_raw: bool) -> Option<&'a Value> {
    let spelled = || attributes.iter().find(|(name, _)| is_raw && cli_name(name) == cli_name(attribute));
    attributes.get(attribute).or_else(|| spelled().map(|(_, value)| value))
}

/// The address to use of an object or a list of them.
fn primary(emails: &Value) -> Option<&Value> {
    match emails {
        Value::Object(email) => email.get("value"),
        Value::Array(list) => {
            list.iter().find(|email| email["primary"] == Value::Bool(true)).or(list.first())?.get("value")
        }
        _ => None,
    }
}

/// A blank is a value; an empty text is none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn nothing_to_look_up(attributes: &[String]) -> Fault {
    let list: Vec<String> = attributes.iter().map(|attribute| format!("'{attribute}'")).collect();
    let message = format!(
        "Your user profile argument must contain at least one attribute that is mapped into one of the following \
         attributes in the outgoing mapper: [{}]",
        list.join(", ")
    );
    Fault::new(FaultKind::NoLookUpValue, message)
        .with_hint("give the profile an `email`, or the system's own `id`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chosen(list: &[&str], profile: Value, mapped: Value, old: Option<Value>) -> Option<(String, String)> {
        let attributes = |value: Value| value.as_object().cloned().unwrap_or_default();
        let list: Vec<String> = list.iter().map(|&name| name.to_owned()).collect();
        let raw = profile.clone();
        let profile = Profile::from_value(profile).unwrap();
        let use_old = old.is_some();
        let is_raw = mapped == raw;
        let mapped = MappedProfile {
            new: attributes(mapped),
            old: old.map(attributes),
            is_raw,
            ..MappedProfile::default()
        };
        choose(&list, &profile, &mapped, use_old).ok().map(|found| (found.attribute, found.value))
    }

    #[test]
    fn the_first_attribute_with_a_value_wins() {
        let raw = json!({"id": 7, "email": "a@x"});
        let pair = |attribute: &str, value: &str| Some((attribute.to_owned(), value.to_owned()));
        let cases = [
            (chosen(&["id", "email"], raw.clone(), json!({"email": "m@x"}), None), pair("id", "7")),
            (
                chosen(&["username", "email"], raw.clone(), json!({"email": "m@x"}), None),
                pair("email", "m@x"),
            ),
            (chosen(&["email"], raw.clone(), json!({}), None), pair("email", "a@x")),
            (
                chosen(&["email"], raw.clone(), json!({"email": "n"}), Some(json!({"email": "o"}))),
                pair("email", "o"),
            ),
            (
                chosen(&["email"], raw.clone(), json!({"email": "n"}), Some(json!({"email": ""}))),
                pair("email", "n"),
            ),
            (chosen(&["email"], raw.clone(), json!({"email": " "}), None), pair("email", " ")),
            (chosen(&["email"], raw, json!({"email": ""}), None), None),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn without_a_mapper_any_spelling_is_read() {
        let raw = json!({"User Name": "ann"});
        assert!(chosen(&["username"], raw.clone(), raw.clone(), None).is_some());
        assert!(
            chosen(&["username"], raw, json!({"user_name": "ann"}), None).is_none(),
            "a mapper spells names"
        );
    }

    #[test]
    fn an_address_is_taken_from_any_shape() {
        let cases = [
            (json!({"value": "c@x"}), Some("c@x")),
            (json!([{"value": "a@x"}, {"value": "b@x", "primary": true}]), Some("b@x")),
            (json!([{"value": "a@x"}]), Some("a@x")),
            (json!("d@x"), Some("d@x")),
            (json!([]), None),
        ];
        for (emails, expected) in cases {
            let found = chosen(&["emails"], json!({"k": 1}), json!({"emails": emails}), None);
            assert_eq!(found.map(|(_, value)| value).as_deref(), expected);
        }
    }
}
