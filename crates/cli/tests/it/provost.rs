//! Starts the program in a folder and an environment of its own.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The password of every instance in these tests. Nothing that is printed may hold it.
pub(crate) const CANARY: &str = "canary-password";

/// The variable that holds it.
pub(crate) const PASSWORD_VARIABLE: &str = "APP_PASSWORD";

/// A run that takes longer hangs.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The program, with all that it can see.
pub(crate) struct Provost {
    folder: TempDir,
    variables: Vec<(String, String)>,
    input: Option<String>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Provost {
    /// The program in an empty folder, with the password in its environment.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        Self { folder, variables: Vec::new(), input: None }.variable(PASSWORD_VARIABLE, CANARY)
    }

    /// The same with this text as its configuration.
    pub(crate) fn configured(text: &str) -> Self {
        Self::new().file("provost.yaml", text)
    }

    /// The same with a file in its folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder is made");
        fs::write(path, text).expect("a file is written");
        self
    }

    /// The same with an environment variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with something to read on standard input.
    pub(crate) fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// Where it runs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of its folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).expect("the file is there")
    }

    /// Runs it to its end.
    pub(crate) async fn run(&self, words: &[&str]) -> Printed {
        self.run_in("", words).await
    }

    /// The same in a folder within its own.
    pub(crate) async fn run_in(&self, folder: &str, words: &[&str]) -> Printed {
        let mut child = self.start_in(folder, words);
        if let Some(input) = &self.input {
            let mut stdin = child.stdin.take().expect("standard input is a pipe");
            stdin.write_all(input.as_bytes()).await.expect("the program reads");
        }
        Printed::at_the_end_of(child).await
    }

    /// Runs a line of the shell in which `provost` is the program.
    pub(crate) async fn in_shell(&self, line: &str) -> Printed {
        Printed::at_the_end_of(self.start_in_shell(line)).await
    }

    /// Starts such a line; it ends with what is returned.
    pub(crate) fn start_in_shell(&self, line: &str) -> Child {
        let binaries = Path::new(env!("CARGO_BIN_EXE_provost")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(self.folder()).env_clear();
        command.env("PATH", format!("{}:{path}", binaries.display()));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().expect("the shell starts")
    }

    /// Starts it; it ends with what is returned.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.start_in("", words)
    }

    fn start_in(&self, folder: &str, words: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provost"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.args(words).current_dir(self.folder().join(folder)).env_clear().env("PATH", path);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().expect("the program starts")
    }
}

/// The lab, which ends with it.
pub(crate) struct Lab {
    _child: Child,
    _lines: Lines<BufReader<ChildStdout>>,
    /// What it said of its first system, such as `SCIM 2.0 runs at http://127.0.0.1:8073, ...`.
    pub(crate) first: String,
}

impl Provost {
    /// Starts the lab in the folder `try`, on free ports, with these further words.
    pub(crate) async fn lab(&self, words: &[&str]) -> Lab {
        let mut child = self.start(&[&["lab", "--dir", "try", "--port", "0"], words].concat());
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let first = lines.next_line().await.expect("readable").expect("a line");
        while !lines.next_line().await.expect("readable").expect("a line").contains("is ready") {}
        Lab { _child: child, _lines: lines, first }
    }
}

/// Sends a signal, such as `INT`, to a child that runs.
pub(crate) async fn send(signal: &str, child: &Child) {
    let pid = child.id().expect("it runs").to_string();
    let sent = Command::new("sh").args(["-c", "kill -s $0 $1", signal, &pid]).status().await;
    assert!(sent.expect("a shell").success());
}

impl Printed {
    /// What a child leaves behind on the streams that nobody took.
    pub(crate) async fn at_the_end_of(child: Child) -> Self {
        // When the time is over the child is dropped, which ends it.
        let ended = tokio::time::timeout(TIME_LIMIT, child.wait_with_output()).await;
        Self::of(&ended.expect("it hangs").expect("it ran"))
    }

    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is text");
        Self {
            exit: output.status.code().expect("it ended by itself"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:#?}"))
    }

    /// Standard output as one JSON document a line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON lines: {self:#?}"));
        self.stdout.lines().map(line).collect()
    }

    /// Whether one of the streams holds the text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.stdout.contains(text) || self.stderr.contains(text)
    }

    /// The same, after checking how it ended.
    pub(crate) fn ended(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{self:#?}");
        self
    }
}
