//! Commands of a system's own and its events, every template compiled.

use indexmap::IndexMap;
use provost_mapper::{Path, Template, ValueTemplate};

use super::{Argument, Operation, Place, Way};

/// A command that only this kind of system has.
#[derive(Debug)]
pub struct VendorCommand {
    /// One sentence about it.
    pub about: String,
    /// What it takes.
    pub arguments: IndexMap<String, Argument>,
    pub(crate) operation: Option<Operation>,
    pub(crate) at_most: Option<Template>,
    pub(crate) only_page: Option<Template>,
    /// The path in the context.
    pub(crate) context: String,
    pub(crate) keys: Vec<String>,
    /// An object's members; `None` for the system's own object.
    pub(crate) item: Option<Vec<(String, ValueTemplate)>>,
    pub(crate) title: Option<Template>,
    /// Headings, and where their values are in an object.
    pub(crate) columns: Vec<(String, Path)>,
    /// Titles and rows of tables under it.
    pub(crate) more: Vec<(String, Template)>,
    pub(crate) empty: Option<String>,
    pub(crate) store: Option<ValueTemplate>,
}

impl VendorCommand {
    /// Whether it may change something in the system.
    pub(crate) fn writes(&self) -> bool {
        self.operation.as_ref().is_some_and(|operation| operation.ways.iter().any(Way::writes))
    }
}

/// What happens in a system.
#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) operation: Operation,
    pub(crate) time_format: String,
    pub(crate) id: Option<Place>,
    pub(crate) time: Option<Place>,
    pub(crate) person: Option<Place>,
    pub(crate) first: Template,
    pub(crate) overlap: Option<Template>,
    pub(crate) at_most: Template,
    pub(crate) refuse: Vec<Refusal>,
}

/// A reason not to ask.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) when: Template,
    pub(crate) message: String,
    pub(crate) hints: Vec<String>,
}
