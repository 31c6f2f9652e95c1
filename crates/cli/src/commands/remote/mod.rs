//! The same commands, carried out by a server.

mod user;

use std::process::ExitCode;

use crate::args::{Command, Global};
use crate::output::{self, Hinted};
use crate::remote::Remote;

use super::asking::{INTERRUPTED, LOOK_FIRST};

/// Whether a command is about systems, which a server may have in this machine's place. The
/// others work on files, or are the server.
pub(super) fn is_meant(command: &Command) -> bool {
    !matches!(
        command,
        Command::Integration(_)
            | Command::Mapper(_)
            | Command::Lab(_)
            | Command::Serve(_)
            | Command::Demo
            | Command::Completions { .. }
            | Command::Man
    )
}

/// Has the command carried out by the server.
pub(super) async fn run(global: &Global, server: &str, command: &Command) -> anyhow::Result<ExitCode> {
    let Some(asked) = command.as_user_command() else {
        return Err(only_here().into());
    };
    user::run(global, &Remote::of(global, server)?, asked).await
}

/// A command that has no counterpart at servers.
pub(super) fn only_here() -> Hinted {
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
