//! The commands that only some kinds of systems have: which there are, and running one.

use std::path::Path;
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};
use indexmap::IndexMap;
use provost_connectors::{ArgumentType, Catalogue};
use provost_core::{Attributes, Fault, VendorAnswer, VendorCall};
use provost_engine::{Conditions, Instance, guarded, run_vendor};

use super::asking::{self, End};
use super::{input, remote, selection};
use crate::args::{Format, Global, Selection, VendorArgs};
use crate::config::{Config, Kept};
use crate::output::{Answered, Results};

/// The file of an instance's store.
const STORE: &str = "store.json";

/// The commands that integrations add.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) commands: Vec<VendorArgs>,
    /// Why there may be more: the first thing that could not be read.
    pub(crate) flaw: Option<anyhow::Error>,
}

/// Every such command of the integrations that the configuration knows.
pub(crate) fn known(named: Option<&Path>) -> Known {
    let file = named.map(Path::to_owned).or_else(|| crate::config::find().ok().flatten());
    let (catalogue, mut flaw) = match file.map(Config::read).transpose() {
        Ok(config) => (config.map_or_else(Catalogue::default, |config| config.catalogue), None),
        Err(error) => (Catalogue::default(), Some(error)),
    };
    let mut known: IndexMap<String, VendorArgs> = IndexMap::new();
    for name in catalogue.names() {
        let commands = match catalogue.open(&name) {
            Ok(package) => package.manifest.commands,
            Err(error) => {
                flaw = flaw.or(Some(error.into()));
                continue;
            }
        };
        for (name, command) in commands {
            let (about, arguments) = (command.about, command.arguments);
            known.entry(name.clone()).or_insert(VendorArgs { name, about, arguments });
        }
    }
    Known { commands: known.into_values().collect(), flaw }
}

/// Runs one at the chosen instances.
pub(crate) async fn run(command: &VendorArgs, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let global = Global::from_arg_matches(matches)?;
    let selection = Selection::from_arg_matches(matches)?;
    let mut arguments = Attributes::new();
    for (name, text, kind) in command.given(matches) {
        let text = if kind == ArgumentType::List { input::read(text, name)? } else { text.to_owned() };
        arguments.insert(name.to_owned(), text.into());
    }
    if let Some(server) = global.remote.server() {
        return remote::vendor(&global, server, &command.name, arguments, &selection).await;
    }
    let selection = selection.into();
    let config = Config::open(global.config.as_deref())?;
    let folder = config.folder().to_owned();
    let name = command.name.as_str();
    let chosen = selection::choose_where(&config, &selection, name, &|package| {
        package.manifest.commands.contains_key(name)
    })?;
    let mut results = Results::new(&global, chosen.len());
    let ask = async |instance: &Instance| {
        let conditions = Conditions::default();
        let asked = ask(instance, &conditions, &folder, name, &arguments);
        (guarded(asked).await, conditions.trace)
    };
    asking::ask_all(config, chosen, global.output == Format::Table, ask, |who, end| {
        let answered = match end {
            End::Answered((Ok(answer), trace)) => {
                Answered { hints: answer.hints, ..Answered::of(answer.result, trace.steps()) }
            }
            End::Answered((Err(fault), trace)) => Answered::failed(name, &who.name, &fault, trace.steps()),
            End::Broken(error) => Answered::failed(name, &who.name, &asking::unable(&error), Vec::new()),
            End::Interrupted => Answered::failed(name, &who.name, &asking::interrupted(), Vec::new()),
        };
        results.take(who.place, &who.name, answered);
    })
    .await?;
    Ok(results.finish())
}

/// Asks one instance, with what it keeps.
async fn ask(
    instance: &Instance,
    conditions: &Conditions,
    folder: &Path,
    name: &str,
    arguments: &Attributes,
) -> Result<VendorAnswer, Fault> {
    let kept = store(folder, instance);
    let stored: Attributes = kept.read().map_err(|error| asking::unable(&error))?;
    let answer = run_vendor(instance, &VendorCall { name, arguments, stored: &stored }, conditions).await?;
    if let Some(store) = &answer.store {
        let written = kept.lock().and_then(|_lock| kept.write(store));
        written.map_err(|error| asking::unable(&error))?;
    }
    Ok(answer)
}

/// What an instance keeps for its commands.
pub(super) fn store(folder: &Path, instance: &Instance) -> Kept {
    Kept::of_instance(folder, instance.name.as_str(), STORE)
}
