//! What the argument table can write about itself.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::vendor;
use crate::args::{self, Global};
use crate::output;

/// Prints a shell's completion script.
pub(crate) fn completions(global: &Global, shell: Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut everything(global), "provost", &mut script);
    output::say(String::from_utf8(script)?.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Prints the manual page: one, with every command's options.
pub(crate) fn man(global: &Global) -> anyhow::Result<ExitCode> {
    let mut command = everything(global);
    command.build();
    let mut page = Vec::new();
    render(command, &mut page)?;
    output::say(String::from_utf8(page)?.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The table with the commands of the integrations that the configuration knows.
fn everything(global: &Global) -> Command {
    args::with_vendor(args::command(), &vendor::known(global.config.as_deref()).commands)
}

fn render(command: Command, page: &mut dyn Write) -> io::Result<()> {
    let commands = leaves(&command);
    let man = Man::new(command);
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    writeln!(page, ".SH COMMANDS")?;
    commands.into_iter().try_for_each(|command| subsection(command, page))?;
    man.render_extra_section(page)?;
    man.render_version_section(page)
}

/// The commands that can be given, those within others too.
fn leaves(command: &Command) -> Vec<Command> {
    let within = command.get_subcommands().filter(|command| command.get_name() != "help");
    within
        .flat_map(|command| if command.has_subcommands() { leaves(command) } else { vec![command.clone()] })
        .collect()
}

/// A command as a part of the page. The options that every command has stand above.
fn subsection(command: Command, page: &mut dyn Write) -> io::Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).replace('-', "\\-");
    writeln!(page, ".SS \"{name}\"")?;
    let shared = |id: &str| ["config", "output", "verbose", "help"].contains(&id);
    let command = command.mut_args(|arg| if shared(arg.get_id().as_str()) { arg.hide(true) } else { arg });
    let man = Man::new(command);
    let mut part = Vec::new();
    man.render_description_section(&mut part)?;
    man.render_synopsis_section(&mut part)?;
    man.render_options_section(&mut part)?;
    // The headings of a page of its own become paragraphs.
    for line in part.split_inclusive(|byte| *byte == b'\n') {
        page.write_all(if line.starts_with(b".SH ") { b".PP\n" } else { line })?;
    }
    Ok(())
}
