//! The `provost` program: words in, records out. It joins the parts and is the only
//! crate that names implementations, prints and exits.

mod args;
mod clock;
mod commands;
mod compose;
mod config;
mod interrupt;
mod mapper_files;
mod operating_system;
mod output;
mod random;
mod remote;
mod streams;
mod war_room;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;
use clap::error::ErrorKind;
use tokio::runtime::Builder;

use crate::args::{Cli, VendorArgs};
use crate::commands::vendor::Known;

/// Mapping makes and drops many small values, which this allocator does in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words = match war_room::expand(std::env::args_os()) {
        Ok(words) => words,
        Err(problem) => return output::fail(&problem.into()),
    };
    let table = args::command();
    let Known { commands: vendor, flaw } =
        if is_ours(&table, &words) { Known::default() } else { known(&words) };
    let matches = match (args::with_vendor(table, &vendor).try_get_matches_from(words), flaw) {
        (Ok(matches), _) => matches,
        // The command may be one of what could not be read.
        (Err(error), Some(flaw)) if error.kind() == ErrorKind::InvalidSubcommand => {
            return output::fail(&flaw);
        }
        (Err(error), _) => error.exit(),
    };
    let is_meant = |vendor: &&VendorArgs| matches.subcommand_name() == Some(&vendor.name);
    let work = match vendor.iter().find(is_meant).zip(matches.subcommand()) {
        Some((command, (_, matches))) => Work::Vendor(command, matches),
        None => Work::Ours(Box::new(Cli::of(&matches).unwrap_or_else(|error| error.exit()))),
    };
    let mut runtime = match &work {
        Work::Ours(cli) if matches!(cli.command, args::Command::Serve(_)) => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(carry_out(work));
            // A secret's command that hangs is not waited for.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    output::status(result.unwrap_or_else(|error| output::fail(&error)))
}

/// What the words ask for.
enum Work<'a> {
    Ours(Box<Cli>),
    /// A command that an integration adds.
    Vendor(&'a VendorArgs, &'a ArgMatches),
}

async fn carry_out(work: Work<'_>) -> anyhow::Result<ExitCode> {
    match work {
        Work::Ours(cli) => commands::run(*cli).await,
        Work::Vendor(command, matches) => commands::vendor::run(command, matches).await,
    }
}

/// Whether the words name a command of our own: then no manifest needs to be read.
fn is_ours(table: &clap::Command, words: &[OsString]) -> bool {
    match war_room::command_name(words) {
        Some(name) => name != "help" && table.find_subcommand(name).is_some(),
        None => words.iter().any(|word| word == "--version" || word == "-V"),
    }
}

/// The commands that the integrations of the configuration add.
fn known(words: &[OsString]) -> Known {
    commands::vendor::known(war_room::configuration(words).as_deref())
}
