//! A program in a process group of its own, so that it ends with all that it started, and
//! an interrupt of ours does not reach it before we say so.

use std::process::ExitStatus;

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

/// It is killed when it is dropped: none of them keeps anything that matters.
pub(crate) struct Group(Child);

impl Group {
    pub(crate) fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn();
        Ok(Self(child.with_context(|| format!("could not start `{program}`"))?))
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.0.wait().await.context("could not wait for a program")
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A child that was waited for has no id any more: it may be somebody else's now.
        let id = self.0.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        if let Some(id) = id {
            // It fails where the group has just ended.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}
