//! A configuration that was read, with the instances that were connected since.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use provost_connectors::Package;
use provost_core::{Brand, GroupVerb, Secret, Selection, Verb};
use provost_engine::Instance;
use provost_server::{Chosen, Problem, Trouble};
use provost_store::{Kind, StoredText};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::{Source, wrong};
use crate::commands::asking;
use crate::commands::selection::{self, Candidate};
use crate::commands::serve::told;
use crate::compose;
use crate::config::{Config, Stored};
use crate::output;

/// After so long an instance that could not be connected is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// How many ways to choose instances are remembered.
const ROUTES: usize = 1000;

/// What tells one state of a configuration from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Version {
    File(Option<SystemTime>, u64),
    Store(u64),
}

/// A configuration.
pub(super) struct Loaded {
    pub(super) version: Version,
    pub(super) config: Arc<Config>,
    instances: HashMap<String, u64>,
    mappers: HashMap<String, u64>,
    routes: Mutex<HashMap<Way, Route>>,
    connected: Arc<Mutex<HashMap<String, Arc<Slot>>>>,
}

/// A command, and the names and brands of the instances that it is to go to.
type Way = (String, Vec<String>, Vec<String>);

/// The instances of a route, or why there are none.
type Route = Result<Arc<[(String, Brand)]>, Problem>;

/// An instance that is connected once, or will be.
struct Slot {
    since: Instant,
    opened: OnceCell<Result<Arc<Instance>, Trouble>>,
}

impl Source {
    /// What tells the configuration of now from others.
    pub(super) async fn version(&self) -> anyhow::Result<Version> {
        match self {
            Self::File(file) => {
                let about = fs::metadata(file)
                    .with_context(|| format!("could not read the configuration `{}`", file.display()))?;
                Ok(Version::File(about.modified().ok(), about.len()))
            }
            Self::Store(store, _) => Ok(Version::Store(store.configuration_revision().await.map_err(told)?)),
        }
    }

    /// Reads the configuration.
    pub(super) async fn load(&self) -> anyhow::Result<Loaded> {
        let version = self.version().await?;
        match self {
            Self::File(file) => Ok(Loaded::new(version, Config::read(file.clone())?, &[], &[])),
            Self::Store(store, vault) => {
                let instances = store.configured(Kind::Instance).await.map_err(told)?;
                let mappers = store.configured(Kind::Mapper).await.map_err(told)?;
                let mut stored = Stored::default();
                stored.mappers.extend(mappers.iter().map(|kept| (kept.name.clone(), kept.text.clone())));
                for sealed in store.sealed(None).await.map_err(told)? {
                    // What cannot be opened is complained of where it is used.
                    if let Some(text) =
                        vault.open(&sealed).ok().and_then(|bytes| String::from_utf8(bytes).ok())
                    {
                        stored.secrets.insert((sealed.owner, sealed.name), Secret::from(text));
                    }
                }
                let config = Config::of_store(&settings(&instances), stored)?;
                Ok(Loaded::new(version, config, &instances, &mappers))
            }
        }
    }
}

fn settings(instances: &[StoredText]) -> Map<String, Value> {
    let parsed =
        |kept: &StoredText| (kept.name.clone(), serde_json::from_str(&kept.text).unwrap_or_default());
    instances.iter().map(parsed).collect()
}

impl Loaded {
    fn new(version: Version, config: Config, instances: &[StoredText], mappers: &[StoredText]) -> Self {
        let revisions =
            |kept: &[StoredText]| kept.iter().map(|one| (one.name.clone(), one.revision)).collect();
        Self {
            version,
            config: Arc::new(config),
            instances: revisions(instances),
            mappers: revisions(mappers),
            routes: Mutex::default(),
            connected: Arc::default(),
        }
    }

    /// The same with the same connections, for a version that cannot be read.
    pub(super) fn renewed(&self, version: Version) -> Self {
        Self {
            version,
            config: Arc::clone(&self.config),
            instances: self.instances.clone(),
            mappers: self.mappers.clone(),
            routes: Mutex::default(),
            connected: Arc::clone(&self.connected),
        }
    }

