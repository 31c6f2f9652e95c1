//! The lane of a task: a key for its person that a database can keep, and that every program
//! gives in the same way.

use provost_core::Profile;
use serde_json::Value;

/// The fields that name a person, the best first.
const NAMING: [&str; 9] = [
    "email",
    "emails",
    "username",
    "userprincipalname",
    "samaccountname",
    "id",
    "userid",
    "employeeid",
    "employeenumber",
];

/// How many bytes of a name are a key as they are: indexes of databases take no long ones.
const LONGEST: usize = 320;

/// The key of a person. Tasks with the same key are to be done one after the other.
///
/// It is the email, in lower case; without one, the first other field that names somebody;
/// without any, a digest of the profile. A field is taken from the data of before the change
/// where it is there, since that names the account that exists.
///
/// One key cannot say all that [`Task::who`](super::Task::who) does: a person who is named by email in one task
/// and by id alone in another has two lanes, and so has one whose email was changed by an
/// earlier task.
pub fn lane(profile: &Profile) -> String {
    let old = profile.old_user_data();
    let naming = NAMING.into_iter().find_map(|name| {
        let in_old = old.as_ref().and_then(|old| named(old, name));
        in_old.or_else(|| named(profile, name))
    });
    naming.unwrap_or_else(|| of_everything(profile))
}

fn named(profile: &Profile, name: &str) -> Option<String> {
    profile.get(name).and_then(first_text).map(|text| key(&text))
}

/// The first text in a value that says something.
fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_lowercase()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(first_text),
        Value::Object(members) => members.get("value").and_then(first_text),
        _ => None,
    }
}

/// A text as a key. What a database may not take is digested.
fn key(text: &str) -> String {
    if text.len() <= LONGEST && !text.contains(char::is_control) {
        return text.to_owned();
    }
    digest(text.as_bytes())
}

/// The key of a profile that names nobody. The order and the spelling of its fields mean nothing.
fn of_everything(profile: &Profile) -> String {
    let mut fields = Value::Object(profile.fields());
    fields.sort_all_objects();
    digest(fields.to_string().as_bytes())
}

/// FNV-1a of 64 bits: it is the same in every version of every program. Two people who share
/// one only wait for each other.
fn digest(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("#{hash:016x}")
}

#[cfg(test)]
mod tests {
    use provost_core::{Schema, Verb};
    use serde_json::json;

    use super::super::Defaults;
    use super::*;

    fn of(profile: Value) -> String {
        let defaults = Defaults { verb: Verb::Create, allow_enable: true, schema: Schema::built_in() };
        lane(&defaults.task(profile).unwrap().command.profile)
    }

    #[test]
    fn the_best_name_of_a_person_is_the_lane() {
        for (profile, expected) in [
            (json!({"id": 7, "username": "ann", "Email": " Ann@Example.com "}), "ann@example.com"),
            (json!({"id": 7, "emails": [{"type": "work", "value": "Ann@example.com"}]}), "ann@example.com"),
            (json!({"id": 7, "User Name": "Ann", "email": ""}), "ann"),
            (json!({"employeeId": "E1", "id": 7, "email": null}), "7"),
            (json!({"Employee ID": "E1", "title": "Sales"}), "e1"),
        ] {
            assert_eq!(of(profile.clone()), expected, "{profile}");
        }
    }

    #[test]
    fn the_account_that_exists_is_the_lane() {
        let old = json!({"Email": "ann@example.com", "username": "ann"});
        assert_eq!(of(json!({"email": "new@example.com", "oldUserData": old})), "ann@example.com");
        assert_eq!(of(json!({"email": "new@example.com", "olduserdata": {"id": 7}})), "new@example.com");
        assert_eq!(of(json!({"id": 8, "olduserdata": {"id": 7}})), "7");
        let command = json!({"command": "iam-disable-user", "user-profile": {"email": "ANN@example.com"}});
        assert_eq!(of(command), "ann@example.com");
    }

    #[test]
    fn who_has_no_name_is_known_by_the_whole_profile() {
        let sales = of(json!({"title": "Sales", "given name": "Ann"}));
        assert_eq!(of(json!({"givenname": "Ann", "title": "Sales"})), sales);
        assert_ne!(of(json!({"givenname": "Bo", "title": "Sales"})), sales);
        assert_eq!(sales, "#eeebb43479757c82", "a queue may be older than the program");
    }

    #[test]
    fn a_lane_fits_into_an_index() {
        for name in ["x".repeat(LONGEST + 1), "a\u{0}b".to_owned()] {
            let lane = of(json!({"email": name}));
            assert!(lane.len() == 17 && lane.starts_with('#'), "{lane}");
        }
        assert_eq!(digest(b""), "#cbf29ce484222325");
        assert_eq!(digest(b"a"), "#af63dc4c8601ec8c");
    }
}
