//! What the argument table can write about itself.

use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;
use crate::output;

/// Prints a shell's completion script.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "provost", &mut script);
    output::say(String::from_utf8(script)?.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Prints the manual page.
pub(crate) fn man() -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    output::say(String::from_utf8(page)?.trim_end());
    Ok(ExitCode::SUCCESS)
}
