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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncBufReadExt as _, BufReader};

    use super::*;

    /// What a program started ends with it: its end closes the pipe that both write to.
    #[tokio::test]
    async fn a_dropped_group_ends_with_all_that_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo started; wait"]).stdout(std::process::Stdio::piped());
        let mut group = Group::spawn(&mut command).expect("a shell");
        let mut output = BufReader::new(group.0.stdout.take().expect("a pipe")).lines();
        assert_eq!(output.next_line().await.expect("output").as_deref(), Some("started"));
        drop(group);
        let end = tokio::time::timeout(Duration::from_secs(10), output.next_line()).await;
        assert_eq!(end.expect("the pipe is closed").expect("output"), None);
    }
}
