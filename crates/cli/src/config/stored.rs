//! A configuration that a server keeps in its store. Whoever may change it by the API is not
//! thereby somebody who may read files or run programs on the server's machine.

use std::collections::HashMap;

use provost_connectors::MapperFile;
use provost_core::Secret;
use serde_json::{Map, Value, json};

use super::{Config, Reference};

/// What stands for the file's name in what is said about such a configuration.
const PLACE: &str = "the store";

/// What a store adds to the instances that it keeps.
#[derive(Default)]
pub(crate) struct Stored {
    /// The opened secrets, by instance and name.
    pub(crate) secrets: HashMap<(String, String), Secret>,
    /// The mappers, by name.
    pub(crate) mappers: HashMap<String, String>,
}

impl Stored {
    /// The mapper of this name as a file would be.
    pub(crate) fn mapper(&self, name: &str) -> Option<MapperFile> {
        self.mappers.get(name).map(|text| (PLACE.into(), text.clone()))
    }

    /// Whether secrets of such a configuration may be where the reference says.
    pub(crate) fn allows(reference: &Reference) -> bool {
        matches!(reference, Reference::Sealed(_) | Reference::Plain(_))
    }
}

impl Config {
    /// Takes instances out of a store. They are written as in `provost.yaml`, whose language
    /// takes JSON.
    ///
    /// # Errors
    /// What is no configuration.
    pub(crate) fn of_store(instances: &Map<String, Value>, stored: Stored) -> anyhow::Result<Self> {
        let text = format!("{:#}", json!({"instances": instances}));
        Ok(Self { stored: Some(stored), ..Self::parse(PLACE.into(), text)? })
    }

    /// A secret that the store keeps for an instance.
    pub(crate) fn sealed(&self, instance: &str, name: &str) -> Option<Secret> {
        self.stored.as_ref()?.secrets.get(&(instance.to_owned(), name.to_owned())).cloned()
    }
}
