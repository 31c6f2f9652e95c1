//! The functions of mappers, and `clear`.

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;
use minijinja::value::{Kwargs, Object, ObjectRepr, Value as Jinja};
use minijinja::{Environment, Error, ErrorKind, State};

use super::scope::Seen;

/// What empties a target.
pub(super) const CLEAR: &str = "clear";

/// The functions that only mappers have.
pub(super) const OF_MAPPERS: [&str; 3] = ["lookup", "now", "today"];

/// The functions of Jinja that are there.
const OF_JINJA: [&str; 2] = ["dict", "range"];

/// The functions of Jinja that are not: one shows all that an expression sees, the other
/// is for templates.
const REMOVED: [&str; 2] = ["debug", "namespace"];

/// Names that are never a member of the document.
pub(super) const RESERVED: [&str; 4] = [CLEAR, "lookup", "now", "today"];

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OF_JINJA.into_iter().chain(OF_MAPPERS)
}

/// Whether a name is no member of the document.
pub(super) fn is_one(name: &str) -> bool {
    name == CLEAR || names().any(|function| function == name)
}

pub(super) fn add_to(environment: &mut Environment<'static>) {
    for name in REMOVED {
        environment.remove_global(name);
    }
    environment.add_function("now", now);
    environment.add_function("today", today);
    environment.add_function("lookup", lookup);
    environment.add_global(CLEAR, Jinja::from_object(Clear));
}

/// The value that empties a target.
#[derive(Debug)]
pub(super) struct Clear;

impl Object for Clear {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// This moment, as ISO writes it.
fn now(state: &State<'_, '_>) -> Result<String, Error> {
    moment(state).map(|now| now.to_string())
}

/// The date of this moment in UTC.
fn today(state: &State<'_, '_>) -> Result<String, Error> {
    moment(state).map(|now| now.to_zoned_datetime(TimeZone::UTC).date().to_string())
}

fn moment(state: &State<'_, '_>) -> Result<jiff::Timestamp, Error> {
    let now = Seen::of(state).and_then(|seen| seen.environment().map(|environment| environment.now));
    now.ok_or_else(|| failure("only mappers know this moment"))
}

/// What a table has for a key; else the third argument; else nothing.
#[expect(clippy::needless_pass_by_value, reason = "the engine passes it so")]
fn lookup(
    state: &State<'_, '_>,
    table: &str,
    key: &Jinja,
    other: Option<Jinja>,
    named: Kwargs,
) -> Result<Jinja, Error> {
    let other = other.map_or_else(|| named.get("default"), |other| Ok(Some(other)))?;
    named.assert_all_used()?;
    let seen = Seen::of(state).ok_or_else(|| failure("only mappers have tables"))?;
    let found = match key_text(key)? {
        Some(key) => {
            seen.tables().get(table).map_err(|message| failure(&message))?.get(key.as_str()).cloned()
        }
        None => None,
    };
    Ok(found.or(other).unwrap_or_else(|| {
        seen.note_lack();
        Jinja::UNDEFINED
    }))
}

/// A key as tables have it; nothing for nothing.
fn key_text(key: &Jinja) -> Result<Option<String>, Error> {
    use minijinja::value::ValueKind::{Bool, None as Null, Number, String, Undefined};
    match key.kind() {
        Undefined | Null => Ok(None),
        String | Number | Bool => Ok(Some(key.to_string())),
        kind => Err(failure(&format!("the key of `lookup` is a text, not a {kind}"))),
    }
}

fn failure(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_owned())
}
