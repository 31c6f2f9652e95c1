//! What an expression sees: names with values, and, for operators and functions only, the
//! document, the moment and the tables. No expression can name those.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use minijinja::State;
use minijinja::value::{Object, Serde, Value as Jinja};
use serde::Serialize;
use serde_json::Value;

use super::functions::RESERVED;
use super::values;
use crate::operators::Environment;
use crate::tables::Tables;

/// Where [`Seen`] finds itself. No identifier has a space.
const HIDDEN: &str = "what is seen";

/// The names that an expression can see.
#[derive(Debug, Clone)]
pub struct Scope(Arc<World>);

#[derive(Debug)]
struct World {
    names: Jinja,
    /// The world outside; manifests have none.
    environment: Option<Environment>,
    /// The names as JSON, made when the first operator looks at the document.
    document: OnceLock<Value>,
}

impl Scope {
    /// A scope of named values, usually a JSON object or a struct of borrowed ones.
    pub fn new<T: Serialize>(names: &T) -> Self {
        Self::with(Jinja::from(Serde(names)), None)
    }

    /// The members of a document. One that is null counts as missing, since a null that
    /// is printed would become the text `none`.
    pub fn of_document(document: &Value, environment: &Environment) -> Self {
        Self::with(without_nulls(document), Some(*environment))
    }

    fn with(names: Jinja, environment: Option<Environment>) -> Self {
        Self(Arc::new(World { names, environment, document: OnceLock::new() }))
    }

    /// Whether a name, such as `params.url`, has a value.
    pub(super) fn has(&self, path: &str) -> bool {
        let mut value = self.0.names.clone();
        for name in path.split('.') {
            match value.get_attr(name) {
                Ok(found) if !found.is_undefined() && !found.is_none() => value = found,
                _ => return false,
            }
        }
        true
    }
}

/// A value as expressions see it, without the members that are null.
fn without_nulls(value: &Value) -> Jinja {
    match value {
        Value::Object(members) => {
            let there = members.iter().filter(|(_, member)| !member.is_null());
            Jinja::from_pairs(there.map(|(name, member)| (name.as_str(), without_nulls(member))))
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::String(text) => Jinja::from(text.as_str()),
        other => Jinja::from(Serde(other)),
    }
}

/// What one evaluation sees.
#[derive(Debug)]
pub(super) struct Seen {
    world: Arc<World>,
    tables: Tables,
    /// Whether an operator or a table had nothing to give.
    lacked: AtomicBool,
}

impl Seen {
    pub(super) fn new(scope: &Scope, tables: &Tables) -> Arc<Self> {
        let (world, tables) = (Arc::clone(&scope.0), tables.clone());
        Arc::new(Self { world, tables, lacked: AtomicBool::new(false) })
    }

    /// What the evaluation of a state sees.
    pub(super) fn of(state: &State<'_, '_>) -> Option<Arc<Self>> {
        state.lookup(HIDDEN)?.downcast_object()
    }

    pub(super) fn environment(&self) -> Option<&Environment> {
        self.world.environment.as_ref()
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The whole document; null if it is too large to be looked at.
    pub(super) fn document(&self) -> &Value {
        self.world.document.get_or_init(|| values::to_json(&self.world.names).unwrap_or_default())
    }

    /// Notes that something gave nothing, so that what fails for that is not at fault.
    pub(super) fn note_lack(&self) {
        self.lacked.store(true, Ordering::Relaxed);
    }

    pub(super) fn lacked(&self) -> bool {
        self.lacked.load(Ordering::Relaxed)
    }
}

impl Object for Seen {
    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Jinja> {
        match key {
            HIDDEN => Some(Jinja::from_dyn_object(Arc::clone(self))),
            reserved if RESERVED.contains(&reserved) => None,
            name => self.world.names.get_attr(name).ok().filter(|value| !value.is_undefined()),
        }
    }
}
