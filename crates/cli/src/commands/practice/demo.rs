//! The main job, from nothing, as a person would read it. What does not go as written ends
//! the demo as a failure.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::ValueEnum as _;
use provost_core::{Profile, UserCommand, Verb};
use provost_engine::{Instance, Outcome};
use provost_lab::Faults;
use serde_json::{Value, json};

use super::systems::{System, Wanted, start};
use super::{configure, new_secret, stop};
use crate::args::{Format, Global, RemoteArgs};
use crate::compose;
use crate::config::{Config, FILE_NAME};
use crate::output::{self, Records, STRONG, styled};

/// A command of the demo, and how it must end at every system.
struct Scene {
    title: &'static str,
    verb: Verb,
    profile: Value,
    ends: &'static str,
}

/// Plays everything.
pub(crate) async fn demo() -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("could not make a folder for the demo")?;
    let systems = System::value_variants().to_vec();
    let wanted =
        Wanted { systems, port: 0, secret: new_secret(), faults: Faults::default(), people: 3, limit: None };
    let emulators = start(&wanted).await?;
    configure(folder.path(), &wanted.secret, &emulators)?;
    let config = Config::read(folder.path().join(FILE_NAME))?;
    let instances = wanted.systems.iter().map(|system| connect(&config, *system));
    let instances = instances.collect::<anyhow::Result<Vec<Instance>>>()?;
    output::say(
        "One person, four systems, the same few commands. The systems are emulated on this machine.\n",
    );
    for scene in everywhere() {
        play(&instances, scene).await?;
    }
    output::say("What one system sees more of, Hello IAM World:\n");
    for scene in closer() {
        play(&instances[..1], scene).await?;
    }
    stop(emulators).await;
    fault(&instances[..1]).await?;
    output::say("\nNext: `provost lab --dir try` keeps such systems running for you to practise against.");
    Ok(ExitCode::SUCCESS)
}

fn connect(config: &Config, system: System) -> anyhow::Result<Instance> {
    let settings = config.instance(system.instance())?;
    compose::connect(config, &settings, compose::package(config, &settings)?, compose::PATIENCE)
}

fn ann() -> Value {
    json!({"email": "ann@example.com"})
}

/// What is shown at all systems.
fn everywhere() -> Vec<Scene> {
    let scene = |title, verb, profile, ends| Scene { title, verb, profile, ends };
    let joins = json!({
        "email": "ann@example.com",
        "username": "ann@example.com",
        "givenname": "Ann",
        "surname": "Example",
        "title": "Sales",
    });
    vec![
        scene("She joins: accounts are made.", Verb::Create, joins, "create"),
        scene("Who is she there?", Verb::Get, ann(), "get"),
        scene("She leaves: the accounts are disabled, nothing is deleted.", Verb::Disable, ann(), "disable"),
        scene("Twice does no harm, and says why.", Verb::Disable, ann(), "skip"),
    ]
}

/// What is shown at one of them.
fn closer() -> Vec<Scene> {
    let scene = |title, verb, profile, ends| Scene { title, verb, profile, ends };
    let titled = |title| json!({"email": "ann@example.com", "title": title});
    vec![
        scene(
            "She returns: the update enables the account again.",
            Verb::Update,
            titled("Head of Sales"),
            "update",
        ),
        scene(
            "Creating somebody who is there updates the account instead.",
            Verb::Create,
            titled("Head of Marketing"),
            "update",
        ),
        scene(
            "What is there already is not written again.",
            Verb::Update,
            titled("Head of Marketing"),
            "skip",
        ),
        scene(
            "Somebody unknown is not disabled by accident.",
            Verb::Disable,
            json!({"email": "nobody@example.com"}),
            "skip",
        ),
    ]
}

async fn play(instances: &[Instance], scene: Scene) -> anyhow::Result<()> {
    for outcome in show(instances, scene.title, scene.verb, scene.profile).await? {
        let record = &outcome.record;
        let end = if record.skipped { "skip" } else { record.action.as_str() };
        if !record.success || end != scene.ends {
            bail!(
                "the demo did not go as written: {} ended at {} as {end} {}",
                scene.title,
                record.brand,
                record.error_message
            );
        }
    }
    Ok(())
}

/// The system goes away: the command still ends in a record.
async fn fault(instances: &[Instance]) -> anyhow::Result<()> {
    let title = "The system is down: no crash, but a record that says so.";
    let outcomes = show(instances, title, Verb::Get, ann()).await?;
    if outcomes.iter().any(|outcome| outcome.record.success) {
        bail!("the demo's system should be down, but it answers");
    }
    Ok(())
}

async fn show(
    instances: &[Instance],
    title: &str,
    verb: Verb,
    profile: Value,
) -> anyhow::Result<Vec<Outcome>> {
    output::say(&format!(
        "{}\n$ provost {} --user-profile '{profile}'",
        styled(STRONG, title),
        verb.command()
    ));
    let command = UserCommand { verb, profile: Profile::from_value(profile)?, allow_enable: true };
    let global = Global {
        config: None,
        output: Format::Table,
        is_output_chosen: false,
        verbose: false,
        remote: RemoteArgs::default(),
    };
    let mut records = Records::new(&global, instances.len());
    let mut outcomes = Vec::new();
    for (place, instance) in instances.iter().enumerate() {
        let outcome = provost_engine::run(instance, &command).await;
        records.take(place, outcome.clone());
        outcomes.push(outcome);
    }
    records.finish();
    output::say("");
    Ok(outcomes)
}
