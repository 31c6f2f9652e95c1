//! The instances of a server: those of `provost.yaml`, as code, or those that its store keeps.

mod keep;
mod loaded;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use provost_connectors::{Catalogue, MapperFile};
use provost_core::{AuditEvent, Schema, Selection};
use provost_mapper::Direction;
use provost_server::{Chosen, Fleet, InstanceView, IntegrationView, MapperView, Problem, Trouble};
use provost_store::{Store, Vault};
use serde_json::Value;
use tokio::time::Instant;

use super::views;
use crate::config::Config;
use crate::{mapper_files, output};

use self::keep::Keeper;
use self::loaded::Loaded;

/// For how long a configuration is taken as read.
const FRESH: Duration = Duration::from_secs(1);

/// Where the instances are written.
#[derive(Clone)]
pub(super) enum Source {
    /// A file, which is not changed from here.
    File(PathBuf),
    /// The store.
    Store(Store, Vault),
}

/// The instances, read when they are needed, and again when they were changed.
pub(super) struct Configured {
    source: Source,
    current: Mutex<Option<(Instant, Arc<Loaded>)>>,
    /// One reads while the others wait.
    reading: tokio::sync::Mutex<()>,
}

impl Configured {
    pub(super) fn file(file: PathBuf) -> Self {
        Self::of(Source::File(file))
    }

    pub(super) fn store(store: Store, vault: Vault) -> Self {
        Self::of(Source::Store(store, vault))
    }

    fn of(source: Source) -> Self {
        Self { source, current: Mutex::default(), reading: tokio::sync::Mutex::default() }
    }

    /// Reads the configuration, so that it is known to be readable.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) async fn read(&self) -> anyhow::Result<()> {
        self.source.load().await.map(|_| ())
    }

    /// The configuration as it is now, or was a moment ago. One that cannot be read any more
    /// leaves the one before it in force.
    async fn now(&self) -> Result<Arc<Loaded>, Problem> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let _reading = self.reading.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let before = self.kept().map(|(_, loaded)| loaded);
        let version = self.source.version().await.map_err(|error| trouble(&error))?;
        let loaded = match &before {
            Some(before) if before.version == version => Arc::clone(before),
            _ => match (self.source.load().await, before) {
                (Ok(loaded), _) => Arc::new(loaded),
                (Err(error), Some(before)) => {
                    output::warn(&format!(
                        "the configuration of before stays: {}",
                        output::in_words(&error).0
                    ));
                    Arc::new(before.renewed(version))
                }
                (Err(error), None) => return Err(trouble(&error)),
            },
        };
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&loaded)));
        Ok(loaded)
    }

    fn kept(&self) -> Option<(Instant, Arc<Loaded>)> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self) -> Option<Arc<Loaded>> {
        self.kept().filter(|(read, _)| read.elapsed() < FRESH).map(|(_, loaded)| loaded)
    }

    /// Lets the next question read anew.
    fn forget(&self) {
        if let Some((read, _)) = &mut *self.current.lock().unwrap_or_else(PoisonError::into_inner) {
            *read = read.checked_sub(FRESH).unwrap_or(*read);
        }
    }

    fn keeper(&self) -> Result<Keeper<'_>, Problem> {
        match &self.source {
            Source::Store(store, vault) => Ok(Keeper { store, vault }),
            Source::File(file) => Err(Problem::conflict(format!(
                "instances and mappers are written in `{}`, and cannot be changed from here",
                file.display()
            ))),
        }
    }
}

/// What is wrong with the configuration, for whoever asked.
fn trouble(error: &anyhow::Error) -> Problem {
    let (message, hints) = output::in_words(error);
    Problem::unavailable(message).hints(hints)
}

#[async_trait]
impl Fleet for Configured {
    async fn choose(&self, asked: &Selection, command: &str) -> Result<Vec<Chosen>, Problem> {
        self.now().await?.choose(asked, command).await
    }

