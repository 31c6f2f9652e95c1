//! Manifests: HTTP systems as data, checked when they are read.

mod compile;
mod written;

use std::path::Path as FilePath;

use indexmap::IndexMap;
use provost_core::yaml;
use provost_core::{Brand, Diagnostic, IntegrationName, Verb, Verbs};
use provost_mapper::{Path, Template, ValueTemplate};
use provost_net::Method;

pub use written::{Parameter, ParameterType};

/// An integration's manifest, every template compiled.
#[derive(Debug)]
pub struct Manifest {
    /// The integration's name, which is its folder's.
    pub name: IntegrationName,
    /// Its display name.
    pub brand: Brand,
    /// One sentence about it.
    pub summary: String,
    /// What an instance sets.
    pub parameters: IndexMap<String, Parameter>,
    pub(crate) base: Template,
    pub(crate) auth: Auth,
    pub(crate) good: Vec<u16>,
    pub(crate) fault_code: Option<Template>,
    pub(crate) fault_message: Option<Template>,
    pub(crate) account: AccountShape,
    pub(crate) lookup: Vec<String>,
    pub(crate) operations: Operations,
    pub(crate) faults: Vec<FaultRule>,
}

#[derive(Debug)]
pub(crate) enum Auth {
    None,
    /// The parameter's name.
    Basic(String),
    /// The parameter's name.
    Bearer(String),
    Header(String, Template),
}

/// Where an account's parts are.
#[derive(Debug)]
pub(crate) struct AccountShape {
    pub(crate) id: Place,
    pub(crate) username: Option<Place>,
    pub(crate) email: Option<Place>,
    pub(crate) active: Option<Place>,
    pub(crate) unfinished: Option<Place>,
    /// Where look-up attributes are that are not under their own name.
    pub(crate) keys: Vec<(String, Place)>,
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

#[derive(Debug)]
pub(crate) struct Operations {
    pub(crate) test: Operation,
    pub(crate) find: Operation,
    pub(crate) create: Option<Operation>,
    pub(crate) update: Option<Operation>,
    pub(crate) enable: Option<Operation>,
    pub(crate) disable: Option<Operation>,
    pub(crate) fields: Option<FieldsOperation>,
}

/// One request and where its answer is.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: Template,
    pub(crate) query: Vec<(Template, Template)>,
    pub(crate) body: Option<ValueTemplate>,
    /// The list or the object in the answer; `None` for the whole answer.
    pub(crate) result: Option<Place>,
    /// What is sent after it.
    pub(crate) then: Vec<Operation>,
}

#[derive(Debug)]
pub(crate) struct FieldsOperation {
    pub(crate) operation: Operation,
    pub(crate) name: Path,
    pub(crate) description: Path,
}

/// A row of the fault table.
#[derive(Debug)]
pub(crate) struct FaultRule {
    pub(crate) on: Vec<Verb>,
    pub(crate) status: Vec<u16>,
    pub(crate) code: Vec<String>,
    pub(crate) skip: Option<String>,
    pub(crate) error_entry: bool,
    pub(crate) done: bool,
    pub(crate) hint: Option<String>,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// The first mistake in it, with file, line, column and, where one is near, the word
    /// that was meant.
    pub fn load(file: &FilePath, text: &str) -> Result<Self, Box<Diagnostic>> {
        let written: written::File = yaml::parse(file, text)?;
        compile::Compiler { file, text }.manifest(written)
    }

    /// The attributes that find an account, in order.
    pub fn look_up(&self) -> &[String] {
        &self.lookup
    }

    /// The commands that the manifest can carry out.
    pub fn verbs(&self) -> Verbs {
        let operations = &self.operations;
        let declared = [
            (Verb::Get, true),
            (Verb::Create, operations.create.is_some()),
            (Verb::Update, operations.update.is_some()),
            (Verb::Disable, operations.disable.is_some()),
            (Verb::Enable, operations.enable.is_some()),
        ];
        declared.into_iter().filter(|(_, is_declared)| *is_declared).map(|(verb, _)| verb).collect()
    }
}
