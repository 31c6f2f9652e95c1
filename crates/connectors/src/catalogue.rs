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
const MAPPERS: [&str; 2] = [MAPPER_IN, MAPPER_OUT];

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

    /// The same with one more folder, which wins over the others.
    #[must_use]
    pub fn before(mut self, folder: PathBuf) -> Self {
        self.folders.insert(0, folder);
        self
    }

    /// The folders that are not in the binary, the first first.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Whether the integration is one in a folder of the user's.
    pub fn is_of_user(&self, name: &str) -> bool {
        self.folders.iter().any(|folder| folder.join(name).join(MANIFEST).is_file())
    }

    /// The names of all integrations, sorted.
    pub fn names(&self) -> Vec<String> {
        let embedded = EMBEDDED.iter().filter_map(|(file, _)| file.strip_suffix("/integration.yaml"));
        let mut names: Vec<String> = embedded.map(str::to_owned).collect();
        let folders = self.folders.iter().flat_map(|folder| folders_in(folder));
        let with_manifest = folders.filter(|folder| folder.join(MANIFEST).is_file());
        names.extend(
            with_manifest.filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned())),
        );
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
        let manifest = Manifest::load(&file, &text, &|name| self.manifest_of(name))?;
        if manifest.name != IntegrationName::from(name) {
            let message = format!("`integration` is `{}`, but the folder is `{name}`", manifest.name);
            return Err(Box::new(Diagnostic::about(&file, message)).into());
        }
        Ok(Package {
            mapper_in: self.own_or_extended(name, &manifest, MAPPER_IN)?,
            mapper_out: self.own_or_extended(name, &manifest, MAPPER_OUT)?,
            manifest,
        })
    }

    /// The manifest of an integration that another one extends.
    fn manifest_of(&self, name: &str) -> Result<MapperFile, String> {
        match self.read(name, MANIFEST) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(format!("there is no integration `{name}`")),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A file of an integration or, where it has none, of the one that it extends.
    fn own_or_extended(
        &self,
        name: &str,
        manifest: &Manifest,
        file: &str,
    ) -> Result<Option<MapperFile>, CatalogueError> {
        let names = std::iter::once(name).chain(manifest.extends.iter().map(String::as_str));
        for name in names {
            if let Some(found) = self.read(name, file)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The file of the mapper of this name. A folder of the user's wins over the binary.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn mapper(&self, name: &str) -> Result<Option<MapperFile>, CatalogueError> {
        Ok(self.mappers()?.into_iter().find(|(_, text)| names_mapper(text, name)))
    }

    /// Every mapper file, those of the user's folders first. A folder needs no manifest to
    /// have mappers.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn mappers(&self) -> Result<Vec<MapperFile>, CatalogueError> {
        let mut mappers = Vec::new();
        for folder in self.folders.iter().flat_map(|folder| folders_in(folder)) {
            for file in MAPPERS {
                mappers.extend(read_file(folder.join(file))?);
            }
        }
        let is_mapper = |file: &str| MAPPERS.iter().any(|mapper| Path::new(file).ends_with(mapper));
        mappers.extend(EMBEDDED.iter().filter(|(file, _)| is_mapper(file)).map(embedded));
        Ok(mappers)
    }

    /// One of an integration's files, from the first place that has the integration.
    fn read(&self, name: &str, file: &str) -> Result<Option<MapperFile>, CatalogueError> {
        for folder in self.folders.iter().map(|folder| folder.join(name)) {
            if folder.join(MANIFEST).is_file() {
                return read_file(folder.join(file));
            }
        }
        let path = format!("{name}/{file}");
        Ok(EMBEDDED.iter().find(|(known, _)| *known == path).map(embedded))
    }
}

fn embedded((file, text): &(&str, &str)) -> MapperFile {
    (Path::new("integrations").join(file), (*text).to_owned())
}

/// The folders in a folder, sorted; none where it cannot be read.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
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
