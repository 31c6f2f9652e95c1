//! The composition root: from settings to an instance that can be asked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use provost_connectors::{
    COMMON_SETTINGS, HttpConnector, Manifest, MapperFile, Package, Parameter, ParameterType, ParameterValue,
    Parameters,
};
use provost_core::yaml::Located;
use provost_core::{Diagnostic, Secret, did_you_mean};
use provost_engine::Instance;
use provost_mapper::{Direction, Mapper};
use provost_net::Settings;
use serde_json::Value;

use crate::clock::SystemClock;
use crate::config::{Config, InstanceSettings, Reference, Resolver};
use crate::output::{self, Hinted};

/// The value of `mapper-in` and `mapper-out` that stands for no mapper.
const NO_MAPPER: &str = "none";

/// Makes an instance. Nothing is sent yet.
///
/// # Errors
/// Everything in its settings that cannot work, with its place in the file.
pub(crate) fn connect(
    config: &Config,
    settings: &InstanceSettings,
    package: Package,
) -> anyhow::Result<Instance> {
    let parameters = parameters(config, settings, &package.manifest)?;
    let mapper_in =
        mapper(config, settings.common.mapper_in.as_deref(), package.mapper_in, Direction::Incoming)?;
    let mapper_out =
        mapper(config, settings.common.mapper_out.as_deref(), package.mapper_out, Direction::Outgoing)?;
    let connection = connection(config, settings)?;
    let connector = HttpConnector::connect(package.manifest, &parameters, &connection, Arc::new(SystemClock))
        .map_err(|error| {
            config.complain(&settings.place, format!("instance `{}`: {error}", settings.name))
        })?;
    Ok(Instance {
        name: settings.name.as_str().into(),
        connector: Box::new(connector),
        mapper_in,
        mapper_out,
        switches: settings.common.switches,
    })
}