    async fn instances(&self) -> Result<Vec<InstanceView>, Problem> {
        let loaded = self.now().await?;
        let view = |name: &str| views::instance(&loaded.config, name, loaded.revision(name));
        Ok(loaded.config.names().map(view).collect())
    }

    async fn integrations(&self) -> Result<Vec<IntegrationView>, Problem> {
        let loaded = self.now().await?;
        let catalogue = &loaded.config.catalogue;
        let packages = catalogue.names().into_iter().filter_map(|name| catalogue.open(&name).ok());
        Ok(packages.map(|package| views::integration(&package)).collect())
    }

    async fn mappers(&self) -> Result<Vec<MapperView>, Problem> {
        let loaded = self.now().await?;
        Ok(mappers(&loaded.config, &loaded)
            .into_iter()
            .map(|view| MapperView { text: None, ..view })
            .collect())
    }

    async fn mapper(&self, name: &str) -> Result<Option<MapperView>, Problem> {
        let loaded = self.now().await?;
        Ok(mappers(&loaded.config, &loaded).into_iter().find(|view| view.name == name))
    }

    async fn schema(&self) -> Result<Arc<Schema>, Problem> {
        Ok(Arc::clone(&self.now().await?.config.schema))
    }

    async fn put_instance(
        &self,
        name: &str,
        settings: Value,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem> {
        let keeper = self.keeper()?;
        let loaded = self.now().await?;
        let kept = keeper.put_instance(&loaded, name, settings, revision, event).await;
        self.forget();
        kept
    }

    async fn shown(&self, name: &str, settings: Value) -> Result<Value, Problem> {
        Ok(keep::shown(&*self.now().await?, name, settings))
    }

    async fn remove_instance(&self, name: &str, event: AuditEvent) -> Result<(), Problem> {
        let removed = self.keeper()?.remove_instance(name, event).await;
        self.forget();
        removed
    }

    async fn put_mapper(
        &self,
        name: &str,
        text: &str,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem> {
        let kept = self.keeper()?.put_mapper(name, text, revision, event).await;
        self.forget();
        kept
    }

    async fn remove_mapper(&self, name: &str, event: AuditEvent) -> Result<(), Problem> {
        let removed = self.keeper()?.remove_mapper(name, event).await;
        self.forget();
        removed
    }

    fn is_read_only(&self) -> bool {
        matches!(self.source, Source::File(_))
    }
}

/// Every mapper that can be named: the store's, and those that integrations ship.
fn mappers(config: &Config, loaded: &Loaded) -> Vec<MapperView> {
    let stored = config.stored.iter().flat_map(|stored| &stored.mappers);
    let mut views: Vec<MapperView> = stored
        .filter_map(|(name, text)| {
            let view = mapper_view(&("the store".into(), text.clone()), "store")?;
            Some(MapperView { name: name.clone(), revision: loaded.mapper_revision(name), ..view })
        })
        .collect();
    views.extend(shipped(&config.catalogue));
    views.sort_by(|a, b| a.name.cmp(&b.name));
    views.dedup_by(|later, first| later.name == first.name);
    views
}

fn shipped(catalogue: &Catalogue) -> Vec<MapperView> {
    let files = catalogue.mappers().unwrap_or_default();
    let folder = |file: &MapperFile| {
        let folder = file.0.parent().and_then(|folder| folder.file_name());
        folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    files.iter().filter_map(|file| mapper_view(file, &folder(file))).collect()
}

fn mapper_view((file, text): &MapperFile, source: &str) -> Option<MapperView> {
    let mapper = mapper_files::load(file, text).ok()?;
    Some(MapperView {
        name: mapper.name.to_string(),
        direction: match mapper.direction {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "outgoing",
        }
        .to_owned(),
        source: source.to_owned(),
        revision: None,
        text: Some(text.clone()),
    })
}

/// What is wrong with one instance.
fn wrong(error: &anyhow::Error) -> Trouble {
    let (message, hints) = output::in_words(error);
    Trouble { message, hints }
}
