//! Which instances a command goes to.

use provost_core::{Accounts, Brand, Verb};
use provost_engine::Instance;

use crate::args::Selection;
use crate::compose;
use crate::config::{Config, InstanceSettings};
use crate::output::Hinted;

/// The chosen instances: those that could be connected, and those that could not.
pub(crate) struct Chosen {
    pub(crate) ready: Vec<Instance>,
    pub(crate) broken: Vec<Broken>,
}

/// An instance whose settings cannot work.
pub(crate) struct Broken {
    pub(crate) name: String,
    pub(crate) brand: Brand,
    pub(crate) error: anyhow::Error,
}

impl Chosen {
    pub(crate) fn len(&self) -> usize {
        self.ready.len() + self.broken.len()
    }
}

/// The named instances or, without names, every enabled one that has the verb. One that
/// cannot be connected spoils only itself, unless it is the only one.
///
/// # Errors
/// No configuration, unknown names, nobody left to ask.
pub(crate) fn choose(config: &Config, selection: &Selection, verb: Option<Verb>) -> anyhow::Result<Chosen> {
    let mut chosen = Chosen { ready: Vec::new(), broken: Vec::new() };
    for settings in candidates(config, selection)? {
        match compose::connect(config, &settings) {
            Ok(instance) if is_wanted(&instance, selection, verb) => chosen.ready.push(instance),
            Ok(_) => {}
            Err(error) => {
                let package = compose::package(config, &settings);
                let brand = package
                    .map_or_else(|_| settings.integration.as_str().into(), |found| found.manifest.brand);
                chosen.broken.push(Broken { name: settings.name, brand, error });
            }
        }
    }
    if chosen.ready.is_empty()
        && chosen.broken.len() == 1
        && let Some(only) = chosen.broken.pop()
    {
        return Err(only.error);
    }
    if chosen.len() == 0 {
        let what = verb.map_or("be asked this".to_owned(), |verb| format!("run {}", verb.command()));
        return Err(Hinted::new(format!("no enabled instance in {} can {what}", config.file.display()))
            .hint("`provost instance list` shows what is configured")
            .into());
    }
    Ok(chosen)
}

fn candidates(config: &Config, selection: &Selection) -> anyhow::Result<Vec<InstanceSettings>> {
    if selection.using.is_empty() {
        let all: Result<Vec<_>, _> = config.names().map(|name| config.instance(name)).collect();
        return Ok(all?.into_iter().filter(|settings| settings.common.enabled).collect());
    }
    let mut named: Vec<InstanceSettings> = Vec::new();
    for name in &selection.using {
        let settings = config.instance(name.trim())?;
        if !settings.common.enabled {
            return Err(Hinted::new(format!("the instance `{}` is switched off", settings.name))
                .hint("its setting `enabled` is false")
                .into());
        }
        // Named twice, it is asked once: two creates side by side could make two accounts.
        if !named.iter().any(|known| known.name == settings.name) {
            named.push(settings);
        }
    }
    Ok(named)
}

fn is_wanted(instance: &Instance, selection: &Selection, verb: Option<Verb>) -> bool {
    let brand = instance.connector.brand().as_str();
    let brands = &selection.using_brand;
    let has_brand =
        brands.is_empty() || brands.iter().any(|wanted| wanted.trim().eq_ignore_ascii_case(brand));
    let verbs = instance.connector.accounts().map(Accounts::verbs).unwrap_or_default();
    has_brand && (!selection.using.is_empty() || verb.is_none_or(|verb| verbs.contains(verb)))
}
