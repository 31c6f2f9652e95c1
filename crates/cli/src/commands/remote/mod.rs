//! The same commands, carried out by a server.

mod batch;
mod other;
mod user;

use std::process::ExitCode;

use provost_core::Attributes;

use crate::args::{Command, Global, Selection};
use crate::output::{self, Hinted};
use crate::remote::Remote;

use super::asking::{INTERRUPTED, LOOK_FIRST};

/// Whether a command is about systems, which a server may have in this machine's place. The
/// others work on files, or are the server's own.
pub(super) fn is_meant(command: &Command) -> bool {
    !matches!(
        command,
        Command::Integration(_)
            | Command::Mapper(_)
            | Command::Lab(_)
            | Command::Serve(_)
            | Command::Audit(_)
            | Command::Demo
            | Command::Completions { .. }
            | Command::Man
    )
}

/// Has the command carried out by the server.
pub(super) async fn run(global: &Global, server: &str, command: &Command) -> anyhow::Result<ExitCode> {
    if let Some(asked) = command.as_user_command() {
        return user::run(global, &Remote::of(global, server)?, asked).await;
    }
    if let Some(asked) = command.as_group_command() {
        return other::group(global, &Remote::of(global, server)?, asked).await;
    }
    match command {
        Command::TestModule(selection) => other::test(global, &Remote::of(global, server)?, selection).await,
        Command::GetMappingFields(selection) => {
            other::mapping_fields(global, &Remote::of(global, server)?, selection).await
        }
        Command::IamListUsers(arguments) => {
            other::list(global, &Remote::of(global, server)?, arguments).await
        }
        Command::Batch(arguments) => batch::run(global, &Remote::for_files(global, server)?, arguments).await,
        _ => Err(only_here().into()),
    }
}

/// The same for a command that an integration adds.
pub(super) async fn vendor(
    global: &Global,
    server: &str,
    name: &str,
    arguments: Attributes,
    selection: &Selection,
) -> anyhow::Result<ExitCode> {
    other::vendor(global, &Remote::of(global, server)?, name, arguments, selection).await
}

/// A command that has no counterpart at servers.
fn only_here() -> Hinted {
    Hinted::new("this command cannot be carried out by a server").hint(
        "leave out --server, or give --server '' where PROVOST_SERVER is set, to run it on this machine",
    )
}

/// Somebody did not wait for the server.
fn interrupted(writes: bool) -> ExitCode {
    output::complain("the server", if writes { INTERRUPTED } else { "interrupted" });
    if writes {
        output::hint(LOOK_FIRST);
    }
    ExitCode::FAILURE
}
