//! Manifests: HTTP systems as data, checked when they are read.

mod auth;
mod commands;
mod compile;
mod operation;
mod written;

use std::path::{Path as FilePath, PathBuf};

use indexmap::IndexMap;
use provost_core::yaml::{self, Located};
use provost_core::{Brand, Diagnostic, GroupVerb, IntegrationName, Verb, Verbs};
use provost_mapper::{Path, Template};
use provost_net::Limits;

pub(crate) use auth::{Assertion, Auth, Client, Oauth, Session};
pub use commands::VendorCommand;
pub(crate) use commands::{Events, Refusal};
pub(crate) use operation::{
    Call, Described, Groups, MemberShape, Operation, Operations, PageKind, Paging, Way,
};
pub use written::{Argument, ArgumentType, Parameter, ParameterType};

/// An integration's manifest, every template compiled.
#[derive(Debug)]
pub struct Manifest {
    /// The integration's name, which is its folder's.
    pub name: IntegrationName,
    /// Its display name.
    pub brand: Brand,
    /// One sentence about it.
    pub summary: String,
    /// The integrations that it stands on, the nearest first.
    pub extends: Vec<String>,
    /// What an instance sets.
    pub parameters: IndexMap<String, Parameter>,
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
    /// The commands that only this system has.
    pub commands: IndexMap<String, VendorCommand>,
    pub(crate) events: Option<Events>,
    /// The rights that operations need, in the system's words.
    pub permissions: IndexMap<String, String>,
    pub(crate) faults: Vec<FaultRule>,
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

impl Manifest {
    /// Reads and checks a manifest. `open` finds the file and text of the integration that
    /// it extends, or says why it cannot.
    ///
    /// # Errors
    /// The first mistake in it, with file, line, column and, where one is near, the word
    /// that was meant.
    pub fn load(file: &FilePath, text: &str, open: Open) -> Result<Self, Box<Diagnostic>> {
        let (written, extends) = read(file, text, open, 0)?;
        Ok(Self { extends, ..compile::Compiler { file, text }.manifest(written)? })
    }

    /// The attributes that find an account, in order.
    pub fn look_up(&self) -> &[String] {
        &self.lookup.names
    }

    /// Whether the manifest can do this with groups.
    pub fn has_groups(&self, verb: GroupVerb) -> bool {
        self.groups.as_ref().is_some_and(|groups| groups.can(verb))
    }

    /// Whether the manifest can list everybody.
    pub fn can_list(&self) -> bool {
        self.operations.list.is_some()
    }

    /// What the rows of the fault table say to people: why something was skipped, and what to
    /// do about a failure.
    pub fn fault_words(&self) -> impl Iterator<Item = &str> {
        self.faults.iter().flat_map(|row| row.skip.iter().chain(&row.hint)).map(String::as_str)
    }

    /// The rights that an operation needs, in the system's words: its own, or those of all that
    /// is done with accounts.
    pub fn rights(&self, operation: &str) -> Option<&str> {
        const WITH_ACCOUNTS: [&str; 6] = ["find", "list", "create", "update", "enable", "disable"];
        let own = self.permissions.get(operation);
        let of_all = || WITH_ACCOUNTS.contains(&operation).then(|| self.permissions.get("users")).flatten();
        own.or_else(of_all).map(String::as_str)
    }

    /// Whether the manifest can describe accounts' attributes.
    pub fn has_fields(&self) -> bool {
        self.operations.fields.is_some()
    }

    /// Whether the manifest can tell of events.
    pub fn has_events(&self) -> bool {
        self.events.is_some()
    }

    /// The commands that the manifest can carry out.
    pub fn verbs(&self) -> Verbs {
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

/// Finds an integration's manifest: its file and text.
pub type Open<'a> = &'a dyn Fn(&str) -> Result<(PathBuf, String), String>;

/// How many manifests may stand on top of each other.
const DEEPEST: usize = 4;

/// A manifest as written, with everything that it extends, and the names of that. What is
/// extended is checked by itself first, so that a mistake in it has its own place.
fn read(
    file: &FilePath,
    text: &str,
    open: Open,
    depth: usize,
) -> Result<(written::File, Vec<String>), Box<Diagnostic>> {
    let written: written::File = yaml::parse(file, text)?;
    let complain = |at: &Located<String>, message: String| Box::new(yaml::complain(file, text, at, message));
    let Some(name) = written.extends.clone() else {
        return match written.without.first() {
            None => Ok((written, Vec::new())),
            Some(word) => Err(complain(word, "`without` has no meaning without `extends`".to_owned())),
        };
    };
    if depth == DEEPEST {
        return Err(complain(&name, format!("more than {DEEPEST} integrations extend each other")));
    }
    let (base_file, base_text) = open(&name.value).map_err(|problem| complain(&name, problem))?;
    let base = || read(&base_file, &base_text, open, depth + 1);
    compile::Compiler { file: &base_file, text: &base_text }.manifest(base()?.0)?;
    let (base, mut extends) = base()?;
    extends.insert(0, name.value.clone());
    let unknown = |word: Located<String>| {
        complain(&word, format!("`{}` is nothing that could be left out", word.value))
    };
    Ok((written.over(base).map_err(unknown)?, extends))
}
