//! Which instances a command goes to.

use provost_connectors::Package;
use provost_core::{Brand, GroupVerb, Selection, Verb, did_you_mean, parse_active};
use serde_json::Value;

use crate::compose;
use crate::config::{Config, InstanceSettings};
use crate::output::Hinted;

/// A chosen instance, not connected yet: its settings may be wrong, which spoils only
/// itself.
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) brand: Brand,
    pub(crate) opened: anyhow::Result<(InstanceSettings, Package)>,
}

/// The named instances or, without names, every enabled one that has the verb. No secret
/// is read.
///
/// # Errors
/// Unknown names and brands, nobody left to ask.
pub(crate) fn choose(
    config: &Config,
    selection: &Selection,
    command: &str,
    verb: Option<Verb>,
) -> anyhow::Result<Vec<Candidate>> {
    let can = |package: &Package| verb.is_none_or(|verb| package.manifest.verbs().contains(verb));
    choose_where(config, selection, command, &can)
}

/// The same for a command about groups.
///
/// # Errors
/// As for [`choose`].
pub(crate) fn choose_for_groups(
    config: &Config,
    selection: &Selection,
    command: &str,
    verb: GroupVerb,
) -> anyhow::Result<Vec<Candidate>> {
    choose_where(config, selection, command, &|package| package.manifest.has_groups(verb))
}

/// The same for a list of everybody.
///
/// # Errors
/// As for [`choose`].
pub(crate) fn choose_for_lists(config: &Config, selection: &Selection) -> anyhow::Result<Vec<Candidate>> {
    choose_where(config, selection, "iam-list-users", &|package| package.manifest.can_list())
}

/// The same for what only some integrations have.
///
/// # Errors
/// As for [`choose`].
pub(crate) fn choose_where(
    config: &Config,
    selection: &Selection,
    command: &str,
    can: &dyn Fn(&Package) -> bool,
) -> anyhow::Result<Vec<Candidate>> {
    refuse_unknown_brands(config, selection)?;
    let names = names(config, selection)?;
    let candidates: Vec<Candidate> =
        names.into_iter().filter_map(|name| candidate(config, selection, can, name)).collect();
    if candidates.is_empty() {
        return Err(nobody(config, command).into());
    }
    Ok(candidates)
}

/// Why a command goes nowhere.
pub(crate) fn nobody(config: &Config, command: &str) -> Hinted {
    Hinted::new(format!("no enabled instance in {} can run {command}", config.file.display()))
        .hint("`provost instance list` shows what is configured")
}

/// An instance, unless it is not meant. What is wrong with one that is switched off is
/// nobody's business now.
fn candidate(
    config: &Config,
    selection: &Selection,
    can: &dyn Fn(&Package) -> bool,
    name: String,
) -> Option<Candidate> {
    if is_off(config, &name) {
        return None;
    }
    let opened = open(config, &name);
    if let Ok((_, package)) = &opened {
        let is_named = !selection.using.is_empty();
        if !has_brand(&package.manifest.brand, &selection.using_brand) || (!is_named && !can(package)) {
            return None;
        }
    }
    let brand = match &opened {
        Ok((_, package)) => package.manifest.brand.clone(),
        Err(_) => shown_brand(config, &name),
    };
    Some(Candidate { name, brand, opened })
}

fn open(config: &Config, name: &str) -> anyhow::Result<(InstanceSettings, Package)> {
    let settings = config.instance(name)?;
    let package = compose::package(config, &settings)?;
    Ok((settings, package))
}

/// Whether an instance is switched off, also where its other settings cannot be read.
pub(crate) fn is_off(config: &Config, name: &str) -> bool {
    config.setting(name, "enabled").and_then(parse_active) == Some(false)
}

/// The brand of an instance whatever else is wrong with it; `None` if its integration
/// cannot be read either.
fn brand(config: &Config, name: &str) -> Option<Brand> {
    let integration = config.setting(name, "integration")?.as_str()?;
    config.catalogue.open(integration).ok().map(|package| package.manifest.brand)
}

/// What stands for the brand in the record of an instance that cannot be asked.
pub(crate) fn shown_brand(config: &Config, name: &str) -> Brand {
    let integration = || config.setting(name, "integration").and_then(Value::as_str);
    brand(config, name).unwrap_or_else(|| integration().unwrap_or(name).into())
}

/// The names of all instances, or those that were asked for. One that is named twice is
/// asked once: two creates side by side could make two accounts.
fn names(config: &Config, selection: &Selection) -> anyhow::Result<Vec<String>> {
    if selection.using.is_empty() {
        return Ok(config.names().map(str::to_owned).collect());
    }
    let mut names: Vec<String> = Vec::new();
    for name in &selection.using {
        let name = config.known(name.trim())?;
        if is_off(config, name) {
            let problem = Hinted::new(format!("the instance `{name}` is switched off"));
            return Err(problem.hint("its setting `enabled` is false").into());
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// A brand that no instance has is a mistake, unless it may be that of an instance whose
/// integration cannot be read.
fn refuse_unknown_brands(config: &Config, selection: &Selection) -> Result<(), Hinted> {
    if selection.using_brand.is_empty() {
        return Ok(());
    }
    let brands = config.names().map(|name| (name, brand(config, name)));
    let counted = brands.filter(|(name, brand)| brand.is_some() || !is_off(config, name));
    let Some(mut brands) = counted.map(|(_, brand)| brand).collect::<Option<Vec<_>>>() else {
        return Ok(());
    };
    brands.sort();
    brands.dedup();
    let is_unknown = |wanted: &&String| !brands.iter().any(|brand| is_called(brand, wanted));
    let Some(wanted) = selection.using_brand.iter().find(is_unknown) else { return Ok(()) };
    let problem = Hinted::new(format!("no instance in {} is of the brand `{wanted}`", config.file.display()));
    let known = did_you_mean(wanted, brands.iter().map(Brand::as_str));
    Err(known
        .into_iter()
        .fold(problem, Hinted::hint)
        .hint("`provost instance list` shows what is configured"))
}

fn has_brand(brand: &Brand, wanted: &[String]) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| is_called(brand, wanted))
}

fn is_called(brand: &Brand, wanted: &str) -> bool {
    wanted.trim().eq_ignore_ascii_case(brand.as_str())
}
