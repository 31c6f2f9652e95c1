//! Which instances a command goes to.

use provost_connectors::Manifest;
use provost_core::{Brand, Verb};
use provost_engine::Instance;

use crate::args::Selection;
use crate::compose;
use crate::config::Config;
use crate::output::Hinted;

/// The chosen instances, each with its place among them: those that could be connected,
/// and those that could not.
#[derive(Default)]
pub(crate) struct Chosen {
    pub(crate) ready: Vec<Instance>,
    /// The places of those that are ready.
    pub(crate) places: Vec<usize>,
    pub(crate) broken: Vec<Broken>,
}

/// An instance whose settings cannot work.
pub(crate) struct Broken {
    pub(crate) place: usize,
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
/// cannot work spoils only itself, unless it is the only one. Secrets are read of those
/// only that are asked.
///
/// # Errors
/// No configuration, unknown names, nobody left to ask.
pub(crate) fn choose(config: &Config, selection: &Selection, verb: Option<Verb>) -> anyhow::Result<Chosen> {
    let mut chosen = Chosen::default();
    for (place, name) in names(config, selection)?.into_iter().enumerate() {
        let mut brand = Brand::from(name.as_str());
        match open(config, selection, verb, &name, &mut brand) {
            Ok(Some(instance)) => {
                chosen.ready.push(instance);
                chosen.places.push(place);
            }
            Ok(None) => {}
            Err(error) => chosen.broken.push(Broken { place, name, brand, error }),
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

/// Connects an instance; `None` for one that is not meant. The brand is set as soon as it
/// is known.
fn open(
    config: &Config,
    selection: &Selection,
    verb: Option<Verb>,
    name: &str,
    brand: &mut Brand,
) -> anyhow::Result<Option<Instance>> {
    let settings = config.instance(name)?;
    if !settings.common.enabled {
        return Ok(None);
    }
    let is_named = !selection.using.is_empty();
    let package = compose::package(config, &settings)?;
    brand.clone_from(&package.manifest.brand);
    if !has_brand(&package.manifest, &selection.using_brand) {
        return Ok(None);
    }
    if !is_named && verb.is_some_and(|verb| !package.manifest.verbs().contains(verb)) {
        return Ok(None);
    }
    compose::connect(config, &settings, package).map(Some)
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
        if config.instance(name).is_ok_and(|settings| !settings.common.enabled) {
            let problem = Hinted::new(format!("the instance `{name}` is switched off"));
            return Err(problem.hint("its setting `enabled` is false").into());
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn has_brand(manifest: &Manifest, brands: &[String]) -> bool {
    let brand = manifest.brand.as_str();
    brands.is_empty() || brands.iter().any(|wanted| wanted.trim().eq_ignore_ascii_case(brand))
}
