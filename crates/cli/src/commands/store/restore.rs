//! `provost store restore`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use inquire::Confirm;
use provost_core::{AuditEvent, AuditKind};
use provost_store::{Copied, Location, Store, StoreError};
use serde_json::json;

use super::verified;
use crate::args::{Format, StoreRestore};
use crate::commands::at_store::{answer, closed, event, is_at, note};
use crate::commands::serve::{key, open_at, told};
use crate::output::{self, Hinted, Meter};

pub(super) async fn run(format: Format, arguments: &StoreRestore) -> anyhow::Result<ExitCode> {
    refuse_none(arguments).await?;
    let location = Location::parse(&arguments.store.place.store);
    if !arguments.yes && !is_wanted(arguments, &location)? {
        return Ok(ExitCode::SUCCESS);
    }
    closed(open_at(&location).await?, async |store| restore(format, store, arguments).await).await
}

async fn restore(format: Format, store: &Store, arguments: &StoreRestore) -> anyhow::Result<ExitCode> {
    let copied = copied(store, arguments).await?;
    let log = verified(store).await?;
    note_it(store, arguments, copied).await?;
    let location = store.location();
    let text = format!("Restored {} rows into {location}. {log}", copied.rows);
    let mut data = json!({"store": location.to_string(), "rows": copied.rows, "tables": copied.tables});
    log.add_to(&mut data);
    answer(format, &data, &output::clean(&text));
    tell_of_keys(store, arguments).await?;
    Ok(log.status())
}

/// A file that is no backup is told before a store is made for it.
async fn refuse_none(arguments: &StoreRestore) -> anyhow::Result<()> {
    let file = arguments.file.display();
    if is_at(&Location::File(arguments.file.clone())).await? {
        return Ok(());
    }
    Err(Hinted::new(format!("there is no backup `{file}`"))
        .hint("`provost store backup FILE` makes one")
        .into())
}

fn is_wanted(arguments: &StoreRestore, location: &Location) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(Hinted::new("restoring a backup wants a yes").hint("add --yes").into());
    }
    let question = format!("Restore `{}` into {location}?", arguments.file.display());
    Ok(Confirm::new(&output::clean(&question)).with_default(false).prompt()?)
}

async fn copied(store: &Store, arguments: &StoreRestore) -> anyhow::Result<Copied> {
    let meter = Meter::new("rows restored");
    let failed = |error| match error {
        StoreError::Conflict(why) => {
            Hinted::new(why).hint("move that store away, or name a new place by --store").into()
        }
        error => told(error),
    };
    store.restore(&arguments.file, &|count| meter.show(count)).await.map_err(failed)
}

async fn note_it(store: &Store, arguments: &StoreRestore, copied: Copied) -> anyhow::Result<()> {
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let head = store.head().await.map_err(told)?;
    let after = Some(json!({"name": "store", "from": name, "rows": copied.rows, "head": head.to_string()}));
    let event = event(store, AuditKind::Configuration, "store restored");
    note(store, AuditEvent { after, ..event }).await.map(|_| ())
}

/// The sealed secrets are of no use without the key that sealed them.
async fn tell_of_keys(store: &Store, arguments: &StoreRestore) -> anyhow::Result<()> {
    let here = key::present(&arguments.store, store.location())?;
    for id in store.figures().await.map_err(told)?.key_ids {
        if here.as_ref().is_none_or(|here| here.id() != id) {
            output::warn(&format!("its secrets are sealed with the master key {id}, which is not here"));
            output::hint(&format!("put that key into {}", key::file_of(store.location()).display()));
        }
    }
    Ok(())
}
