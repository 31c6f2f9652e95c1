//! The `provost` program: words in, records out. It joins the parts and is the only
//! crate that names implementations, prints and exits.

mod args;
mod clock;
mod commands;
mod compose;
mod config;
mod interrupt;
mod mapper_files;
mod output;
mod random;
mod war_room;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::Cli;

/// Mapping makes and drops many small values, which this allocator does in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words = match war_room::expand(std::env::args_os()) {
        Ok(words) => words,
        Err(problem) => return output::fail(&problem.into()),
    };
    let matches = args::command().get_matches_from(words);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(commands::run(cli));
            // A secret's command that hangs is not waited for.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(error.into()),
    };
    output::status(result.unwrap_or_else(|error| output::fail(&error)))
}
