//! What the audit log has to know of a system before it is asked.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use provost_connectors::{Manifest, ParameterValue, Parameters};
use provost_core::{Account, AccountId, Attributes, Clock, Connector};
use provost_net::{Limits, Proxy, Settings};
use serde_json::{Value, json};

const HTTP: &str = "\
integration: app
brand: App
parameters: {url: {type: url, required: true}}
http: {base: \"{{ params.url }}\"}
account: {id: id, attributes: profile}
lookup: [id]
operations: {test: {get: /me}, find: {get: /users}}
commands:
  app-list: {about: List, operation: {get: /doors}}
  app-keep: {about: Keep, arguments: {list: {}}, store: {list: \"{{ args.list }}\"}}
  app-open: {about: Open, operation: {post: /doors}}
  app-find-and-open:
    about: Open
    operation: {first: {door: {get: /doors}, key: {post: /keys}}, get: /open}
  app-either:
    about: Look or open
    operation:
      - {when: \"{{ false }}\", get: /doors}
      - {delete: /doors}
";
const LDAP: &str = "integration: staff\nbrand: Staff\nldap: standard\nlookup: [id, uid]\n";

struct Still;

impl Clock for Still {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
}

/// A system that nothing is sent to.
fn connected(manifest: &str, url: Value) -> Box<dyn Connector> {
    let manifest = Manifest::load(Path::new("integration.yaml"), manifest, &|_| Err(String::new()));
    let manifest = manifest.unwrap_or_else(|error| panic!("{error}"));
    let (username, password) = ("cn=svc".to_owned(), "a-password".into());
    let parameters = [
        ("url".to_owned(), ParameterValue::Plain(url)),
        ("credentials".to_owned(), ParameterValue::Basic { username, password }),
    ];
    let settings = Settings {
        timeout: Duration::from_secs(1),
        insecure: true,
        proxy: Proxy::Direct,
        authorities: None,
        limits: Limits::default(),
        patience: Duration::ZERO,
    };
    let connected =
        manifest.connect(&Parameters(parameters.into_iter().collect()), &settings, Arc::new(Still));
    connected.unwrap_or_else(|error| panic!("{error}"))
}

fn object(value: Value) -> Attributes {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

#[test]
fn a_command_that_sends_more_than_questions_may_write() {
    let connector = connected(HTTP, json!("http://127.0.0.1:1"));
    let commands = connector.commands().expect("commands");
    let rows = [
        ("app-list", false),
        ("app-keep", false),
        ("app-open", true),
        ("app-find-and-open", true),
        ("app-either", true),
        ("app-unknown", false),
    ];
    for (name, writes) in rows {
        assert_eq!(commands.writes(name), writes, "{name}");
    }
}

#[test]
fn what_an_account_shows_has_the_names_that_are_written() {
    let cases = [
        (
            connected(HTTP, json!("http://127.0.0.1:1")),
            json!({"profile": {"name": {"given": "Ann", "full": "Ann A"}, "mail": "ann@example.com"}}),
            json!({"name": {"given": "Anna"}, "title": "Lead"}),
            json!({"name": {"given": "Ann"}}),
        ),
        (
            connected(LDAP, json!(["ldap://127.0.0.1:1"])),
            json!({"givenName": "Ann", "mail": ["ann@example.com"], "sn": "A"}),
            json!({"givenname": "Anna", "mail": "ann@example.com", "userPassword": "x"}),
            json!({"givenname": "Ann", "mail": ["ann@example.com"]}),
        ),
    ];
    for (connector, attributes, written, shown) in cases {
        let accounts = connector.accounts().expect("accounts");
        let account = Account { attributes: object(attributes), ..Account::known_by(AccountId::from("7")) };
        assert_eq!(Value::Object(accounts.shown(&account, &object(written))), shown);
    }
}
