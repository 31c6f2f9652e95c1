//! A program in a process group of its own, so that it ends with all that it started, and
//! an interrupt of ours does not reach it before we say so.

use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};

/// How long a program may take to end that was asked to.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time between two looks whether it has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// It is killed when it is dropped: few of them keep anything that matters.
pub(crate) struct Group {
    child: Child,
    stopped_by: Option<Signal>,
}

impl Group {
    pub(crate) fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn();
        let child = child.with_context(|| format!("could not start `{program}`"))?;
        Ok(Self { child, stopped_by: None })
    }

    /// Its first process is asked to end by this signal, before what is left is killed.
    pub(super) fn stopped_by(mut self, signal: Signal) -> Self {
        self.stopped_by = Some(signal);
        self
    }

    /// Waits for its end.
    pub(crate) async fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.child.wait().await.context("could not wait for a program")
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Nothing, of a child that was waited for: its id may be somebody else's now.
    fn id(&self) -> Option<Pid> {
        self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
    }

    /// Asks for the end, and waits for it.
    #[expect(clippy::disallowed_methods, reason = "it is for a drop, which cannot be awaited")]
    fn ask_to_end(&mut self, signal: Signal) {
        let Some(id) = self.id() else { return };
        // It fails where it has just ended.
        let _ = kill_process(id, signal);
        let until = Instant::now() + PATIENCE;
        while self.ended().is_none() && Instant::now() < until {
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(signal) = self.stopped_by {
            self.ask_to_end(signal);
        }
        if let Some(id) = self.id() {
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
        let mut output = BufReader::new(group.child.stdout.take().expect("a pipe")).lines();
        assert_eq!(output.next_line().await.expect("output").as_deref(), Some("started"));
        drop(group);
        let end = tokio::time::timeout(Duration::from_secs(10), output.next_line()).await;
        assert_eq!(end.expect("the pipe is closed").expect("output"), None);
    }

    #[tokio::test]
    async fn who_is_asked_to_end_may_put_things_in_order() {
        let mut command = Command::new("sh");
        command.args(["-c", "trap 'echo in order; exit' INT; echo started; while :; do sleep 0.01; done"]);
        let group = Group::spawn(command.stdout(std::process::Stdio::piped())).expect("a shell");
        let mut group = group.stopped_by(Signal::INT);
        let mut output = BufReader::new(group.child.stdout.take().expect("a pipe")).lines();
        assert_eq!(output.next_line().await.expect("output").as_deref(), Some("started"));
        drop(group);
        assert_eq!(output.next_line().await.expect("output").as_deref(), Some("in order"));
    }
}
