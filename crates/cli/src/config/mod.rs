//! `provost.yaml`: which instances there are.

pub(crate) mod address;
mod edit;
mod excerpt;
mod fields;
mod kept;
mod lines;
mod lock;
mod secret;
mod settings;
mod stored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use indexmap::IndexMap;
use provost_connectors::Catalogue;
use provost_core::yaml::{self, Located, OneOrMany};
use provost_core::{Diagnostic, Schema, dashed, did_you_mean};
use serde::Deserialize;
use serde_json::Value;

use crate::output::Hinted;

use fields::WrittenFields;

pub(crate) use edit::{add, put, remove, write_private};
pub(crate) use kept::Kept;
pub(crate) use secret::{Reference, Resolver};
pub(crate) use settings::{Common, Given, InstanceSettings};
pub(crate) use stored::Stored;

/// The file's name.
pub(crate) const FILE_NAME: &str = "provost.yaml";

/// The folder of integrations beside the file, used without being named.
pub(crate) const INTEGRATIONS: &str = "integrations";

/// A configuration that was read.
pub(crate) struct Config {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// What it says.
    pub(crate) text: String,
    /// Every integration that instances may name.
    pub(crate) catalogue: Catalogue,
    /// The fields of profiles, those that the file adds included.
    pub(crate) schema: Arc<Schema>,
    /// What a server's store adds, where the configuration is kept there.
    pub(crate) stored: Option<Stored>,
    instances: Instances,
}

/// The instances by name, as they are written.
type Instances = IndexMap<Located<String>, Located<Members>>;

/// The lines of an instance, as they are written.
type Members = IndexMap<Located<String>, Located<Value>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    integrations: Option<Located<OneOrMany<PathBuf>>>,
    /// Nothing at all where the last instance was taken out.
    #[serde(default)]
    instances: Option<Instances>,
    #[serde(default, rename = "profile-fields", alias = "profile_fields")]
    profile_fields: Option<WrittenFields>,
}

/// What the YAML library says in words of its own, and what it means here.
const LIBRARY_WORDS: [(&str, &str); 3] = [
    ("cannot deserialize null", "a name is missing here; `null` and `~` are names in quotes only"),
    ("budget breached", TOO_MUCH),
    ("recursion limit exceeded", TOO_MUCH),
];
const TOO_MUCH: &str = "this is more than is read: too long, too deeply nested or too many aliases";

impl Config {
    /// Reads the named file, or the nearest one upward from the current folder.
    ///
    /// # Errors
    /// No file, or one that cannot be read.
    pub(crate) fn open(named: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self::read_if_any(named)?.ok_or_else(nothing_configured)?)
    }

    /// The same for what goes without a configuration, too.
    pub(crate) fn read_if_any(named: Option<&Path>) -> anyhow::Result<Option<Self>> {
        let file = named.map_or_else(find, |file| Ok(Some(file.to_owned())))?;
        file.map(Self::read).transpose()
    }

    /// Reads a file that is there.
    pub(crate) fn read(file: PathBuf) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("could not read the configuration `{}`", file.display()))?;
        Self::parse(file, text)
    }

    /// Reads a file that may not be there yet.
    pub(crate) fn read_to_edit(file: PathBuf) -> anyhow::Result<Self> {
        let text = edit::current(&file)?;
        Self::parse(file, text)
    }

    /// Takes a text as the content of the file.
    ///
    /// # Errors
    /// What is no configuration, two instances of one name, a folder that is not there.
    pub(crate) fn parse(file: PathBuf, text: String) -> anyhow::Result<Self> {
        let written = parse(&file, &text)?;
        let config = Self {
            catalogue: Catalogue::default(),
            schema: Schema::built_in(),
            stored: None,
            instances: written.instances.unwrap_or_default(),
            file,
            text,
        };
        if let Some((first, second)) = twins(config.instances.keys()) {
            let message = format!("`{first}` and `{}` are one name for two instances", second.value);
            return Err(config.complain(second, message).with_hint(SPELLINGS).into());
        }
        let schema = fields::schema(&config, written.profile_fields.unwrap_or_default())?;
        let mut folders = config.folders(written.integrations.as_ref())?;
        folders.push(config.folder().join(INTEGRATIONS));
        Ok(Self { catalogue: Catalogue::new(folders), schema: Arc::new(schema), ..config })
    }

    /// The folders that the file names.
    fn folders(&self, named: Option<&Located<OneOrMany<PathBuf>>>) -> anyhow::Result<Vec<PathBuf>> {
        let Some(named) = named else { return Ok(Vec::new()) };
        let folders: Vec<PathBuf> = named.value.0.iter().map(|path| self.folder().join(path)).collect();
        match folders.iter().find(|folder| !folder.is_dir()) {
            Some(missing) => {
                let message = format!("`integrations`: there is no folder `{}`", missing.display());
                Err(self.complain(named, message).into())
            }
            None => Ok(folders),
        }
    }

    /// The folder that relative paths in the file start from.
    pub(crate) fn folder(&self) -> &Path {
        folder_of(&self.file)
    }

    /// The names of all instances, in the file's order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.instances.keys().map(|name| name.value.as_str())
    }

    /// The settings of an instance, checked against its integration's parameters later.
    ///
    /// # Errors
    /// An unknown name, or settings that every instance has and this one has wrong.
    pub(crate) fn instance(&self, name: &str) -> anyhow::Result<InstanceSettings> {
        let (name, members) = self.entry(name)?;
        Ok(settings::read(self, name, &members.value)?)
    }

    /// One setting of an instance as it is written, also where the others cannot be read.
    pub(crate) fn setting(&self, name: &str, setting: &str) -> Option<&Value> {
        let (_, members) = self.entry(name).ok()?;
        members.value.iter().find(|(key, _)| dashed(&key.value) == setting).map(|(_, value)| &value.value)
    }

    /// An instance's name as the file spells it.
    ///
    /// # Errors
    /// A name that the file does not have.
    pub(crate) fn known(&self, name: &str) -> Result<&str, Hinted> {
        self.entry(name).map(|(name, _)| name.value.as_str())
    }

    /// Refuses a name that an instance has already.
    pub(crate) fn refuse_known(&self, name: &str) -> Result<(), Hinted> {
        let Ok((known, _)) = self.entry(name) else { return Ok(()) };
        Err(Hinted::new(format!("there is an instance `{}` already", known.value))
            .hint(format!("`provost instance remove {}` takes it out", known.value)))
    }

    /// A complaint about a place in the file. It shows no value.
    pub(crate) fn complain<T>(&self, at: &Located<T>, message: impl Into<String>) -> Diagnostic {
        excerpt::without_values(yaml::complain(&self.file, &self.text, at, message), &self.text)
    }

    fn entry(&self, name: &str) -> Result<(&Located<String>, &Located<Members>), Hinted> {
        let found = self.instances.iter().find(|(known, _)| dashed(&known.value) == dashed(name));
        found.ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Hinted {
        let problem = Hinted::new(format!("there is no instance `{name}` in {}", self.file.display()));
        match did_you_mean(name, self.names()) {
            Some(hint) => problem.hint(hint),
            None => problem.hint(ADD_HINT),
        }
    }
}

