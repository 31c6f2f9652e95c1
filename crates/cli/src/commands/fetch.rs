//! `fetch-incidents`: what happened in a system since the last run, as JSON lines.
//!
//! The state is written when everything is printed, and not before: a run that is killed
//! between is repeated, so that an event may come twice but never not at all.

use std::path::Path;
use std::process::ExitCode;

use provost_connectors::Package;
use provost_core::{Attributes, Entry, Fault, FaultKind, Profile, Trace};
use provost_engine::{FetchCommand, Fetched, Instance, LastRun, People, fetch, guarded};
use serde_json::{Value, json};

use super::asking::{self, End, INTERRUPTED};
use super::selection::{self, Candidate};
use super::vendor::store;
use crate::args::{FetchArgs, Format, Global};
use crate::config::{Config, Kept};
use crate::output::{self, Hinted};

const COMMAND: &str = "fetch-incidents";
/// The file of an instance's state.
const STATE: &str = "last-run.json";

/// Runs once at one instance.
pub(crate) async fn run(global: &Global, arguments: &FetchArgs) -> anyhow::Result<ExitCode> {
    let config = Config::open(global.config.as_deref())?;
    let can = |package: &Package| package.manifest.has_events();
    let chosen = selection::choose_where(&config, &arguments.selection.clone().into(), COMMAND, &can)?;
    let name = only(&chosen)?.to_owned();
    let folder = config.folder().to_owned();
    let kept = match &arguments.state {
        Some(file) => Kept::at(file),
        None => Kept::of_instance(&folder, &name, STATE),
    };
    let command = command(&config, arguments)?;
    let _lock = kept.lock()?;
    let last: LastRun = kept.read()?;
    let ask = async |instance: &Instance| {
        let trace = Trace::default();
        (ask(instance, &trace, &command, &folder, last.clone()).await, trace)
    };
    let mut ended = Err(Fault::new(FaultKind::AnswerLost, INTERRUPTED));
    asking::ask_all(config, chosen, global.output == Format::Table, ask, |who, end| match end {
        End::Answered((fetched, trace)) => {
            if global.verbose {
                output::tell_steps(&who.name, &trace.steps());
            }
            ended = fetched;
        }
        End::Broken(error) => ended = Err(asking::unable(&error)),
        End::Interrupted => {}
    })
    .await?;
    match ended {
        Ok(fetched) => hand_out(global.output, arguments.bare, &name, &kept, &fetched),
        Err(fault) => Ok(failed(global.output, &name, &fault)),
    }
}

fn command(config: &Config, arguments: &FetchArgs) -> anyhow::Result<FetchCommand> {
    let people = arguments.profiles.as_deref().map(|file| people(config, file)).transpose()?;
    Ok(FetchCommand { first: arguments.first_fetch.clone(), most: arguments.max_fetch, people })
}

async fn ask(
    instance: &Instance,
    trace: &Trace,
    command: &FetchCommand,
    folder: &Path,
    last: LastRun,
) -> Result<Fetched, Fault> {
    let stored: Attributes = store(folder, instance).read().map_err(|error| asking::unable(&error))?;
    guarded(fetch(instance, trace, command, &stored, last)).await
}

/// The only instance: a state is that of one.
fn only(chosen: &[Candidate]) -> Result<&str, Hinted> {
    match chosen {
        [only] => Ok(&only.name),
        several => {
            let names: Vec<&str> = several.iter().map(|candidate| candidate.name.as_str()).collect();
            Err(Hinted::new(format!("{COMMAND} takes one instance, but there are {}", names.join(", ")))
                .hint(format!("for example --using {}", names[0])))
        }
    }
}

/// The profiles of a file, one on each line.
fn people(config: &Config, file: &Path) -> anyhow::Result<People> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Hinted::new(format!("could not read the profiles `{}`: {error}", file.display())))?;
    let mut people = People::default();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{}:{}", file.display(), number + 1);
        let profile = Profile::parse(line).map_err(|error| Hinted::new(format!("{place}: {error}")))?;
        if !people.add(&profile.with_schema(std::sync::Arc::clone(&config.schema))) {
            return Err(Hinted::new(format!("{place}: the profile has no `email`"))
                .hint("people are known by their mail addresses")
                .into());
        }
    }
    Ok(people)
}

/// Prints the incidents and, when all of them were written, keeps the state.
fn hand_out(
    format: Format,
    is_bare: bool,
    instance: &str,
    kept: &Kept,
    fetched: &Fetched,
) -> anyhow::Result<ExitCode> {
    let incidents: Vec<Value> = fetched.incidents.iter().map(|incident| shown(incident, is_bare)).collect();
    match format {
        Format::Json => output::say(&format!("{:#}", Value::Array(incidents))),
        Format::Entry => output::say(&format!("{:#}", json!(Entry::note(Value::Array(incidents))))),
        Format::Table | Format::Jsonl | Format::Markdown => {
            for incident in &incidents {
                output::say(&incident.to_string());
            }
        }
    }
    if fetched.is_stopped {
        output::warn(&format!(
            "{instance}: the system wants to be left alone; the next run goes on from here"
        ));
    }
    if !output::is_heard() {
        output::complain(instance, "not everything could be written; the next run hands it out again");
        return Ok(ExitCode::FAILURE);
    }
    kept.write(&fetched.last_run)?;
    Ok(ExitCode::SUCCESS)
}

/// An incident, or the event in it.
fn shown(incident: &Value, is_bare: bool) -> Value {
    let event = || serde_json::from_str(incident.get("rawJSON")?.as_str()?).ok();
    if is_bare { event().unwrap_or_else(|| incident.clone()) } else { incident.clone() }
}

fn failed(format: Format, instance: &str, fault: &Fault) -> ExitCode {
    if format == Format::Entry {
        let text = format!("Failed to execute {COMMAND} command. Error: {}", fault.message);
        output::say(&format!("{:#}", json!(Entry::error(&text))));
    }
    let code = fault.code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
    output::complain(instance, &format!("{code}{}", fault.message));
    fault.hints.iter().for_each(|hint| output::hint(hint));
    ExitCode::FAILURE
}
