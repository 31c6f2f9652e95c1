//! Secrets are written as references: where the secret is, not what it is.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use provost_core::{ExposeSecret as _, Secret, did_you_mean};

use crate::output::Hinted;

/// The kinds of references.
const SCHEMES: [&str; 4] = ["env", "file", "command", "sealed"];

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `env:NAME`
    Environment(String),
    /// `file:PATH`, without its last line break.
    File(PathBuf),
    /// `command:LINE`, the output of a shell command.
    Command(String),
    /// `sealed:NAME`, kept by a server's store.
    Sealed(String),
    /// The secret itself.
    Plain(String),
}

/// Finds secrets. Relative files start from the configuration's folder.
pub(crate) struct Resolver<'a> {
    pub(crate) folder: &'a Path,
    /// How long a command may take.
    pub(crate) limit: Duration,
    /// Opens what a server keeps sealed.
    pub(crate) sealed: &'a dyn Fn(&str) -> Option<Secret>,
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// A misspelled kind: its text would be sent as the secret.
    pub(crate) fn parse(text: &str) -> Result<Self, Hinted> {
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        Ok(match scheme {
            "env" => Self::Environment(rest.to_owned()),
            "file" => Self::File(rest.into()),
            "command" => Self::Command(rest.to_owned()),
            "sealed" => Self::Sealed(rest.to_owned()),
            _ => match meant(scheme) {
                Some(hint) => {
                    return Err(Hinted::new(format!("`{scheme}:` is no kind of reference")).hint(hint));
                }
                None => Self::Plain(text.to_owned()),
            },
        })
    }

    /// How it is shown to people.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Environment(name) => format!("env:{name}"),
            Self::File(path) => format!("file:{}", path.display()),
            Self::Command(line) => format!("command:{line}"),
            Self::Sealed(name) => format!("sealed:{name}"),
            Self::Plain(_) => "[plain text]".to_owned(),
        }
    }
}

/// The kind of reference that a near miss means.
fn meant(scheme: &str) -> Option<String> {
    did_you_mean(scheme, SCHEMES).filter(|hint| hint.starts_with("did you mean"))
}

impl Resolver<'_> {
    /// The secret behind a reference.
    ///
    /// # Errors
    /// A variable that is not set, a file that cannot be read, a command that fails, or
    /// nothing in any of them.
    pub(crate) fn resolve(&self, reference: &Reference) -> Result<Secret, Hinted> {
        let found = match reference {
            Reference::Environment(name) => std::env::var(name).map_err(|_| {
                Hinted::new(format!("the environment variable `{name}` is not set"))
                    .hint(format!("export {name}=..."))
            })?,
            Reference::File(path) => self.read(path)?,
            Reference::Command(line) => self.run(line)?,
            Reference::Sealed(name) => {
                let unknown = || {
                    Hinted::new(format!(
                        "`sealed:` secrets are kept by a Provost server, and it has no `{name}` here"
                    ))
                    .hint("use env:, file: or command: in a file")
                };
                (self.sealed)(name).ok_or_else(unknown)?.expose_secret().to_owned()
            }
            Reference::Plain(secret) => secret.clone(),
        };
        let secret = found.strip_suffix('\n').map_or(found.as_str(), |line| line.trim_end_matches('\r'));
        if secret.is_empty() {
            return Err(Hinted::new(format!("`{}` gives an empty secret", reference.shown())));
        }
        Ok(secret.into())
    }

    fn read(&self, path: &Path) -> Result<String, Hinted> {
        let path = match (path.strip_prefix("~"), std::env::home_dir()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => self.folder.join(path),
        };
        std::fs::read_to_string(&path).map_err(|error| {
            Hinted::new(format!("could not read the secret file `{}`: {error}", path.display()))
        })
    }

    /// Runs a command by the shell. It may ask on the terminal; its output is never shown.
    fn run(&self, line: &str) -> Result<String, Hinted> {
        let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
        let mut command = Command::new(shell[0]);
        command.args([shell[1], line]).current_dir(self.folder);
        command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let unable = |error| Hinted::new(format!("could not run `{line}`: {error}"));
        let mut child = command.spawn().map_err(unable)?;
        let Some(printed) = printed_within(&mut child, self.limit).map_err(unable)? else {
            let seconds = self.limit.as_secs_f32();
            let message = format!("`{line}`, which should print a secret, took longer than {seconds} s");
            return Err(Hinted::new(message).hint("the instance's `timeout` limits this too"));
        };
        let status = child.wait().map_err(unable)?;
        if !status.success() {
            return Err(Hinted::new(format!("`{line}`, which should print a secret, failed ({status})")));
        }
        String::from_utf8(printed).map_err(|_| Hinted::new(format!("`{line}` printed no text")))
    }
}

/// What a command prints; `None` if that takes too long, and then the command is ended.
fn printed_within(child: &mut Child, limit: Duration) -> io::Result<Option<Vec<u8>>> {
    let Some(mut stdout) = child.stdout.take() else { return Ok(Some(Vec::new())) };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // Nobody receives it when the time is over.
        let _ = sender.send(stdout.read_to_end(&mut bytes).map(|_| bytes));
    });
    match receiver.recv_timeout(limit) {
        Ok(printed) => printed.map(Some),
        Err(RecvTimeoutError::Disconnected) => Ok(Some(Vec::new())),
        Err(RecvTimeoutError::Timeout) => {
            child.kill()?;
            child.wait()?;
            Ok(None)
        }
    }
}
