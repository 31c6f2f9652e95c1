//! One module for each group of commands.

mod asking;
mod at_store;
mod audit;
mod batch;
mod describe;
mod fetch;
mod generate;
pub(crate) mod groups;
mod input;
mod instance;
mod integration;
mod key;
mod list;
mod mapper;
mod practice;
mod remote;
mod selection;
mod serve;
mod store;
pub(crate) mod user;
pub(crate) mod vendor;

use std::process::ExitCode;

use crate::args::{Cli, Command};

pub(crate) use self::asking::LOOK_FIRST;
pub(crate) use self::practice::System;

/// Runs the command.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = cli.global;
    if let Some(server) = global.remote.server().filter(|_| remote::is_meant(&cli.command)) {
        return remote::run(&global, server, &cli.command).await;
    }
    if let Some(asked) = cli.command.as_user_command() {
        return user::run(&global, asked).await;
    }
    if let Some(asked) = cli.command.as_group_command() {
        return groups::run(&global, asked).await;
    }
    match cli.command {
        Command::GetMappingFields(selection) => describe::mapping_fields(&global, &selection.into()).await,
        Command::Batch(arguments) => Box::pin(batch::run(&global, arguments)).await,
        Command::IamListUsers(arguments) => list::run(&global, &arguments).await,
        Command::FetchIncidents(arguments) => fetch::run(&global, &arguments).await,
        Command::TestModule(selection) => describe::test(&global, &selection.into()).await,
        Command::Instance(command) => instance::run(&global, command).await,
        Command::Integration(command) => integration::run(&global, command).await,
        Command::Mapper(command) => mapper::run(&global, command).await,
        Command::Lab(arguments) => practice::lab(&arguments).await,
        Command::Serve(arguments) => Box::pin(serve::run(&global, arguments)).await,
        Command::Audit(command) => audit::run(&global, command).await,
        Command::Store(command) => store::run(&global, command).await,
        Command::Key(command) => key::run(&global, command).await,
        Command::Demo => practice::demo().await,
        Command::Completions { shell } => generate::completions(&global, shell),
        _ => generate::man(&global),
    }
}
