//! `provost store rotate`: secrets get a new master key.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use provost_core::{AuditEvent, AuditKind, ExposeSecret as _};
use provost_store::{MasterKey, Store, Vault};
use serde_json::{Value, json};

use crate::args::{Format, StoreRotate};
use crate::commands::at_store::{answer, event, note, servers};
use crate::commands::serve::{key, told};
use crate::config::write_private;
use crate::output::{self, Hinted};
use crate::random::SystemRandom;

/// Where the new key comes from.
enum New<'a> {
    /// It is kept wherever this says.
    Named(&'a str),
    /// It takes the place of the one in this file.
    Beside(PathBuf),
}

pub(super) async fn run(format: Format, store: &Store, arguments: &StoreRotate) -> anyhow::Result<ExitCode> {
    let file = key::file_of(store.location());
    let no_key = || no_key(&file);
    let old = key::present(&arguments.store, store.location())?.ok_or_else(no_key)?;
    let place = place(arguments, &file)?;
    let new = place.key()?;
    if new.id() == old.id() {
        return Err(Hinted::new("the new master key is the old one").into());
    }
    let vault = Vault::new(new.clone(), vec![old.clone()]);
    let count = store.rotate(&vault).await.map_err(told)?;
    let kept = place.take_effect(&old)?;
    note(store, rotated(store, &old, &new, count)).await?;
    let data = json!({"key-id": new.id(), "old-key-id": old.id(), "secrets": count,
        "old-key": kept.as_ref().map(|file| file.display().to_string())});
    answer(format, &data, &output::clean(&summary(count, &new, &place, kept.as_deref())));
    advise(store, &place).await?;
    Ok(ExitCode::SUCCESS)
}

fn no_key(file: &Path) -> Hinted {
    Hinted::new(format!("there is no master key in `{}`", file.display()))
        .hint("say where it is by --master-key; `provost store info` tells which one is wanted")
}

fn place<'a>(arguments: &'a StoreRotate, file: &Path) -> Result<New<'a>, Hinted> {
    match (&arguments.new_key, &arguments.store.master_key) {
        (Some(text), _) => Ok(New::Named(text)),
        (None, None) => Ok(New::Beside(file.to_owned())),
        (None, Some(_)) => Err(Hinted::new("the master key is kept elsewhere, and so must the new one be")
            .hint("say where it is by --new-key; `openssl rand -hex 32` makes one")),
    }
}

impl New<'_> {
    /// The key. One that is made here is on the disk before anything is sealed with it, and
    /// a rotation that was interrupted goes on with it.
    fn key(&self) -> anyhow::Result<MasterKey> {
        let secret = match self {
            Self::Named(text) => key::named(text)?,
            Self::Beside(file) => {
                let draft = with_ending(file, "new");
                if !draft.exists() {
                    write_private(&draft, MasterKey::generate(&SystemRandom).expose_secret())?;
                }
                key::read(&draft)?
            }
        };
        key::parse(&secret)
    }

    /// Puts a key that was made here in the place of the old one; where the old one is then.
    fn take_effect(&self, old: &MasterKey) -> anyhow::Result<Option<PathBuf>> {
        let Self::Beside(file) = self else { return Ok(None) };
        let kept = with_ending(file, &format!("old-{}", old.id()));
        write_private(&kept, key::read(file)?.expose_secret())?;
        let draft = with_ending(file, "new");
        fs::rename(&draft, file).with_context(|| format!("could not rename `{}`", draft.display()))?;
        Ok(Some(kept))
    }
}

/// `provost.key` as `provost.key.new`.
fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

fn rotated(store: &Store, old: &MasterKey, new: &MasterKey, count: u64) -> AuditEvent {
    let state = |key: &MasterKey| -> Value { json!({"name": "master key", "key-id": key.id()}) };
    let mut after = state(new);
    after["secrets"] = count.into();
    let event = event(store, AuditKind::Configuration, "master key changed");
    AuditEvent { before: Some(state(old)), after: Some(after), ..event }
}

fn summary(count: u64, new: &MasterKey, place: &New<'_>, kept: Option<&Path>) -> String {
    let secrets = if count == 1 { "1 secret is".to_owned() } else { format!("{count} secrets are") };
    let sealed = format!("{secrets} sealed anew, under the master key {}.", new.id());
    match (place, kept) {
        (New::Beside(file), Some(kept)) => format!(
            "{sealed}\nThat key is in {}; the one of before is in {}.",
            file.display(),
            kept.display()
        ),
        _ => sealed,
    }
}

async fn advise(store: &Store, place: &New<'_>) -> anyhow::Result<()> {
    let servers = servers(store).await?;
    if !servers.is_empty() {
        output::warn(&format!(
            "{} at this store can open no secrets until they start again",
            amount(servers.len())
        ));
    }
    if let New::Named(text) = place {
        output::hint(&format!("start servers with --master-key {text}"));
    }
    output::hint("keep the old key as long as you keep backups from before: their secrets need it");
    Ok(())
}

fn amount(servers: usize) -> String {
    if servers == 1 { "the server".to_owned() } else { format!("the {servers} servers") }
}
