//! Keeping instances and mappers in the store: checked first, secrets sealed.

use provost_connectors::ParameterType;
use provost_core::{AuditEvent, Secret};
use provost_server::Problem;
use provost_store::{Kind, Revision, Store, StoreError, Vault, Write};
use serde_json::{Map, Value};

use super::loaded::Loaded;
use crate::commands::serve::views;
use crate::config::{Config, Reference, Stored};
use crate::{compose, mapper_files, output};

/// How long a mapper may be.
const LARGEST_MAPPER: usize = 512 << 10;

/// Keeps things in a store.
pub(super) struct Keeper<'a> {
    pub(super) store: &'a Store,
    pub(super) vault: &'a Vault,
}

impl Keeper<'_> {
    /// Keeps an instance.
    pub(super) async fn put_instance(
        &self,
        loaded: &Loaded,
        name: &str,
        settings: Value,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem> {
        let Value::Object(mut settings) = settings else {
            return Err(Problem::invalid("`settings` is an object, as an instance of provost.yaml is"));
        };
        refuse_name(name)?;
        let secrets = take_secrets(loaded, &mut settings, revision.unwrap_or(0) + 1);
        check(loaded, name, &settings, &secrets)?;
        for (secret, value) in &secrets {
            self.store.seal(self.vault, name, secret, value.as_bytes()).await?;
        }
        let text = Value::Object(settings).to_string();
        self.revise(Kind::Instance, name, Some(text.clone()), revision, event).await?;
        self.forget_unused(name, &text).await
    }

    pub(super) async fn remove_instance(&self, name: &str, event: AuditEvent) -> Result<(), Problem> {
        self.revise(Kind::Instance, name, None, None, event).await?;
        self.store.forget_sealed(name, None).await?;
        Ok(())
    }

    /// Keeps a mapper.
    pub(super) async fn put_mapper(
        &self,
        name: &str,
        text: &str,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem> {
        if text.len() > LARGEST_MAPPER {
            return Err(Problem::too_large("the mapper is larger than the server keeps"));
        }
        let mapper = mapper_files::load("the store".as_ref(), text).map_err(|error| {
            let (message, hints) = output::in_words(&anyhow::Error::from(*error));
            Problem::unprocessable(message).hints(hints)
        })?;
        if mapper.name.as_str() != name {
            let message = format!("the mapper calls itself `{}`, not `{name}`", mapper.name);
            return Err(Problem::unprocessable(message));
        }
        self.revise(Kind::Mapper, name, Some(text.to_owned()), revision, event).await
    }

    pub(super) async fn remove_mapper(&self, name: &str, event: AuditEvent) -> Result<(), Problem> {
        self.revise(Kind::Mapper, name, None, None, event).await
    }

    /// A change and its event, both or neither.
    async fn revise(
        &self,
        kind: Kind,
        name: &str,
        text: Option<String>,
        of: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem> {
        let is_removal = text.is_none();
        let revision = Revision { kind, name: name.to_owned(), text, of };
        let writes = vec![Write::Event(Box::new(event)), Write::Revise(Box::new(revision), self.store.now())];
        match self.store.commit(writes).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict(_)) if is_removal => {
                Err(Problem::not_found(format!("the store has no `{name}`")))
            }
            Err(StoreError::Conflict(_)) if of.is_some() => {
                Err(Problem::stale(format!("`{name}` was changed meanwhile")))
            }
            Err(StoreError::Conflict(_)) => Err(Problem::conflict(format!("there is a `{name}` already"))),
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets the secrets of an instance that its settings name no longer.
    async fn forget_unused(&self, instance: &str, settings: &str) -> Result<(), Problem> {
        for sealed in self.store.sealed(Some(instance)).await? {
            if !settings.contains(&format!("\"sealed:{}\"", sealed.name)) {
                self.store.forget_sealed(instance, Some(&sealed.name)).await?;
            }
        }
        Ok(())
    }
}

/// Settings as they would be shown.
pub(super) fn shown(loaded: &Loaded, name: &str, settings: Value) -> Value {
    let Value::Object(mut settings) = settings else { return Value::Null };
    take_secrets(loaded, &mut settings, 0);
    let only = Map::from_iter([(name.to_owned(), Value::Object(settings))]);
    match Config::of_store(&only, Stored::default()) {
        Ok(config) => views::instance(&config, name, None).settings,
        Err(_) => Value::Null,
    }
}

fn refuse_name(name: &str) -> Result<(), Problem> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
        return Err(Problem::invalid(
            "a name has from 1 to 64 letters, digits, dashes, underscores and dots",
        ));
    }
    Ok(())
}

/// Takes the secrets out of settings and leaves references to them. What is a reference
/// already stays.
fn take_secrets(loaded: &Loaded, settings: &mut Map<String, Value>, mark: u64) -> Vec<(String, String)> {
    let integration = settings.get("integration").and_then(Value::as_str).unwrap_or_default();
    let Ok(package) = loaded.config.catalogue.open(integration) else { return Vec::new() };
    let mut secrets = Vec::new();
    for (name, value) in settings.iter_mut() {
        let dashed = provost_core::dashed(name);
        let kind = package.manifest.parameters.get(&dashed).map(|parameter| parameter.r#type);
        match (kind, value) {
            (Some(ParameterType::Secret), value) => take(&dashed, mark, value, &mut secrets),
            (Some(ParameterType::Basic), Value::Object(members)) => {
                if let Some(password) = members.get_mut("password") {
                    take(&format!("{dashed}.password"), mark, password, &mut secrets);
                }
            }
            _ => {}
        }
    }
    secrets
}

fn take(name: &str, mark: u64, value: &mut Value, secrets: &mut Vec<(String, String)>) {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return };
    if !matches!(Reference::parse(text), Ok(Reference::Plain(_))) {
        return;
    }
    // Each change has secrets of its own, so that one that comes to nothing touches no other.
    let name = format!("{name}#{mark}");
    secrets.push((name.clone(), text.to_owned()));
    *value = Value::from(format!("sealed:{name}"));
}

/// Refuses settings that cannot work. Nothing is sent to the system.
fn check(
    loaded: &Loaded,
    name: &str,
    settings: &Map<String, Value>,
    secrets: &[(String, String)],
) -> Result<(), Problem> {
    let mut stored = Stored::default();
    if let Some(known) = &loaded.config.stored {
        stored.mappers.clone_from(&known.mappers);
        stored.secrets.clone_from(&known.secrets);
    }
    for (secret, value) in secrets {
        stored.secrets.insert((name.to_owned(), secret.clone()), Secret::from(value.clone()));
    }
    let only = Map::from_iter([(name.to_owned(), Value::Object(settings.clone()))]);
    let checked = Config::of_store(&only, stored).and_then(|config| {
        let settings = config.instance(name)?;
        compose::check(&config, &settings)
    });
    checked.map(|_| ()).map_err(|error| {
        let (message, hints) = output::in_words(&error);
        Problem::unprocessable(message).hints(hints)
    })
}