const SPELLINGS: &str = "dashes and underscores are alike, and so are capital and small letters";
const ADD_HINT: &str = "`provost instance add NAME` configures one";

fn nothing_configured() -> Hinted {
    Hinted::new(format!("there is no {FILE_NAME} in this folder or above"))
        .hint(format!("{ADD_HINT}, `provost lab` makes one to practise with"))
}

/// Reads the text; the error shows no value. A text without content has no instances.
fn parse(file: &Path, text: &str) -> Result<File, Box<Diagnostic>> {
    let written = yaml::parse::<Option<File>>(file, text).map_err(|complaint| {
        let is_yaml = yaml::parse::<Value>(file, text).is_ok();
        let mut complaint = if is_yaml {
            excerpt::without_values(*complaint, text)
        } else {
            excerpt::without_excerpt(*complaint)
        };
        complaint.message = in_our_words(complaint.message);
        complaint
    })?;
    Ok(written.unwrap_or_default())
}

fn in_our_words(message: String) -> String {
    let ours = LIBRARY_WORDS.iter().find(|(theirs, _)| message.contains(theirs));
    ours.map_or(message, |(_, ours)| (*ours).to_owned())
}

/// The first two keys that differ in their spelling only.
fn twins<'a>(keys: impl Iterator<Item = &'a Located<String>>) -> Option<(&'a str, &'a Located<String>)> {
    let mut seen: IndexMap<String, &str> = IndexMap::new();
    let mut pairs = keys.map(|key| (seen.insert(dashed(&key.value), &key.value), key));
    pairs.find_map(|(before, key)| Some((before?, key)))
}

/// The fields of profiles: with a configuration, also those that it adds.
///
/// # Errors
/// A configuration that cannot be read.
pub(crate) fn schema(named: Option<&Path>) -> anyhow::Result<Arc<Schema>> {
    match named.map(Path::to_owned).map_or_else(find, |file| Ok(Some(file)))? {
        Some(file) => Ok(Config::read(file)?.schema),
        None => Ok(Schema::built_in()),
    }
}

/// The nearest configuration upward from the current folder.
pub(crate) fn find() -> anyhow::Result<Option<PathBuf>> {
    let here = std::env::current_dir().context("could not tell the current folder")?;
    let mut upward =
        (0..here.ancestors().count()).map(|levels| Path::new(&"../".repeat(levels)).join(FILE_NAME));
    Ok(upward.find(|file| file.is_file()))
}

/// The folder that a file is in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_speaks_in_our_words() {
        for theirs in ["budget breached: Nodes { nodes: 250001 }", "recursion limit exceeded"] {
            assert_eq!(in_our_words(theirs.to_owned()), TOO_MUCH);
        }
        assert_eq!(in_our_words("unknown key `x`".to_owned()), "unknown key `x`");
    }
}
