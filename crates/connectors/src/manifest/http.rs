//! What a manifest says of an HTTP system.

use provost_core::{Verb, Verbs};
use provost_mapper::{Path, Template};
use provost_net::Limits;

use super::{Auth, Events, Groups, Operations, Way};

/// An HTTP system, every template compiled.
#[derive(Debug)]
pub(crate) struct HttpSystem {
    pub(crate) base: Template,
    /// The ways to sign in; of several the first counts whose parameters are set.
    pub(crate) auth: Vec<Auth>,
    /// Headers of every request.
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) limits: Limits,
    pub(crate) good: Vec<u16>,
    pub(crate) fault_when: Option<Template>,
    pub(crate) fault_code: Option<Template>,
    pub(crate) fault_message: Option<Template>,
    pub(crate) account: AccountShape,
    pub(crate) lookup: Lookup,
    /// What is asked once; its answer is `system` in every operation.
    pub(crate) system: Option<Way>,
    pub(crate) operations: Operations,
    pub(crate) groups: Option<Groups>,
    pub(crate) events: Option<Events>,
    pub(crate) faults: Vec<FaultRule>,
}

impl HttpSystem {
    /// The commands that it can carry out.
    pub(crate) fn verbs(&self) -> Verbs {
        let operations = &self.operations;
        let declared = [
            (Verb::Get, operations.shows),
            (Verb::Create, operations.create.is_some()),
            (Verb::Update, operations.update.is_some()),
            (Verb::Disable, operations.disable.is_some()),
            (Verb::Enable, operations.enable.is_some()),
        ];
        declared.into_iter().filter(|(_, is_declared)| *is_declared).map(|(verb, _)| verb).collect()
    }
}

/// Where an account's parts are.
#[derive(Debug)]
pub(crate) struct AccountShape {
    pub(crate) id: Place,
    pub(crate) username: Option<Place>,
    pub(crate) email: Option<Place>,
    pub(crate) active: Option<Place>,
    pub(crate) unfinished: Option<Place>,
    /// Where what was written is shown as it was written.
    pub(crate) attributes: Option<Place>,
}

/// What finds an account.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// The attributes, in the order in which they are tried.
    pub(crate) names: Vec<String>,
    /// Where those are in an account that are not under their own name.
    pub(crate) places: Vec<(String, Place)>,
}

/// A place in an answer: a path, or a template over `account` or `body`.
#[derive(Debug)]
pub(crate) enum Place {
    Path(Path),
    Template(Template),
}

impl Place {
    /// The place as written.
    pub(crate) fn source(&self) -> &str {
        match self {
            Self::Path(path) => path.source(),
            Self::Template(template) => template.source(),
        }
    }
}

/// A row of the fault table.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table, each word with a column")]
pub(crate) struct FaultRule {
    pub(crate) on: Vec<Verb>,
    pub(crate) status: Vec<u16>,
    pub(crate) code: Vec<String>,
    pub(crate) when: Option<Template>,
    pub(crate) skip: Option<String>,
    pub(crate) error_entry: bool,
    pub(crate) done: bool,
    pub(crate) absent: bool,
    pub(crate) limited: bool,
    pub(crate) hint: Option<String>,
}
