//! `provost.yaml`: which instances there are.

mod edit;
mod secret;
mod settings;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indexmap::IndexMap;
use provost_connectors::Catalogue;
use provost_core::yaml::{self, Located, OneOrMany};
use provost_core::{Diagnostic, dashed, did_you_mean};
use serde::Deserialize;
use serde_json::Value;

use crate::output::Hinted;

pub(crate) use edit::{add, remove};
pub(crate) use secret::{Reference, Resolver};
pub(crate) use settings::InstanceSettings;

/// The file's name.
pub(crate) const FILE_NAME: &str = "provost.yaml";

/// The folder of integrations beside the file, used without being named.
const INTEGRATIONS: &str = "integrations";

/// A configuration that was read.
pub(crate) struct Config {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// What it says.
    pub(crate) text: String,
    /// Every integration that instances may name.
    pub(crate) catalogue: Catalogue,
    instances: IndexMap<String, Located<Members>>,
}

/// The lines of an instance, as they are written.
type Members = IndexMap<Located<String>, Located<Value>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    integrations: OneOrMany<PathBuf>,
    /// Nothing at all where the last instance was taken out.
    #[serde(default)]
    instances: Option<IndexMap<String, Located<Members>>>,
}

impl Config {
    /// Reads the named file, or the nearest one upward from the current folder.
    ///
    /// # Errors
    /// No file, or one that cannot be read.
    pub(crate) fn open(named: Option<&Path>) -> anyhow::Result<Self> {
        let file = match named {
            Some(file) => file.to_owned(),
            None => find()?.ok_or_else(nothing_configured)?,
        };
        Self::read(file)
    }

    /// Reads a file that is there.
    pub(crate) fn read(file: PathBuf) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("could not read the configuration `{}`", file.display()))?;
        Self::parse(file, text)
    }

    /// Takes a text as the content of the file.
    pub(crate) fn parse(file: PathBuf, text: String) -> anyhow::Result<Self> {
        let written: File = yaml::parse(&file, &text)?;
        let folder = folder_of(&file);
        let mut folders: Vec<PathBuf> = written.integrations.0.iter().map(|path| folder.join(path)).collect();
        folders.push(folder.join(INTEGRATIONS));
        Ok(Self {
            catalogue: Catalogue::new(folders),
            instances: written.instances.unwrap_or_default(),
            file,
            text,
        })
    }

    /// The folder that relative paths in the file start from.
    pub(crate) fn folder(&self) -> &Path {
        folder_of(&self.file)
    }

    /// The names of all instances, in the file's order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.instances.keys().map(String::as_str)
    }

    /// The settings of an instance, checked against its integration's parameters later.
    ///
    /// # Errors
    /// An unknown name, or settings that every instance has and this one has wrong.
    pub(crate) fn instance(&self, name: &str) -> anyhow::Result<InstanceSettings> {
        let name = self.known(name)?;
        Ok(settings::read(self, name, &self.instances[name])?)
    }

    /// One setting of an instance as it is written, also where the others cannot be read.
    pub(crate) fn written(&self, name: &str, setting: &str) -> Option<&Value> {
        let members = &self.instances.get(name)?.value;
        members.iter().find(|(key, _)| dashed(&key.value) == setting).map(|(_, value)| &value.value)
    }

    /// An instance's name as the file spells it.
    ///
    /// # Errors
    /// A name that the file does not have.
    pub(crate) fn known(&self, name: &str) -> Result<&str, Hinted> {
        let found = self.names().find(|known| dashed(known) == dashed(name));
        found.ok_or_else(|| self.unknown(name))
    }

    /// A complaint about a place in the file.
    pub(crate) fn complain<T>(&self, at: &Located<T>, message: impl Into<String>) -> Diagnostic {
        yaml::complain(&self.file, &self.text, at, message)
    }

    fn unknown(&self, name: &str) -> Hinted {
        let problem = Hinted::new(format!("there is no instance `{name}` in {}", self.file.display()));
        match did_you_mean(name, self.names()) {
            Some(hint) => problem.hint(hint),
            None => problem.hint(ADD_HINT),
        }
    }
}

const ADD_HINT: &str = "`provost instance add NAME` configures one";

fn nothing_configured() -> Hinted {
    Hinted::new(format!("there is no {FILE_NAME} in this folder or above"))
        .hint(format!("{ADD_HINT}, `provost lab` makes one to practise with"))
}

/// The nearest configuration upward from the current folder.
pub(crate) fn find() -> anyhow::Result<Option<PathBuf>> {
    let here = std::env::current_dir().context("could not tell the current folder")?;
    let mut upward =
        (0..here.ancestors().count()).map(|levels| Path::new(&"../".repeat(levels)).join(FILE_NAME));
    Ok(upward.find(|file| file.is_file()))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
