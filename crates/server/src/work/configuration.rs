//! Changes of the configuration, for the API and the console. What is to be changed is in the
//! audit log before it is, and how that ended afterwards; neither event holds a secret.

use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::Write;
use serde_json::{Map, Value, json};

use crate::access::Caller;
use crate::fleet::{InstanceView, IntegrationView};
use crate::{App, Problem};

/// What stands in the log for a secret that was given.
const GIVEN: &str = "[given]";
/// What references to secrets begin with; the rest of one says where it is, not what it is.
const REFERENCES: [&str; 4] = ["env:", "file:", "command:", "sealed:"];

/// Makes an instance, or changes the one of this revision. The new revision.
pub(crate) async fn put_instance(
    app: &App,
    caller: &Caller,
    name: &str,
    settings: Value,
    revision: Option<u64>,
) -> Result<u64, Problem> {
    let before = known(app, name).await?.map(|view| view.settings);
    let after = without_secrets(app, settings.clone()).await?;
    let what = if before.is_some() { "instance changed" } else { "instance made" };
    let event =
        AuditEvent { instance: Some(name.into()), before, after: Some(after), ..event(app, caller, what) };
    let intended = intend(app, event).await?;
    end(app, intended, app.fleet.put_instance(name, settings, revision).await).await
}

/// Takes an instance out.
pub(crate) async fn remove_instance(app: &App, caller: &Caller, name: &str) -> Result<(), Problem> {
    let missing = || Problem::not_found(format!("there is no instance `{name}`"));
    let before = known(app, name).await?.ok_or_else(missing)?.settings;
    let what = "instance removed";
    let event = AuditEvent { instance: Some(name.into()), before: Some(before), ..event(app, caller, what) };
    let intended = intend(app, event).await?;
    let removed = app.fleet.remove_instance(name).await;
    end(app, intended, removed.and_then(|was_there| if was_there { Ok(()) } else { Err(missing()) })).await
}

/// Keeps a mapper, or changes the one of this revision. The new revision.
pub(crate) async fn put_mapper(
    app: &App,
    caller: &Caller,
    name: &str,
    text: &str,
    revision: Option<u64>,
) -> Result<u64, Problem> {
    let before = app.fleet.mapper(name).await?.map(|view| json!({"mapper": name, "text": view.text}));
    let after = Some(json!({"mapper": name, "text": text}));
    let intended = intend(app, AuditEvent { before, after, ..event(app, caller, "mapper changed") }).await?;
    end(app, intended, app.fleet.put_mapper(name, text, revision).await).await
}

fn event(app: &App, caller: &Caller, what: &str) -> AuditEvent {
    app.event(AuditKind::Configuration, &caller.actor, what)
}

async fn known(app: &App, name: &str) -> Result<Option<InstanceView>, Problem> {
    Ok(app.fleet.instances().await?.into_iter().find(|view| view.name == name))
}

/// Writes down what is about to be changed.
async fn intend(app: &App, event: AuditEvent) -> Result<(u64, AuditEvent), Problem> {
    let event = AuditEvent { result: AuditResult::Open, ..event };
    let numbers = app.store.commit(vec![Write::Event(Box::new(event.clone()))]).await?;
    let number = numbers.first().copied();
    Ok((number.ok_or_else(|| Problem::bug("an event was given no number"))?, event))
}

/// Writes down how it ended.
async fn end<T>(
    app: &App,
    (number, intended): (u64, AuditEvent),
    ended: Result<T, Problem>,
) -> Result<T, Problem> {
    let (result, message) = match &ended {
        Ok(_) => (AuditResult::Success, String::new()),
        Err(problem) => (AuditResult::Failure, problem.detail.clone()),
    };
    let event = AuditEvent {
        time: app.store.now(),
        before: None,
        after: None,
        refers: Some(number),
        result,
        message,
        ..intended
    };
    app.note(event).await?;
    ended
}

/// Settings that were given, without what is secret in them.
async fn without_secrets(app: &App, mut settings: Value) -> Result<Value, Problem> {
    let integrations = app.fleet.integrations().await?;
    let kind = integrations.iter().find(|kind| settings["integration"] == kind.name.as_str());
    if let Value::Object(members) = &mut settings {
        mask(members, kind);
    }
    // What is secret by its name is masked whatever its kind of system says.
    Ok(super::without_secrets(settings))
}

fn mask(settings: &mut Map<String, Value>, kind: Option<&IntegrationView>) {
    for (name, value) in settings {
        let name = provost_core::dashed(name);
        let parameter = kind.and_then(|kind| kind.parameters.iter().find(|known| known.name == name));
        match (parameter.map(|parameter| parameter.r#type.as_str()), value) {
            (Some("secret"), value) => mask_text(value),
            (Some("basic"), Value::Object(members)) => {
                members.get_mut("password").into_iter().for_each(mask_text);
            }
            _ => {}
        }
    }
}

fn mask_text(value: &mut Value) {
    let is_reference = |text: &str| REFERENCES.iter().any(|begin| text.starts_with(begin));
    if !value.as_str().is_some_and(is_reference) {
        *value = GIVEN.into();
    }
}