/// Whether the settings fit their integration, without reading any secret.
///
/// # Errors
/// The first setting that does not.
pub(crate) fn check(config: &Config, settings: &InstanceSettings) -> anyhow::Result<()> {
    let manifest = package(config, settings)?.manifest;
    refuse_unknown(config, settings, &manifest)?;
    for (name, parameter) in &manifest.parameters {
        let is_secret = matches!(parameter.r#type, ParameterType::Secret | ParameterType::Basic);
        match settings.parameters.get(name) {
            None if parameter.required => return Err(missing(config, settings, name, parameter).into()),
            Some(given) if !is_secret => {
                drop(parameter_value(config, settings, name, parameter, &given.value)?);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The integration that the settings name.
pub(crate) fn package(config: &Config, settings: &InstanceSettings) -> anyhow::Result<Package> {
    match config.catalogue.open(&settings.integration) {
        Ok(package) => Ok(package),
        Err(provost_connectors::CatalogueError::Unknown { name, hint }) => {
            let complaint = config.complain(&settings.place, format!("there is no integration `{name}`"));
            Err(complaint.with_optional_hint(hint).into())
        }
        Err(provost_connectors::CatalogueError::Manifest(diagnostic)) => Err(diagnostic.into()),
        Err(other) => Err(other.into()),
    }
}

/// The parameters, each checked against the manifest, secrets resolved.
fn parameters(
    config: &Config,
    settings: &InstanceSettings,
    manifest: &Manifest,
) -> anyhow::Result<Parameters> {
    refuse_unknown(config, settings, manifest)?;
    let mut parameters = Parameters::default();
    for (name, parameter) in &manifest.parameters {
        let given = settings.parameters.get(name);
        let value = match (given, &parameter.default) {
            (Some(given), _) => parameter_value(config, settings, name, parameter, &given.value)?,
            (None, Some(default)) => ParameterValue::Plain(default.clone()),
            (None, None) if parameter.required => {
                return Err(missing(config, settings, name, parameter).into());
            }
            (None, None) => continue,
        };
        parameters.0.insert(name.clone(), value);
    }
    Ok(parameters)
}

fn refuse_unknown(config: &Config, settings: &InstanceSettings, manifest: &Manifest) -> anyhow::Result<()> {
    let stranger = settings.parameters.iter().find(|(name, _)| !manifest.parameters.contains_key(*name));
    let Some((name, given)) = stranger else { return Ok(()) };
    let known = manifest.parameters.keys().map(String::as_str).chain(COMMON_SETTINGS);
    let complaint =
        config.complain(&given.key, format!("`{}` has no setting `{name}`", settings.integration));
    Err(complaint.with_optional_hint(did_you_mean(name, known)).into())
}

fn missing(config: &Config, settings: &InstanceSettings, name: &str, parameter: &Parameter) -> Diagnostic {
    let message = format!("the instance `{}` needs `{name}`: {}", settings.name, parameter.help);
    let example = match parameter.r#type {
        ParameterType::Basic => format!("{name}: {{username: ..., password: env:...}}"),
        ParameterType::Secret => format!("{name}: env:..."),
        _ => format!("{name}: {}", parameter.example),
    };
    config.complain(&settings.place, message).with_hint(format!("add `{example}`"))
}

fn parameter_value(
    config: &Config,
    settings: &InstanceSettings,
    name: &str,
    parameter: &Parameter,
    given: &Located<Value>,
) -> anyhow::Result<ParameterValue> {
    let wrong = |wanted: &str| config.complain(given, format!("`{name}` must be {wanted}"));
    let value = &given.value;
    Ok(match parameter.r#type {
        ParameterType::Secret => {
            let text = value.as_str().ok_or_else(|| wrong("a text, such as env:NAME"))?;
            ParameterValue::Secret(secret(config, settings, given, name, text)?)
        }
        ParameterType::Basic => {
            let member = |member: &str| {
                value[member].as_str().ok_or_else(|| wrong("`{username: ..., password: ...}`"))
            };
            let password = secret(config, settings, given, &format!("{name}.password"), member("password")?)?;
            ParameterValue::Basic { username: member("username")?.to_owned(), password }
        }
        plain => ParameterValue::Plain(plain_value(plain, value).map_err(wrong)?),
    })
}

/// A value that is no secret; the error says what kind it must be.
fn plain_value(kind: ParameterType, value: &Value) -> Result<Value, &'static str> {
    let text = || value.as_str().map(str::trim).filter(|text| !text.is_empty());
    let is_address = |text: &&str| text.starts_with("https://") || text.starts_with("http://");
    match kind {
        ParameterType::Url if text().is_some_and(|text| user_in_address(text).is_some()) => {
            Err("an address without a user name in it; the credentials have a setting of their own")
        }
        ParameterType::Url => text()
            .filter(is_address)
            .map(Value::from)
            .ok_or("an address that begins with `https://` or `http://`"),
        ParameterType::Boolean => value.as_bool().map(Value::from).ok_or("`true` or `false`"),
        ParameterType::Number => Some(value.clone()).filter(Value::is_number).ok_or("a number"),
        _ => text().map(Value::from).ok_or("a text"),
    }
}

/// The part of an address before its host, which could hold a password.
pub(crate) fn user_in_address(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit_once('@').map(|(user, _)| user)
}

/// The secret that a reference names. A plain one works, and is complained of.
fn secret(
    config: &Config,
    settings: &InstanceSettings,
    given: &Located<Value>,
    label: &str,
    text: &str,
) -> anyhow::Result<Secret> {
    let at_fault = |problem: Hinted| {
        let message = format!("instance `{}`: {problem}", settings.name);
        config.complain(given, message).with_optional_hint(problem.hints().first().cloned())
    };
    let reference = Reference::parse(text).map_err(at_fault)?;
    if matches!(reference, Reference::Plain(_)) {
        output::warn(&format!(
            "`{label}` of `{}` is a secret in plain text; write env:NAME, file:PATH or command:LINE",
            settings.name
        ));
    }
    let resolver = Resolver { folder: config.folder(), limit: settings.common.timeout };
    Ok(resolver.resolve(&reference).map_err(at_fault)?)
}

fn connection(config: &Config, settings: &InstanceSettings) -> anyhow::Result<Settings> {
    let common = &settings.common;
    let read = |file: &PathBuf| {
        let file = config.folder().join(file);
        std::fs::read(&file).with_context(|| {
            format!("instance `{}`: could not read `ca-file` `{}`", settings.name, file.display())
        })
    };
    let authorities = common.ca_file.as_ref().map(read).transpose()?;
    Ok(Settings {
        timeout: common.timeout,
        insecure: common.insecure,
        proxy: common.proxy.clone(),
        authorities,
    })
}

/// The mapper that the setting names, or the integration's own.
fn mapper(
    config: &Config,
    named: Option<&str>,
    own: Option<MapperFile>,
    direction: Direction,
) -> anyhow::Result<Option<Mapper>> {
    let file = match named {
        None => own,
        Some(NO_MAPPER) => None,
        Some(name) => Some(mapper_file(config, name, own)?),
    };
    let Some((file, text)) = file else { return Ok(None) };
    let mapper = Mapper::load(&file, &text)?;
    if mapper.direction != direction {
        let message = format!(
            "`{}` maps the other way; `mapper-in` wants an incoming mapper, `mapper-out` an outgoing one",
            mapper.name
        );
        return Err(Diagnostic::about(&file, message).into());
    }
    Ok(Some(mapper))
}

/// The file of a mapper: by its path, or by the name of one that an integration ships.
fn mapper_file(config: &Config, name: &str, own: Option<MapperFile>) -> anyhow::Result<MapperFile> {
    if is_file_name(name) {
        let file = config.folder().join(name);
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("could not read the mapper `{}`", file.display()))?;
        return Ok((file, text));
    }
    if let Some(own) = own.filter(|(_, text)| provost_connectors::names_mapper(text, name)) {
        return Ok(own);
    }
    let unknown = || {
        Hinted::new(format!("there is no mapper named `{name}`"))
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
