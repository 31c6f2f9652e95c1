//! `provost lab` and `provost demo`: emulated systems on this machine.

mod demo;
mod systems;

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use anyhow::Context as _;
use clap::ValueEnum as _;
use provost_lab::Faults;

use self::systems::SECRET_FILE;
use crate::args::LabArgs;
use crate::config::{self, FILE_NAME};
use crate::output::{self, Hinted};

pub(crate) use self::demo::demo;
pub(crate) use self::systems::{Emulator, System, Wanted, start};

/// How a configuration begins that the lab may change.
const SIGNATURE: &str = "# Written by `provost lab`.";

/// Starts the emulators, writes a configuration for them and waits for Ctrl-C. Nothing is
/// written before the emulators run.
pub(crate) async fn lab(arguments: &LabArgs) -> anyhow::Result<ExitCode> {
    let faults: Faults =
        arguments.fault.parse().map_err(|error| Hinted::new(format!("`--fault`: {error}")))?;
    let file = arguments.dir.join(FILE_NAME);
    refuse_foreign(&file)?;
    let systems = System::value_variants().iter().copied();
    let wanted = Wanted {
        systems: systems
            .filter(|system| arguments.only.is_empty() || arguments.only.contains(system))
            .collect(),
        port: arguments.port,
        secret: new_secret(),
        faults,
        people: arguments.people,
        limit: arguments.limit,
    };
    let emulators = start(&wanted).await?;
    configure(&arguments.dir, &wanted.secret, &emulators)?;
    output::say(&welcome(&arguments.dir, &file, &emulators));
    tokio::signal::ctrl_c().await.context("could not wait for Ctrl-C")?;
    output::tell("Stopping.");
    stop(emulators).await;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn stop(emulators: Vec<Emulator>) {
    for emulator in emulators {
        emulator.running.stop().await;
    }
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

/// New for each lab: it opens nothing but these emulators.
pub(crate) fn new_secret() -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(24).collect()
}

/// Writes the secret, and the instances into `provost.yaml`. Others stay.
pub(crate) fn configure(folder: &Path, secret: &str, emulators: &[Emulator]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("could not make the folder `{}`", folder.display()))?;
    config::write_private(&folder.join(SECRET_FILE), secret)?;
    let head = format!("{SIGNATURE} Another start replaces the instances of the lab and nothing else.\n");
    emulators.iter().try_for_each(|Emulator { system, running }| {
        config::put(&folder.join(FILE_NAME), &head, system.instance(), &system.block(&running.url()))
    })
}

fn welcome(dir: &Path, file: &Path, emulators: &[Emulator]) -> String {
    let line = |Emulator { system, running }: &Emulator| {
        format!("{} runs at {}, the instance `{}`.\n", system.title(), running.url(), system.instance())
    };
    let lines: String = emulators.iter().map(line).collect();
    let here = if dir == Path::new(".") { String::new() } else { format!("  cd {}\n", dir.display()) };
    format!(
        "{lines}`{}` is ready.\n\n\
         Try, in another terminal:\n\
         {here}  \
           provost test-module\n  \
           provost iam-create-user --user-profile '{{\"email\": \"ann@example.com\", \
           \"username\": \"ann@example.com\", \"givenname\": \"Ann\", \"surname\": \"Example\"}}'\n  \
           provost iam-get-user --user-profile '{{\"email\": \"ann@example.com\"}}'\n  \
           provost iam-disable-user --user-profile '{{\"email\": \"ann@example.com\"}}' -v\n\n\
         Ctrl-C stops it.",
        file.display()
    )
}
