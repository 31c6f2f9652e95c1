//! No value is taken for anything but a value: whatever is written comes back, and whatever is
//! looked for finds nobody else.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use provost_connectors::{Catalogue, ParameterValue, Parameters};
use provost_core::{Account, Attributes, Clock, Connector, Context, FaultKind, LookUp};
use provost_net::{Limits, Proxy, Settings};
use serde_json::{Value, json};

use super::bed::Directory;

/// What means something in a DN, in a filter or in LDIF.
const SPECIAL: &str = ",+\"\\;<>=#()*&|!~: \u{0}\n\r\t/%{}";
const CASES: u32 = 96;

struct Now;

impl Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

fn connector(directory: &Directory) -> Box<dyn Connector> {
    let package = Catalogue::new(Vec::<PathBuf>::new()).open(directory.integration()).expect("it is there");
    let plain = |value: Value| ParameterValue::Plain(value);
    let parameters = IndexMap::from([
        ("url".to_owned(), plain(json!([directory.ldaps]))),
        ("people".to_owned(), plain(format!("ou=people,{}", directory.base).into())),
        ("look-up".to_owned(), plain(json!(["id", "cn"]))),
        ("rdn".to_owned(), plain("cn".into())),
        (
            "credentials".to_owned(),
            ParameterValue::Basic {
                username: directory.user.clone(),
                password: directory.password.clone().into(),
            },
        ),
    ]);
    let settings = Settings {
        timeout: Duration::from_secs(10),
        insecure: false,
        proxy: Proxy::Direct,
        authorities: Some(std::fs::read(&directory.ca).expect("a certificate")),
        limits: Limits::default(),
        patience: Duration::ZERO,
    };
    package.manifest.connect(&Parameters(parameters), &settings, Arc::new(Now)).expect("a connector")
}

/// Texts full of what is special, with what is not.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(SPECIAL.chars().collect::<Vec<_>>());
    let letter = prop_oneof![4 => special, 2 => any::<char>(), 2 => prop::char::range('a', 'e')];
    prop::collection::vec(letter, 1..12).prop_map(|letters| letters.into_iter().collect())
}

/// What is written is found by what was written, and by nothing else.
async fn comes_back(connector: &dyn Connector, number: u32, value: &str) -> Result<(), TestCaseError> {
    let accounts = connector.accounts().expect("accounts");
    let cx = Context::default();
    let look_up = LookUp { attribute: "cn".to_owned(), value: value.to_owned() };
    let carries = |account: &Account| account.keys["cn"].iter().any(|shown| folded(shown) == folded(value));
    // Before it is there: nobody, or somebody of an earlier case who has the same name.
    match accounts.find(&cx, &look_up).await {
        Ok(found) => prop_assert!(found.iter().all(carries), "{value:?} finds {found:?}"),
        Err(fault) => prop_assert_eq!(fault.kind, FaultKind::InvalidValue, "{}", fault),
    }
    let login = format!("escape-{number}");
    let attributes = json!({"cn": value, "sn": "Escape", "uid": login, "sAMAccountName": login});
    let mut attributes: Attributes = attributes.as_object().cloned().expect("an object");
    attributes.shift_remove(if connector.brand().as_str() == "LDAP" { "sAMAccountName" } else { "uid" });
    let made = match accounts.create(&cx, &attributes).await {
        Ok(made) => made,
        // A blank or a control character, or a name that is there: the directory's own rules.
        Err(fault) => {
            let is_rule = matches!(fault.kind, FaultKind::InvalidValue | FaultKind::AlreadyExists);
            prop_assert!(is_rule, "{value:?} is refused: {fault:?}");
            return Ok(());
        }
    };
    prop_assert_eq!(&made.keys["cn"], &[value.to_owned()]);
    let found = accounts.find(&cx, &look_up).await.map_err(|fault| TestCaseError::fail(fault.to_string()))?;
    prop_assert!(found.iter().any(|account| account.id == made.id), "{value:?} is not found: {found:?}");
    prop_assert!(found.iter().all(carries), "{value:?} finds others: {found:?}");
    Ok(())
}

/// As the matching rules of directories prepare a text (RFC 4518): without case, with spaces
/// as one, without what is not shown. Samba reads up to the first NUL.
fn folded(text: &str) -> String {
    let text = text.split('\0').next().unwrap_or_default();
    let kept: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    kept.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn every_value_comes_back(name: &'static str) {
    let Some(directory) = Directory::there(name) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let connector = runtime.block_on(async { connector(&directory) });
    let number = std::cell::Cell::new(0);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let ended = TestRunner::new(config).run(&text(), |value| {
        number.set(number.get() + 1);
        runtime.block_on(comes_back(&*connector, number.get(), &value))
    });
    assert!(ended.is_ok(), "{name}: {}", ended.err().map(|error| error.to_string()).unwrap_or_default());
}

#[test]
fn every_value_comes_back_from_openldap() {
    every_value_comes_back("slapd");
}

#[test]
fn every_value_comes_back_from_active_directory() {
    every_value_comes_back("samba-ad");
}
