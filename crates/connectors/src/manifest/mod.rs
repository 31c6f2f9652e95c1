//! Manifests: systems as data, checked when they are read.

mod auth;
mod commands;
mod compile;
mod http;
mod ldap;
mod operation;
mod written;

use std::path::{Path as FilePath, PathBuf};

use indexmap::IndexMap;
use provost_core::yaml::{self, Located};
use provost_core::{Brand, Diagnostic, GroupVerb, IntegrationName, Verbs};

pub(crate) use auth::{Assertion, Auth, Client, Oauth, Session};
pub use commands::VendorCommand;
pub(crate) use commands::{Events, Refusal};
pub(crate) use http::{AccountShape, FaultRule, HttpSystem, Lookup, Place};
pub(crate) use ldap::{Dialect, LdapSystem};
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
    /// The commands that only this system has.
    pub commands: IndexMap<String, VendorCommand>,
    /// The rights that operations need, in the system's words.
    pub permissions: IndexMap<String, String>,
    /// How it is spoken to.
    pub(crate) system: System,
}

/// The kinds of systems.
#[derive(Debug)]
pub(crate) enum System {
    /// By requests that the manifest describes.
    Http(Box<HttpSystem>),
    /// A directory.
    Ldap(LdapSystem),
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
        match &self.system {
            System::Http(http) => &http.lookup.names,
            System::Ldap(ldap) => &ldap.lookup,
        }
    }

    /// Whether the manifest can do this with groups.
    pub fn has_groups(&self, verb: GroupVerb) -> bool {
        match &self.system {
            System::Http(http) => http.groups.as_ref().is_some_and(|groups| groups.can(verb)),
            System::Ldap(ldap) => ldap.has("groups"),
        }
    }

    /// Whether the manifest can list everybody.
    pub fn can_list(&self) -> bool {
        match &self.system {
            System::Http(http) => http.operations.list.is_some(),
            System::Ldap(ldap) => ldap.has("list"),
        }
    }

    /// Whether the system is spoken to by HTTP, so that exchanges with it can be recorded.
    pub fn is_http(&self) -> bool {
        self.http().is_some()
    }

    fn http(&self) -> Option<&HttpSystem> {
        match &self.system {
            System::Http(http) => Some(http),
            System::Ldap(_) => None,
        }
    }

    /// What the rows of the fault table say to people: why something was skipped, and what to
    /// do about a failure.
    pub fn fault_words(&self) -> impl Iterator<Item = &str> {
        let rows = self.http().into_iter().flat_map(|http| &http.faults);
        rows.flat_map(|row| row.skip.iter().chain(&row.hint)).map(String::as_str)
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
        match &self.system {
            System::Http(http) => http.operations.fields.is_some(),
            System::Ldap(ldap) => ldap.has("fields"),
        }
    }

    /// Whether the manifest can tell of events.
    pub fn has_events(&self) -> bool {
        self.http().is_some_and(|http| http.events.is_some())
    }

    /// The commands that the manifest can carry out.
    pub fn verbs(&self) -> Verbs {
        match &self.system {
            System::Http(http) => http.verbs(),
            System::Ldap(ldap) => ldap.verbs(),
        }
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
