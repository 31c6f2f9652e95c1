//! What is to be written, as a directory takes it: texts in, values out, and of an account that
//! is there only what differs.

use provost_core::{Attributes, Fault, FaultKind};
use provost_net::ldap::{Changing, Modification};
use serde_json::Value;

use super::dn::Dn;
use super::filter::AttributeName;

/// The attributes whose values are names of entries: another spelling of one is no change.
const NAMES_OF_ENTRIES: [&str; 3] = ["manager", "secretary", "assistant"];

/// The values of an attribute. A list is several; null, an empty text and an empty list are none.
///
/// # Errors
/// A name that no attribute can have, a value that no directory has.
pub(super) fn values(attribute: &str, value: &Value) -> Result<Vec<String>, Fault> {
    let wrong = |what: String| Fault::new(FaultKind::InvalidValue, what);
    AttributeName::parse(attribute).map_err(|error| wrong(error.to_string()))?;
    let texts = match value {
        Value::Array(list) => list.iter().map(text).collect::<Option<Vec<_>>>(),
        one => text(one).map(|text| vec![text]),
    };
    let texts = texts.ok_or_else(|| {
        wrong(format!(
            "`{attribute}` is an object, and a directory has texts, numbers and lists of them only"
        ))
        .with_hint("let the mapper give a part of it")
    })?;
    let mut kept: Vec<String> = Vec::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    Ok(kept)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        // RFC 4517, section 3.3.3
        Value::Bool(true) => Some("TRUE".to_owned()),
        Value::Bool(false) => Some("FALSE".to_owned()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The values that an account shows of an attribute, whatever the case of its name.
pub(super) fn shown(account: &Attributes, attribute: &str) -> Vec<String> {
    let found = account.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    found.and_then(|(_, value)| values(attribute, value).ok()).unwrap_or_default()
}

/// What has to be done to an attribute so that it has these values: nothing, its only value
/// replaced, or of several those taken out and put in that differ.
pub(super) fn difference(attribute: &str, before: &[String], after: &[String]) -> Vec<Modification> {
    let is_same =
        |one: &String, other: &String| one == other || (is_name(attribute) && are_one_entry(one, other));
    let without = |these: &[String], those: &[String]| -> Vec<Vec<u8>> {
        let lacks = |value: &&String| !those.iter().any(|other| is_same(value, other));
        these.iter().filter(lacks).map(|value| value.clone().into_bytes()).collect()
    };
    let (gone, new) = (without(before, after), without(after, before));
    let modification = |change, values| Modification { attribute: attribute.to_owned(), change, values };
    match (gone.is_empty(), new.is_empty()) {
        (true, true) => Vec::new(),
        _ if before.len() <= 1 && after.len() <= 1 => vec![modification(Changing::Replace, new)],
        (true, false) => vec![modification(Changing::Add, new)],
        (false, true) => vec![modification(Changing::Delete, gone)],
        (false, false) => vec![modification(Changing::Delete, gone), modification(Changing::Add, new)],
    }
}

fn is_name(attribute: &str) -> bool {
    NAMES_OF_ENTRIES.iter().any(|name| name.eq_ignore_ascii_case(attribute))
}

fn are_one_entry(one: &str, other: &str) -> bool {
    matches!((Dn::parse(one), Dn::parse(other)), (Ok(one), Ok(other)) if one == other)
}

/// A password as Active Directory takes it: in quotes, in UTF-16 (`[MS-ADTS]`, 3.1.1.3.1.5).
pub(super) fn unicode_password(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(attribute: &str, before: &Value, after: &Value) -> Vec<String> {
        let [before, after] = [before, after].map(|value| values(attribute, value).expect("values"));
        let told = |change: Modification| {
            let values = change.values.iter().map(|value| String::from_utf8_lossy(value).into_owned());
            format!("{:?} {}", change.change, values.collect::<Vec<_>>().join("|"))
        };
        difference(attribute, &before, &after).into_iter().map(told).collect()
    }

    #[test]
    fn only_what_differs_is_written() {
        let cases = [
            ("title", json!("Clerk"), json!("Clerk"), vec![]),
            ("title", json!("Clerk"), json!("clerk"), vec!["Replace clerk"]),
            ("title", json!(null), json!("Clerk"), vec!["Replace Clerk"]),
            ("title", json!("Clerk"), json!(""), vec!["Replace "]),
            ("title", json!(""), json!([]), vec![]),
            ("mail", json!(["a", "b"]), json!(["b", "c"]), vec!["Delete a", "Add c"]),
            ("mail", json!(["a", "b"]), json!(["b", "a"]), vec![]),
            ("mail", json!("a"), json!(["a", "b", "b"]), vec!["Add b"]),
            ("mail", json!(["a", "b"]), json!("a"), vec!["Delete b"]),
            ("mail", json!(["a", "b"]), json!(null), vec!["Delete a|b"]),
            ("uidNumber", json!("7"), json!(7), vec![]),
            ("flag", json!("TRUE"), json!(true), vec![]),
            ("manager", json!("CN=Ann,DC=x"), json!("cn=ann, dc=X"), vec![]),
            ("title", json!("CN=Ann,DC=x"), json!("cn=ann,dc=x"), vec!["Replace cn=ann,dc=x"]),
        ];
        for (attribute, before, after, expected) in cases {
            assert_eq!(changed(attribute, &before, &after), expected, "{attribute}: {before} {after}");
        }
    }

    #[test]
    fn what_no_directory_has_is_refused() {
        assert!(values("mail", &json!({"value": "a"})).is_err());
        assert!(values("mail", &json!([["a"]])).is_err());
        assert!(values("mail)(uid=*", &json!("a")).is_err());
    }

    #[test]
    fn a_password_is_quoted_and_wide() {
        assert_eq!(unicode_password("aé"), [0x22, 0, 0x61, 0, 0xe9, 0, 0x22, 0]);
    }
}
