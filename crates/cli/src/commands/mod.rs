//! One module for each group of commands.

mod asking;
mod describe;
mod generate;
mod instance;
mod mapper;
mod practice;
mod selection;
mod user;

use std::process::ExitCode;

use crate::args::{Cli, Command};

pub(crate) use self::practice::System;

/// Runs the command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = cli.global;
    if let Some((verb, arguments, allow_enable)) = cli.command.as_user_command() {
        return user::run(&global, verb, arguments, allow_enable).await;
    }
    match cli.command {
        Command::GetMappingFields(selection) => describe::mapping_fields(&global, &selection).await,
        Command::TestModule(selection) => describe::test(&global, &selection).await,
        Command::Instance(command) => instance::run(&global, command).await,
        Command::Mapper(command) => mapper::run(&global, command).await,
        Command::Lab(arguments) => practice::lab(&arguments).await,
        Command::Demo => practice::demo().await,
        Command::Completions { shell } => generate::completions(shell),
        _ => generate::man(),
    }
}
