//! The composition root: from settings to an instance that can be asked.

mod parameters;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use provost_connectors::{MapperFile, Package};
use provost_core::{Clock, Diagnostic};
use provost_engine::Instance;
use provost_mapper::{Direction, Mapper};
use provost_net::Settings;

use crate::clock::SystemClock;
use crate::config::{Config, InstanceSettings};
use crate::mapper_files;
use crate::output::Hinted;
use crate::random::SystemRandom;

pub(crate) use parameters::{BASIC, meant, plain_value, warn_of_plain};

use parameters::Reader;

/// How long somebody waits for one command because a system wants to be left alone.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The value of `mapper-in` and `mapper-out` that stands for no mapper.
const NO_MAPPER: &str = "none";

/// Makes an instance. Nothing is sent yet. `patience` is how long one command waits because
/// its system wants to be left alone.
///
/// # Errors
/// Everything in its settings that cannot work, with its place in the file.
pub(crate) fn connect(
    config: &Config,
    settings: &InstanceSettings,
    package: Package,
    patience: Duration,
) -> anyhow::Result<Instance> {
    let parameters = Reader { config, settings }.parameters(&package.manifest)?;
    let (mapper_in, mapper_out) = mappers(config, settings, package.mapper_in, package.mapper_out)?;
    let connection = Settings { patience, ..connection(config, settings)? };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let connector = package.manifest.connect(&parameters, &connection, clock.clone());
    let connector = connector.map_err(|error| {
        config.complain(&settings.place, format!("instance `{}`: {error}", settings.name))
    })?;
    Ok(Instance {
        name: settings.name.as_str().into(),
        connector,
        mapper_in,
        mapper_out,
        switches: settings.common.switches,
        clock,
        random: Arc::new(SystemRandom),
        private: settings.common.private.clone(),
    })
}

/// Checks that the settings fit their integration, without reading any secret. Returns the
/// names of the secrets that stand in the file in plain text.
///
/// # Errors
/// The first setting that cannot work.
pub(crate) fn check(config: &Config, settings: &InstanceSettings) -> anyhow::Result<Vec<String>> {
    if let Some(flaw) = &settings.flaw {
        return Err(flaw.clone().into());
    }
    let package = package(config, settings)?;
    let plain = Reader { config, settings }.check(&package.manifest)?;
    mappers(config, settings, package.mapper_in, package.mapper_out)?;
    connection(config, settings)?;
    Ok(plain)
}

/// The integration that the settings name.
pub(crate) fn package(config: &Config, settings: &InstanceSettings) -> anyhow::Result<Package> {
    match config.catalogue.open(&settings.integration) {
        Ok(package) => Ok(package),
        Err(provost_connectors::CatalogueError::Unknown { name, hint }) => {
            let complaint = config.complain(
                &settings.place,
                format!("instance `{}`: there is no integration `{name}`", settings.name),
            );
            Err(complaint.with_optional_hint(hint).into())
        }
        Err(provost_connectors::CatalogueError::Manifest(diagnostic)) => Err(diagnostic.into()),
        Err(other) => Err(other.into()),
    }
}

fn connection(config: &Config, settings: &InstanceSettings) -> anyhow::Result<Settings> {
    let common = &settings.common;
    let read = |file: &PathBuf| {
        let file = config.folder().join(file);
        std::fs::read(&file).with_context(|| {
            format!("instance `{}`: could not read `ca-file` `{}`", settings.name, file.display())
        })
    };
    if config.stored.is_some() && common.ca_file.is_some() {
        let message = format!("instance `{}`: `ca-file` is for instances of provost.yaml", settings.name);
        return Err(config.complain(&settings.place, message).into());
    }
    let authorities = common.ca_file.as_ref().map(read).transpose()?;
    Ok(Settings {
        timeout: common.timeout,
        insecure: common.insecure,
        proxy: common.proxy.clone(),
        authorities,
        limits: common.limits.clone(),
        patience: PATIENCE,
    })
}

/// Both mappers: those that the settings name, or the integration's own.
fn mappers(
    config: &Config,
    settings: &InstanceSettings,
    own_in: Option<MapperFile>,
    own_out: Option<MapperFile>,
) -> anyhow::Result<(Option<Mapper>, Option<Mapper>)> {
    let load = |setting: &str, named: Option<&str>, own, direction| {
        let file = match named {
            None => own,
            Some(NO_MAPPER) => None,
            Some(name) => Some(mapper_file(config, settings, setting, name, own)?),
        };
        file.map(|(file, text)| mapper(&file, &text, direction)).transpose()
    };
    let common = &settings.common;
    Ok((
        load("mapper-in", common.mapper_in.as_deref(), own_in, Direction::Incoming)?,
        load("mapper-out", common.mapper_out.as_deref(), own_out, Direction::Outgoing)?,
    ))
}

fn mapper(file: &Path, text: &str, direction: Direction) -> anyhow::Result<Mapper> {
    let mapper = mapper_files::load(file, text)?;
    if mapper.direction != direction {
        let message = format!(
            "`{}` maps the other way; `mapper-in` wants an incoming mapper, `mapper-out` an outgoing one",
            mapper.name
        );
        return Err(Diagnostic::about(file, message).into());
    }
    Ok(mapper)
}

/// The file of a mapper: by its path, or by the name of one that an integration ships.
fn mapper_file(
    config: &Config,
    settings: &InstanceSettings,
    setting: &str,
    name: &str,
    own: Option<MapperFile>,
) -> anyhow::Result<MapperFile> {
    if let Some(stored) = &config.stored {
        if let Some(kept) = stored.mapper(name) {
            return Ok(kept);
        }
    } else if is_file_name(name) {
        let file = config.folder().join(name);
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!("instance `{}`: could not read `{setting}` `{}`", settings.name, file.display())
        })?;
        return Ok((file, text));
    }
    if let Some(own) = own.filter(|(_, text)| provost_connectors::names_mapper(text, name)) {
        return Ok(own);
    }
    let unknown = || {
        Hinted::new(format!("instance `{}`: `{setting}`: there is no mapper named `{name}`", settings.name))
            .hint("name a file, such as mappers/okta-out.yaml, or a mapper that an integration ships")
    };
    Ok(config.catalogue.mapper(name)?.ok_or_else(unknown)?)
}

fn is_file_name(name: &str) -> bool {
    let path = Path::new(name);
    let is_mapper = path
        .extension()
        .is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known));
    is_mapper || name.contains(std::path::MAIN_SEPARATOR)
}

/// Where a new configuration goes: the named file, the nearest one, or one in this folder.
pub(crate) fn file_to_edit(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    match named {
        Some(file) => Ok(file.to_owned()),
        None => Ok(crate::config::find()?.unwrap_or_else(|| crate::config::FILE_NAME.into())),
    }
}
