//! `provost lab` and `provost demo`: emulated systems on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context as _, bail};
use provost_core::{Profile, UserCommand, Verb};
use provost_engine::{Instance, Outcome};
use provost_lab::{Faults, Running, hello};
use serde_json::{Value, json};

use crate::args::{Format, Global, LabArgs};
use crate::compose;
use crate::config::{self, Config, FILE_NAME};
use crate::output::{self, Hinted, Records, STRONG, styled};

/// The file that holds the lab's password, beside the configuration.
const PASSWORD_FILE: &str = "lab-password";
/// How a configuration begins that the lab may change.
const SIGNATURE: &str = "# Written by `provost lab`.";
/// The instance that is the lab's own.
const INSTANCE: &str = "hello";
const USERNAME: &str = "admin";

/// Starts the emulators, writes a configuration for them and waits for Ctrl-C. Nothing is
/// written before the emulators run.
pub(crate) async fn lab(arguments: &LabArgs) -> anyhow::Result<ExitCode> {
    let faults: Faults =
        arguments.fault.parse().map_err(|error| Hinted::new(format!("`--fault`: {error}")))?;
    let file = arguments.dir.join(FILE_NAME);
    refuse_foreign(&file)?;
    let password = new_password();
    let running = start(arguments.port, &password, faults, arguments.people).await?;
    configure(&arguments.dir, &password, &running)?;
    output::say(&welcome(&arguments.dir, &file, &running));
    tokio::signal::ctrl_c().await.context("could not wait for Ctrl-C")?;
    output::tell("Stopping.");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// A file that somebody else wrote is not the lab's to replace.
fn refuse_foreign(file: &Path) -> anyhow::Result<()> {
    match fs::read_to_string(file) {
        Ok(text) if !text.starts_with(SIGNATURE) => {
            Err(Hinted::new(format!("`{}` was not written by the lab", file.display()))
                .hint("name another folder with --dir")
                .into())
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not read `{}`", file.display()))
        }
        _ => Ok(()),
    }
}

async fn start(port: u16, password: &str, faults: Faults, people: usize) -> anyhow::Result<Running> {
    let options = hello::Options {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        user: USERNAME.to_owned(),
        password: password.to_owned(),
        faults,
        people,
    };
    match hello::start(options).await {
        Ok(running) => Ok(running),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Err(Hinted::new(format!("port {port} is in use"))
                .hint("name another with --port, or 0 for a free one")
                .into())
        }
        Err(error) => Err(error).context("could not start Hello IAM World"),
    }
}

/// New for each lab: it opens nothing but this emulator.
fn new_password() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(24).collect()
}

/// Writes the password, and the instance into `provost.yaml`. Other instances stay. The
/// emulator is on this machine, where no proxy leads.
fn configure(folder: &Path, password: &str, running: &Running) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("could not make the folder `{}`", folder.display()))?;
    config::write_private(&folder.join(PASSWORD_FILE), password)?;
    let head = format!("{SIGNATURE} Another start replaces `{INSTANCE}` and nothing else.\n");
    let block = format!(
        "integration: hello-iam-world\n\
         url: {}\n\
         credentials: {{username: {USERNAME}, password: \"file:{PASSWORD_FILE}\"}}\n\
         proxy: false",
        running.url()
    );
    config::put(&folder.join(FILE_NAME), &head, INSTANCE, &block)
}

fn welcome(dir: &Path, file: &Path, running: &Running) -> String {
    let here = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", dir.display()) };
    format!(
        "Hello IAM World runs at {}; {} is ready.\n\n\
         Try, in another terminal:\n\
         {here}  \
           provost instance test hello\n  \
           provost iam-create-user --user-profile '{{\"email\": \"ann@example.com\", \"givenname\": \"Ann\"}}'\n  \
           provost iam-get-user --user-profile '{{\"email\": \"ann@example.com\"}}'\n  \
           provost iam-disable-user --user-profile '{{\"email\": \"ann@example.com\"}}' -v\n\n\
         Ctrl-C stops it.",
        running.url(),
        file.display()
    )
}

/// The main job, from nothing, as a person would read it.
pub(crate) async fn demo() -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("could not make a folder for the demo")?;
    let password = new_password();
    let running = start(0, &password, Faults::default(), 3).await?;
    configure(folder.path(), &password, &running)?;
    let config = Config::read(folder.path().join(FILE_NAME))?;
    let settings = config.instance(INSTANCE)?;
    let instance = compose::connect(&config, &settings, compose::package(&config, &settings)?)?;
    output::say("One person, one system, the same few commands. Hello IAM World runs on this machine.\n");
    for scene in scenes() {
        play(&instance, scene).await?;
    }
    running.stop().await;
    fault(&instance).await?;
    output::say("\nNext: `provost lab --dir try` keeps such a system running for you to practise against.");
    Ok(ExitCode::SUCCESS)
}

/// A command of the demo, and what it must show.
struct Scene {
    title: &'static str,
    verb: Verb,
    profile: Value,
    ends: &'static str,
}

fn scenes() -> Vec<Scene> {
    let scene = |title, verb, profile, ends| Scene { title, verb, profile, ends };
    let ann = || json!({"email": "ann@example.com"});
    let promoted = json!({"email": "ann@example.com", "title": "Head of Sales"});
    vec![
        scene(
            "She joins: an account is made.",
            Verb::Create,
            json!({"email": "ann@example.com", "givenname": "Ann", "surname": "Example", "title": "Sales"}),
            "create",
        ),
        scene("Who is she there?", Verb::Get, ann(), "get"),
        scene(
            "She moves: creating her again updates the account instead.",
            Verb::Create,
            promoted.clone(),
            "update",
        ),
        scene("She leaves: the account is disabled, nothing is deleted.", Verb::Disable, ann(), "disable"),
        scene("Twice does no harm, and says why.", Verb::Disable, ann(), "skip"),
        scene("She returns: the update enables the account again.", Verb::Update, promoted, "update"),
        scene(
            "Somebody unknown is not disabled by accident.",
            Verb::Disable,
            json!({"email": "nobody@example.com"}),
            "skip",
        ),
    ]
}

async fn play(instance: &Instance, scene: Scene) -> anyhow::Result<()> {
    let outcome = show(instance, scene.title, scene.verb, scene.profile).await?;
    let record = &outcome.record;
    let end = if record.skipped { "skip" } else { record.action.as_str() };
    if !record.success || end != scene.ends {
        bail!("the demo did not go as written: {} ended as {end} {}", scene.title, record.error_message);
    }
    Ok(())
}

/// The system goes away: the command still ends in a record.
async fn fault(instance: &Instance) -> anyhow::Result<()> {
    let profile = json!({"email": "ann@example.com"});
    let outcome =
        show(instance, "The system is down: no crash, but a record that says so.", Verb::Get, profile)
            .await?;
    if outcome.record.success {
        bail!("the demo's system should be down, but it answers");
    }
    Ok(())
}

async fn show(instance: &Instance, title: &str, verb: Verb, profile: Value) -> anyhow::Result<Outcome> {
    output::say(&format!(
        "{}\n$ provost {} --user-profile '{profile}'",
        styled(STRONG, title),
        verb.command()
    ));
    let command = UserCommand { verb, profile: Profile::from_value(profile)?, allow_enable: true };
    let outcome = provost_engine::run(instance, &command).await;
    let global = Global { config: None, output: Format::Table, verbose: false };
    let mut records = Records::new(&global, 1);
    records.take(0, outcome.clone());
    records.finish();
    output::say("");
    Ok(outcome)
}
