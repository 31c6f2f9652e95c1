//! What the commands have in common that work at a store itself, on the machine that has it.
//! A server may be at it meanwhile.

use std::time::Duration;

use provost_core::{Actor, ActorKind, AuditEvent, AuditKind};
use provost_store::{Location, Node, Store, Write};
use serde_json::Value;

use crate::args::{Format, StorePlace};
use crate::commands::serve::{open_at, told};
use crate::operating_system::user;
use crate::output::{self, Cell, Hinted};

/// What events say of where they were written.
pub(super) const NODE: &str = "console";
/// How long a server is taken to be there that says nothing.
const SILENCE: Duration = Duration::from_mins(1);

/// Opens a store that is there.
///
/// # Errors
/// There is none: one that is made by mistake would look as if nothing had ever happened.
pub(super) async fn existing(place: &StorePlace) -> anyhow::Result<Store> {
    let location = Location::parse(&place.store);
    if is_at(&location).await? {
        return open_at(&location).await;
    }
    Err(Hinted::new(format!("there is no store at {location}"))
        .hint("say where it is: --store FILE or postgres://..., or PROVOST_STORE")
        .hint("`provost serve` makes one")
        .into())
}

/// Works at a store and closes it, which puts everything that was written into its file.
pub(super) async fn closed<T>(
    store: Store,
    work: impl AsyncFnOnce(&Store) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let done = work(&store).await;
    store.close().await;
    done
}

/// Whether there is a store at a place.
pub(super) async fn is_at(location: &Location) -> anyhow::Result<bool> {
    let failed = |error| told(error).context(format!("could not open the store {location}"));
    Store::is_at(location).await.map_err(failed)
}

/// Whoever sits at this machine.
pub(super) fn somebody() -> Actor {
    let (id, name) = user();
    Actor { kind: ActorKind::Console, id, name }
}

/// An event of somebody at this machine.
pub(super) fn event(store: &Store, kind: AuditKind, what: &str) -> AuditEvent {
    AuditEvent::new(store.now(), kind, &somebody(), NODE, what)
}

/// Writes an event down; its number.
pub(super) async fn note(store: &Store, event: AuditEvent) -> anyhow::Result<u64> {
    let numbers = store.commit(vec![Write::Event(Box::new(event))]).await.map_err(told)?;
    Ok(numbers.first().copied().unwrap_or_default())
}

/// The servers that are at the store now.
pub(super) async fn servers(store: &Store) -> anyhow::Result<Vec<Node>> {
    let limit = store.now() - SILENCE;
    Ok(store.nodes().await.map_err(told)?.into_iter().filter(|node| node.seen >= limit).collect())
}

/// Prints rows, each as data and as cells: a list for programs, a table for people, and
/// `nothing` where there are none.
pub(super) fn print(format: Format, headings: &[&str], rows: Vec<(Value, Vec<Cell>)>, nothing: &str) {
    let (data, cells): (Vec<Value>, Vec<Vec<Cell>>) = rows.into_iter().unzip();
    match format {
        Format::Json => output::say(&format!("{:#}", Value::Array(data))),
        Format::Jsonl => data.iter().for_each(|data| output::say(&data.to_string())),
        _ if cells.is_empty() => output::tell(nothing),
        _ => output::say(&output::table(headings, &cells)),
    }
}

/// Prints one answer: an object for programs, a text for people.
pub(super) fn answer(format: Format, data: &Value, text: &str) {
    match format {
        Format::Json => output::say(&format!("{data:#}")),
        Format::Jsonl => output::say(&data.to_string()),
        _ => output::say(text),
    }
}
