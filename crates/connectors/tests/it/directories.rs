//! Manifests and settings of directories.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use provost_connectors::{Manifest, ParameterValue, Parameters};
use provost_core::{Clock, Diagnostic, GroupVerb, Verb};
use provost_net::{Limits, Proxy, Settings};
use serde_json::{Value, json};

const GOOD: &str = "integration: staff\nbrand: Staff\nldap: standard\nlookup: [id, uid]\n";

fn load(text: &str) -> Result<Manifest, Box<Diagnostic>> {
    Manifest::load(Path::new("integration.yaml"), text, &|name| match name {
        "staff" => Ok(("staff/integration.yaml".into(), GOOD.to_owned())),
        _ => Err(format!("there is no integration `{name}`")),
    })
}

#[test]
fn a_directory_has_every_command() {
    let manifest = load(GOOD).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(manifest.look_up(), ["id", "uid"]);
    assert!(Verb::ALL.into_iter().all(|verb| manifest.verbs().contains(verb)));
    assert!(manifest.can_list() && manifest.has_fields() && manifest.has_groups(GroupVerb::Delete));
    assert!(!manifest.is_http() && !manifest.has_events());
}

#[test]
fn one_on_top_of_another_may_do_less() {
    let text = "integration: own\nextends: staff\nbrand: Own\nwithout: [create, groups, list]\n";
    let manifest = load(text).unwrap_or_else(|error| panic!("{error}"));
    assert!(!manifest.verbs().contains(Verb::Create) && manifest.verbs().contains(Verb::Disable));
    assert!(!manifest.can_list() && !manifest.has_groups(GroupVerb::Get) && manifest.has_fields());
}

#[test]
fn mistakes_have_their_place() {
    let cases = [
        ("ldap: standart", "ldap: standard", 3, "unknown word `standart`"),
        ("lookup: {uid: a.b}", "lookup: [id, uid]", 4, "`lookup` of a directory is a list of attributes"),
        ("lookup: []", "lookup: [id, uid]", 4, "`lookup` of a directory is a list of attributes"),
        (
            "account: {id: a}\nlookup: [id, uid]",
            "lookup: [id, uid]",
            3,
            "`account` has no meaning beside `ldap`",
        ),
        (
            "faults: [{status: 404}]\nlookup: [id, uid]",
            "lookup: [id, uid]",
            3,
            "`faults` has no meaning beside `ldap`",
        ),
        ("summary: S", "lookup: [id, uid]", 1, "the key `lookup` is missing"),
    ];
    for (wrong, right, line, message) in cases {
        let found = load(&GOOD.replacen(right, wrong, 1)).expect_err(wrong);
        assert_eq!(found.line, line, "{found}");
        assert!(found.message.contains(message), "{found}");
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
}

/// What is said of an instance with these settings besides an address and credentials.
fn complaint(settings: &Value) -> Option<String> {
    let settings = settings.as_object().expect("settings");
    let mut parameters = Parameters::default();
    parameters.0.insert("url".to_owned(), ParameterValue::Plain(json!(["ldap://127.0.0.1:1"])));
    let (username, password) = ("cn=svc".to_owned(), "a-password".into());
    parameters.0.insert("credentials".to_owned(), ParameterValue::Basic { username, password });
    for (name, value) in settings {
        let value = match value.get("password").and_then(Value::as_str) {
            Some(password) => {
                ParameterValue::Basic { username: "cn=svc".to_owned(), password: password.into() }
            }
            None => ParameterValue::Plain(value.clone()),
        };
        parameters.0.insert(name.clone(), value);
    }
    let connection = Settings {
        timeout: Duration::from_secs(1),
        insecure: true,
        proxy: Proxy::Direct,
        authorities: None,
        limits: Limits::default(),
        patience: Duration::ZERO,
    };
    let manifest = load(GOOD).unwrap_or_else(|error| panic!("{error}"));
    manifest.connect(&parameters, &connection, Arc::new(Still)).err().map(|error| error.to_string())
}

#[test]
fn settings_that_cannot_work_are_found_before_anything_is_sent() {
    let cases = [
        (json!({}), None),
        (json!({"active-by": "nsAccountLock", "base": "dc=x", "look-up": "mail"}), None),
        (json!({"url": ["https://dc1"]}), Some("`url` must be something else")),
        (json!({"url": []}), Some("the parameter `url` is not set")),
        // It would be an anonymous log-in, which succeeds and sees nothing.
        (json!({"credentials": {"password": ""}}), Some("none of them empty")),
        (json!({"base": "example.com"}), Some("`base` must be something else")),
        (json!({"look-up": ["mail", "a)(b"]}), Some("`look-up` must be something else")),
        (json!({"rdn": "u i d"}), Some("`rdn` must be something else")),
        (json!({"active-by": "group"}), Some("the parameter `disabled-group` is not set")),
        (json!({"active-by": "ou"}), Some("the parameter `disabled-ou` is not set")),
        (json!({"active-by": "a b"}), Some("`active-by` must be something else")),
    ];
    for (settings, expected) in cases {
        let found = complaint(&settings);
        match expected {
            None => assert_eq!(found, None, "{settings}"),
            Some(words) => {
                assert!(found.as_ref().is_some_and(|found| found.contains(words)), "{settings}: {found:?}");
            }
        }
    }
}
