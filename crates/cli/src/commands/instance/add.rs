//! `provost instance add`: from options and answers to an instance in the file.

use std::process::ExitCode;

use anyhow::bail;
use indexmap::IndexMap;
use provost_connectors::{COMMON_SETTINGS, Catalogue, CatalogueError, Manifest, ParameterType};
use provost_core::{dashed, did_you_mean};

use super::ask;
use super::block::{block, is_word};
use crate::args::{AddArgs, Global};
use crate::compose;
use crate::config::{self, Config};
use crate::output::{self, Hinted};

/// Settings by name; those of an object by `name.member`.
pub(super) type Settings = IndexMap<String, String>;

pub(super) fn run(global: &Global, arguments: AddArgs) -> anyhow::Result<ExitCode> {
    let file = compose::file_to_edit(global.config.as_deref())?;
    let name = &arguments.name;
    let config = Config::read_to_edit(file.clone())?;
    check_name(name)?;
    config.refuse_known(name)?;
    let integration = match arguments.integration {
        Some(integration) => integration,
        None => ask::integration(&config.catalogue)?,
    };
    let manifest = manifest(&config.catalogue, &integration)?;
    let mut settings = given(&arguments.settings)?;
    settings.keys().try_for_each(|key| refuse_unknown(&integration, &manifest, key))?;
    ask::missing(name, &manifest, &mut settings)?;
    let block = block(&integration, &manifest, &settings);
    let plain = config::add(&file, name, &block, |config| checked(config, name))?;
    for label in plain {
        compose::warn_of_plain(name, &label);
    }
    output::say(&format!("`{name}` is configured in {}.", file.display()));
    output::tell(&format!("Next: provost instance test {name}"));
    Ok(ExitCode::SUCCESS)
}

/// Checks the instance as the file would have it. The complaint names no place: the file
/// is not written yet.
fn checked(config: &Config, name: &str) -> anyhow::Result<Vec<String>> {
    let checked = config.instance(name).and_then(|settings| compose::check(config, &settings));
    checked.map_err(|error| {
        let (message, hints) = output::in_words(&error);
        hints.into_iter().fold(Hinted::new(message), Hinted::hint).into()
    })
}

fn manifest(catalogue: &Catalogue, integration: &str) -> anyhow::Result<Manifest> {
    match catalogue.open(integration) {
        Ok(package) => Ok(package.manifest),
        Err(CatalogueError::Unknown { hint, .. }) => {
            let problem = Hinted::new(format!("there is no integration `{integration}`"));
            Err(hint.into_iter().fold(problem, Hinted::hint).into())
        }
        Err(other) => Err(other.into()),
    }
}

/// A name must be a word to YAML, and not an option to a shell.
fn check_name(name: &str) -> anyhow::Result<()> {
    if !is_word(name) || name.contains('/') {
        let problem = Hinted::new(format!("`{}` is no name for an instance", name.escape_debug()));
        return Err(problem
            .hint("use letters, digits, dashes and points; numbers and words such as `no` and `null` are no names")
            .into());
    }
    Ok(())
}

/// The settings that are given as options.
fn given(settings: &[String]) -> anyhow::Result<Settings> {
    let mut given = Settings::new();
    for setting in settings {
        let Some((name, value)) = setting.split_once('=') else {
            let problem = Hinted::new(format!("`--set {setting}` has no value"));
            return Err(problem.hint("write --set name=value").into());
        };
        let name = dashed(name.trim());
        if value.contains(['\n', '\r']) {
            bail!("the value of `{}` has a line break in it", name.escape_debug());
        }
        given.insert(name, value.to_owned());
    }
    Ok(given)
}

/// Refuses a name that the integration has no setting for, in words that fit how it is
/// written: `credentials.username` is a member, `url` is not.
fn refuse_unknown(integration: &str, manifest: &Manifest, key: &str) -> Result<(), Hinted> {
    let (name, member) = key.split_once('.').map_or((key, None), |(name, member)| (name, Some(member)));
    let kind = manifest.parameters.get(name).map(|parameter| parameter.r#type);
    let is_known = kind.is_some() || COMMON_SETTINGS.contains(&name);
    match (kind, member) {
        _ if name == "integration" => {
            Err(Hinted::new("the integration is no setting").hint("use --integration NAME"))
        }
        _ if !is_known => {
            let problem = Hinted::new(format!("`{integration}` has no setting `{}`", name.escape_debug()));
            Err(compose::meant(manifest, name).into_iter().fold(problem, Hinted::hint))
        }
        (Some(ParameterType::Basic), None) => {
            Err(Hinted::new(format!("`{name}` has two members, a user name and a password"))
                .hint(format!("use --set {name}.username=... --set {name}.password=env:...")))
        }
        (Some(ParameterType::Basic), Some(member)) if compose::BASIC.contains(&member) => Ok(()),
        (Some(ParameterType::Basic), Some(member)) => {
            let problem = Hinted::new(format!("`{name}` has no member `{}`", member.escape_debug()));
            Err(did_you_mean(member, compose::BASIC).into_iter().fold(problem, Hinted::hint))
        }
        (_, Some(_)) => {
            Err(Hinted::new(format!("`{name}` has no members")).hint(format!("use --set {name}=...")))
        }
        (_, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for name in ["app", "okta-prod", "a.b", "crm_2", "2fast"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in
            ["null", "~", "true", "False", "123", "1.5", "1e3", ".", "-", "-x", "a/b", "a\nb", "a b", ""]
        {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
