//! Where integrations come from: the binary, and folders that users name.

use std::io;
use std::path::{Path, PathBuf};

use provost_core::{Diagnostic, IntegrationName, did_you_mean};

use crate::Manifest;

/// Path below `integrations/` and text of each embedded file.
static EMBEDDED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/integrations.rs"));

const MANIFEST: &str = "integration.yaml";
const MAPPER_IN: &str = "mapper-in.yaml";
const MAPPER_OUT: &str = "mapper-out.yaml";

/// All integrations that can be configured. A folder of the user's wins over the binary.
#[derive(Debug, Default)]
pub struct Catalogue {
    folders: Vec<PathBuf>,
}

/// An integration's files.
#[derive(Debug)]
pub struct Package {
    /// The manifest, checked.
    pub manifest: Manifest,
    /// The incoming mapper, if it has one.
    pub mapper_in: Option<MapperFile>,
    /// The outgoing mapper, if it has one.
    pub mapper_out: Option<MapperFile>,
}

/// A mapper's file: where it is for people, and what it says.
pub type MapperFile = (PathBuf, String);

/// Why an integration cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is none of that name.
    #[error("there is no integration `{name}`")]
    Unknown {
        /// The name asked for.
        name: String,
        /// What was probably meant.
        hint: Option<String>,
    },
    /// A file of it could not be read.
    #[error("could not read `{file}`")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] Box<Diagnostic>),
}

impl Catalogue {
    /// The embedded integrations and those below the folders.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders }
    }

    /// The names of all integrations, sorted.
    pub fn names(&self) -> Vec<String> {
        let embedded = EMBEDDED.iter().filter_map(|(file, _)| file.strip_suffix("/integration.yaml"));
        let mut names: Vec<String> = embedded.map(str::to_owned).collect();
        for entry in self.folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten() {
            if entry.path().join(MANIFEST).is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// An integration with its mappers.
    ///
    /// # Errors
    /// An unknown name, unreadable files, a manifest that does not pass its check.
    pub fn open(&self, name: &str) -> Result<Package, CatalogueError> {
        let Some((file, text)) = self.read(name, MANIFEST)? else {
            let names = self.names();
            let hint = did_you_mean(name, names.iter().map(String::as_str));
            return Err(CatalogueError::Unknown { name: name.to_owned(), hint });
        };
        let manifest = Manifest::load(&file, &text)?;
        if manifest.name != IntegrationName::from(name) {
            let message = format!("`integration` is `{}`, but the folder is `{name}`", manifest.name);
            return Err(Box::new(Diagnostic::about(&file, message)).into());
        }
        Ok(Package {
            manifest,
            mapper_in: self.read(name, MAPPER_IN)?,
            mapper_out: self.read(name, MAPPER_OUT)?,
        })
    }

    /// The file of a mapper that some integration ships under this name.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn mapper(&self, name: &str) -> Result<Option<MapperFile>, CatalogueError> {
        for integration in self.names() {
            for file in [MAPPER_IN, MAPPER_OUT] {
                let found = self.read(&integration, file)?;
                if let Some(found) = found.filter(|(_, text)| names_mapper(text, name)) {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// One of an integration's files, from the first place that has the integration.
    fn read(&self, name: &str, file: &str) -> Result<Option<MapperFile>, CatalogueError> {
        for folder in self.folders.iter().map(|folder| folder.join(name)) {
            if folder.join(MANIFEST).is_file() {
                return read_file(folder.join(file));
            }
        }
        let path = format!("{name}/{file}");
        let found = EMBEDDED.iter().find(|(known, _)| *known == path);
        Ok(found.map(|(_, text)| (Path::new("integrations").join(&path), (*text).to_owned())))
    }
}

/// Whether a native mapper's file begins with this name.
pub fn names_mapper(text: &str, name: &str) -> bool {
    let names = text.lines().filter_map(|line| line.strip_prefix("mapper:"));
    names.map(|named| named.trim().trim_matches(['"', '\''])).any(|named| named == name)
}

fn read_file(file: PathBuf) -> Result<Option<MapperFile>, CatalogueError> {
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Some((file, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CatalogueError::Read { file, source }),
    }
}