    pub(super) fn revision(&self, instance: &str) -> Option<u64> {
        self.instances.get(instance).copied()
    }

    pub(super) fn mapper_revision(&self, mapper: &str) -> Option<u64> {
        self.mappers.get(mapper).copied()
    }

    /// The instances that a command goes to, connected.
    pub(super) async fn choose(&self, asked: &Selection, command: &str) -> Result<Vec<Chosen>, Problem> {
        let route = self.route(asked, command)?;
        let mut chosen = Vec::with_capacity(route.len());
        for (name, brand) in route.iter() {
            let opened = self.open(name).await;
            chosen.push(Chosen { name: name.clone(), brand: brand.clone(), opened });
        }
        Ok(chosen)
    }

    fn route(&self, asked: &Selection, command: &str) -> Route {
        let way = (command.to_owned(), asked.using.clone(), asked.using_brand.clone());
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(&way) {
            return route.clone();
        }
        let route = self.find_route(asked, command);
        if routes.len() >= ROUTES {
            routes.clear();
        }
        routes.insert(way, route.clone());
        route
    }

    fn find_route(&self, asked: &Selection, command: &str) -> Route {
        for name in &asked.using {
            self.config.known(name.trim()).map_err(|problem| {
                Problem::not_found(problem.to_string()).hints(problem.hints().iter().cloned())
            })?;
        }
        let can = |package: &Package| can(package, command);
        match selection::choose_where(&self.config, asked, command, &can) {
            Ok(chosen) => Ok(chosen.into_iter().map(|one| (one.name, one.brand)).collect()),
            Err(error) => {
                let (message, hints) = output::in_words(&error);
                Err(Problem::unprocessable(message).hints(hints))
            }
        }
    }

    /// An instance, connected when it is first asked.
    async fn open(&self, name: &str) -> Result<Arc<Instance>, Trouble> {
        let slot = self.slot(name);
        slot.opened.get_or_init(|| self.connect(name)).await.clone()
    }

    fn slot(&self, name: &str) -> Arc<Slot> {
        let mut connected = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let is_worn =
            |slot: &Arc<Slot>| slot.opened.get().is_some_and(Result::is_err) && slot.since.elapsed() > AGAIN;
        let new = || Arc::new(Slot { since: Instant::now(), opened: OnceCell::new() });
        if let Some(slot) = connected.get(name).filter(|slot| !is_worn(slot)) {
            Arc::clone(slot)
        } else {
            let slot = new();
            connected.insert(name.to_owned(), Arc::clone(&slot));
            slot
        }
    }

    async fn connect(&self, name: &str) -> Result<Arc<Instance>, Trouble> {
        let opened = self.config.instance(name).and_then(|settings| {
            let package = compose::package(&self.config, &settings)?;
            Ok((settings, package))
        });
        let candidate =
            Candidate { name: name.to_owned(), brand: selection::shown_brand(&self.config, name), opened };
        let connected = asking::connect(Arc::clone(&self.config), candidate, compose::PATIENCE).await;
        connected.map(Arc::new).map_err(|error| wrong(&error))
    }
}

/// Whether an integration has a command.
fn can(package: &Package, command: &str) -> bool {
    let manifest = &package.manifest;
    if let Some(verb) = Verb::ALL.into_iter().find(|verb| verb.command() == command) {
        return manifest.verbs().contains(verb);
    }
    let groups = [GroupVerb::Get, GroupVerb::Create, GroupVerb::Update, GroupVerb::Delete];
    if let Some(verb) = groups.into_iter().find(|verb| verb.command() == command) {
        return manifest.has_groups(verb);
    }
    match command {
        "test-module" => true,
        "iam-list-users" => manifest.can_list(),
        "get-mapping-fields" => manifest.has_fields(),
        other => manifest.commands.contains_key(other),
    }
}
