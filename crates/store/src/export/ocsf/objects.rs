//! The objects that events of OCSF are made of.

use provost_core::{AccountId, Actor, ActorKind, AuditEvent, AuditKind, InstanceName};
use serde_json::{Map, Value, json};

use super::table::Class;

const NAME: &str = "Provost";

/// What a class has besides what all have.
pub(super) fn class_members(class: Class, event: &AuditEvent) -> Map<String, Value> {
    let mut own = Map::new();
    let mut put = |name: &str, value: Value| own.insert(name.to_owned(), value);
    match class {
        Class::AccountChange => {
            put("user", user(event));
        }
        Class::EntityManagement => {
            put("entity", entity(event));
            event.why.as_deref().map(|why| put("comment", why.into()));
        }
        Class::ApiActivity => {
            put("api", json!({"operation": event.what, "service": {"name": service(event)}}));
            put("src_endpoint", json!({"name": event.node}));
            resource(event).map(|resource| put("resources", json!([resource])));
        }
        Class::ApplicationLifecycle => {
            put("app", app(event));
        }
    }
    own
}

/// An object of the texts that there are.
fn object(texts: &[(&str, Option<&str>)]) -> Value {
    let there = texts.iter().filter_map(|(name, text)| Some(((*name).to_owned(), Value::from((*text)?))));
    Value::Object(there.collect())
}

/// The program.
pub(super) fn product() -> Value {
    json!({"name": NAME, "vendor_name": NAME, "version": env!("CARGO_PKG_VERSION")})
}

/// Whoever is behind an event.
pub(super) fn actor(actor: &Actor) -> Value {
    let (type_id, word) = match actor.kind {
        ActorKind::Person | ActorKind::Console => (1, "User"),
        ActorKind::System => (3, "System"),
        ActorKind::Key => (99, actor.kind.as_str()),
    };
    json!({"uid": actor.id, "name": actor.name, "type_id": type_id, "type": word})
}

/// The account that is changed. The schema wants a name or an id.
fn user(event: &AuditEvent) -> Value {
    let (subject, account) = (event.subject.as_deref(), account(event));
    object(&[
        ("name", subject.or(account).or(Some("unknown"))),
        ("email_addr", subject.filter(|subject| subject.contains('@'))),
        ("uid", account),
        ("domain", instance(event)),
    ])
}

/// What is configured, or the group.
fn entity(event: &AuditEvent) -> Value {
    if event.kind == AuditKind::Configuration {
        let name = instance(event).or_else(|| member(event, "name")).unwrap_or(&event.what);
        return json!({"type": "configuration", "name": name});
    }
    let name = event.subject.as_deref().unwrap_or("unknown");
    object(&[("type", Some("group")), ("name", Some(name)), ("uid", account(event))])
}

/// The system that is asked, or Provost itself.
fn service(event: &AuditEvent) -> &str {
    instance(event).unwrap_or(NAME)
}

/// The key or the account that a command is about, where it is about one.
fn resource(event: &AuditEvent) -> Option<Value> {
    let (kind, uid, name) = match event.kind {
        AuditKind::Access => ("api-key", member(event, "id"), member(event, "name")),
        _ => ("account", account(event), event.subject.as_deref()),
    };
    uid.or(name)?;
    Some(object(&[("type", Some(kind)), ("uid", uid), ("name", name)]))
}

fn app(event: &AuditEvent) -> Value {
    let mut app = product();
    app["uid"] = event.node.as_str().into();
    app
}

fn account(event: &AuditEvent) -> Option<&str> {
    event.account.as_ref().map(AccountId::as_str)
}

fn instance(event: &AuditEvent) -> Option<&str> {
    event.instance.as_ref().map(InstanceName::as_str)
}

/// A text in what was there afterwards or before.
fn member<'a>(event: &'a AuditEvent, name: &str) -> Option<&'a str> {
    event.after.as_ref().or(event.before.as_ref())?.get(name)?.as_str()
}
