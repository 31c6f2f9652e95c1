//! `target/beds/NAME.log`: what an installation and a server say.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::Command;

use super::folders::beds;

/// How many lines at its end are shown when something went wrong.
const TAIL: usize = 20;

#[derive(Clone)]
pub(super) struct Log(PathBuf);

impl Log {
    /// An empty log.
    pub(super) fn begin(name: &str) -> anyhow::Result<Self> {
        let path = beds().join(format!("{name}.log"));
        fs::create_dir_all(beds()).context("could not make `target/beds`")?;
        File::create(&path).with_context(|| format!("could not write `{}`", path.display()))?;
        Ok(Self(path))
    }

    /// What the command prints goes here.
    pub(super) fn take(&self, command: &mut Command) -> anyhow::Result<()> {
        self.take_output_of(command.as_std_mut())
    }

    /// The same of a command that is waited for in a thread of its own.
    pub(super) fn take_output_of(&self, command: &mut std::process::Command) -> anyhow::Result<()> {
        let open = || File::options().append(true).open(&self.0);
        let streams = open().and_then(|out| Ok((out, open()?)));
        let (out, err) = streams.with_context(|| format!("could not write `{}`", self.0.display()))?;
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        Ok(())
    }

    /// Its last lines, and where the others are; nothing where it is empty.
    pub(super) fn tail(&self) -> String {
        let bytes = fs::read(&self.0).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if text.is_empty() {
            return String::new();
        }
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(TAIL)..];
        format!("\n  the end of {}:\n    {}", self.0.display(), last.join("\n    "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_tail_is_the_last_lines_and_nothing_of_an_empty_log() {
        let log = Log::begin("of-a-test-of-logs").expect("a log");
        assert_eq!(log.tail(), "");
        let mut command = Command::new("sh");
        command.args(["-c", "seq 30; echo wrong >&2"]);
        log.take(&mut command).expect("the log takes it");
        assert!(command.status().await.expect("a shell").success());
        let tail = log.tail();
        assert!(
            tail.contains("of-a-test-of-logs.log:\n    12\n") && tail.ends_with("    30\n    wrong"),
            "{tail}"
        );
    }
}
