//! `provost key`: API keys, given and taken away at the store itself.

use std::process::ExitCode;

use jiff::Timestamp;
use provost_core::{AuditKind, Clock as _, ExposeSecret as _};
use provost_server::{NewKey, Scopes, check_key, key_made, key_taken_away, mint};
use provost_store::{ApiKey, Location, Store, Write};
use serde_json::{Value, json};

use super::at_store::{answer, closed, event, existing, is_at, print, somebody};
use super::serve::{open_at, told};
use crate::args::{Format, Global, KeyAdd, KeyCommand, Moment};
use crate::clock::SystemClock;
use crate::output::{self, BAD, Cell, GOOD, Hinted};
use crate::random::SystemRandom;

const HEADINGS: [&str; 8] = ["id", "name", "role", "instances", "commands", "made by", "last used", "state"];

pub(crate) async fn run(global: &Global, command: KeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::Add(arguments) => add(global.output, arguments).await,
        KeyCommand::List(place) => {
            closed(existing(&place).await?, async |store| list(global.output, store).await).await
        }
        KeyCommand::Revoke(arguments) => {
            let store = existing(&arguments.place).await?;
            closed(store, async |store| revoke(global.output, store, &arguments.id).await).await
        }
    }
}

/// Makes a key, and the store where it is not there yet: a server finds its first key then.
async fn add(format: Format, arguments: KeyAdd) -> anyhow::Result<ExitCode> {
    let location = Location::parse(&arguments.place.store);
    // What is wrong with the arguments is told before anything is made.
    let new = minted(arguments, SystemClock.now())?;
    if !is_at(&location).await? {
        output::tell(&format!("There was no store at {location}; it is made."));
    }
    closed(open_at(&location).await?, async |store| keep(store, &new.kept).await).await?;
    let mut data = data(&new.kept);
    data["key"] = new.key.expose_secret().into();
    answer(format, &data, new.key.expose_secret());
    output::tell(&format!(
        "The key `{}` is shown this once. `provost key revoke {}` takes it away.",
        new.kept.name, new.kept.id
    ));
    Ok(ExitCode::SUCCESS)
}

async fn keep(store: &Store, key: &ApiKey) -> anyhow::Result<()> {
    let event = key_made(key, event(store, AuditKind::Access, ""));
    let writes = vec![Write::Event(Box::new(event)), Write::AddKey(Box::new(key.clone()))];
    store.commit(writes).await.map(|_| ()).map_err(told)
}

fn minted(arguments: KeyAdd, now: Timestamp) -> anyhow::Result<NewKey> {
    let KeyAdd { name, role, expires, instances, commands, .. } = arguments;
    let expires = expires.map(|moment| until(moment, now)).transpose()?;
    check_key(&name, expires, now).map_err(Hinted::new)?;
    let scopes = Scopes { instances, commands };
    Ok(mint(name.trim(), role, &scopes, (now, &somebody()), expires, &SystemRandom))
}

fn until(moment: Moment, now: Timestamp) -> Result<Timestamp, Hinted> {
    moment.ahead(now).ok_or_else(|| Hinted::new("`--expires` is too far away"))
}

async fn list(format: Format, store: &Store) -> anyhow::Result<ExitCode> {
    let keys = store.keys().await.map_err(told)?;
    let rows = keys.iter().map(|key| (data(key), cells(key, store.now()))).collect();
    print(format, &HEADINGS, rows, "There are no keys. `provost key add NAME --role ROLE` makes one.");
    Ok(ExitCode::SUCCESS)
}

/// A key in the form of the API.
fn data(key: &ApiKey) -> Value {
    let text = |time: Option<Timestamp>| time.map(|time| time.to_string());
    let mut data = json!({
        "id": key.id, "name": key.name, "role": key.role, "scopes": key.scopes,
        "created": key.created.to_string(), "created-by": key.created_by,
    });
    let moments = [("expires", key.expires), ("revoked", key.revoked), ("last-used", key.last_used)];
    for (name, moment) in moments {
        if let Some(moment) = text(moment) {
            data[name] = moment.into();
        }
    }
    data
}

fn cells(key: &ApiKey, now: Timestamp) -> Vec<Cell> {
    let patterns = |name: &str| {
        let patterns = key.scopes.get(name).and_then(Value::as_array);
        let texts = patterns.into_iter().flatten().filter_map(Value::as_str);
        Cell::from(texts.collect::<Vec<_>>().join(", "))
    };
    vec![
        key.id.as_str().into(),
        key.name.as_str().into(),
        key.role.as_str().into(),
        patterns("instances"),
        patterns("commands"),
        key.created_by.as_str().into(),
        key.last_used.map(day).unwrap_or_default().into(),
        state(key, now),
    ]
}

fn state(key: &ApiKey, now: Timestamp) -> Cell {
    match (key.revoked, key.expires) {
        (Some(revoked), _) => Cell(format!("taken away {}", day(revoked)), Some(BAD)),
        (None, Some(expires)) if expires <= now => Cell(format!("expired {}", day(expires)), Some(BAD)),
        (None, Some(expires)) => Cell(format!("until {}", day(expires)), Some(GOOD)),
        (None, None) => Cell("in use".to_owned(), Some(GOOD)),
    }
}

fn day(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d").to_string()
}

async fn revoke(format: Format, store: &Store, id: &str) -> anyhow::Result<ExitCode> {
    let id = bare(id);
    let missing = || Hinted::new(format!("there is no key `{id}` that is in use")).hint("`provost key list`");
    let key = store.key(id).await.map_err(told)?.filter(|key| key.revoked.is_none()).ok_or_else(missing)?;
    let event = key_taken_away(&key, event(store, AuditKind::Access, ""));
    let writes = vec![Write::Event(Box::new(event)), Write::RevokeKey(id.to_owned(), store.now())];
    store.commit(writes).await.map_err(told)?;
    let text = format!("The key `{}` is taken away. Servers refuse it within five seconds.", key.name);
    answer(format, &json!({"id": key.id, "name": key.name}), &output::clean(&text));
    Ok(ExitCode::SUCCESS)
}

/// The id alone, also of a whole key.
fn bare(id: &str) -> &str {
    let id = id.strip_prefix("pv_").unwrap_or(id);
    id.split('_').next().unwrap_or(id)
}
