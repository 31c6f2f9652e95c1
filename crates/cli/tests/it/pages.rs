//! Reads a page as a newcomer does: writes the files that it shows, runs its commands, and
//! holds what they print against what stands there. A block is a file where the line before
//! it ends with the file's name and a colon.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A page of the project.
pub(crate) fn page(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a page asks its reader to do.
enum Step {
    Save { file: String, text: String },
    Run { command: String, output: String },
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match (language, file_of(before)) {
                ("console", _) => steps.extend(commands(&block)),
                (_, Some(file)) => steps.push(Step::Save { file, text: block.join("\n") + "\n" }),
                _ => {}
            }
        }
        if !line.is_empty() {
            before = line;
        }
    }
    steps
}

/// The file that is named at the end of the line before a block.
fn file_of(line: &str) -> Option<String> {
    let name = line.strip_suffix("`:")?.rsplit('`').next()?;
    let is_file = Path::new(name).extension().is_some() && !name.contains(' ');
    is_file.then(|| name.to_owned())
}

fn commands(block: &[&str]) -> Vec<Step> {
    let mut steps = Vec::new();
    for line in block {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                steps.push(Step::Run { command: command.to_owned(), output: String::new() });
            }
            (None, Some(Step::Run { output, .. })) => output.extend([line, "\n"]),
            (None, _) => panic!("a block begins with a command: {line}"),
        }
    }
    steps
}

/// Somebody who follows pages, in a folder of their own.
pub(crate) struct Reader {
    /// Removed with the reader.
    _folder: TempDir,
    here: PathBuf,
    variables: Vec<(String, String)>,
    running: Vec<Child>,
    /// The lines of an output as they are compared.
    comparable: fn(&str) -> Vec<String>,
}

impl Reader {
    pub(crate) fn new(comparable: fn(&str) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let here = folder.path().to_owned();
        Self { _folder: folder, here, variables: Vec::new(), running: Vec::new(), comparable }
    }

    /// Does what a page says; tells how many commands it has.
    pub(crate) async fn follow(&mut self, text: &str) -> usize {
        let mut count = 0;
        for step in steps(text) {
            match step {
                Step::Save { file, text } => self.save(&file, &text),
                Step::Run { command, output } => {
                    self.run(&command, &output).await;
                    count += 1;
                }
            }
        }
        count
    }

    fn save(&self, file: &str, text: &str) {
        let file = self.here.join(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("it is made");
        std::fs::write(file, text).expect("it is written");
    }

    async fn run(&mut self, command: &str, expected: &str) {
        if command.starts_with("provost lab") {
            let child = lab(self.shell(&format!("exec {command} --port 0"))).await;
            self.running.push(child);
        } else if let Some(folder) = command.strip_prefix("cd ") {
            self.here.push(folder);
        } else if let Some((name, value)) =
            command.strip_prefix("export ").and_then(|words| words.split_once('='))
        {
            self.variables.push((name.to_owned(), value.to_owned()));
        } else {
            self.compare(command, expected).await;
        }
    }

    async fn compare(&self, command: &str, expected: &str) {
        let output = self.shell(&format!("{{ {command}\n}} 2>&1")).output().await.expect("it runs");
        let printed = (self.comparable)(&String::from_utf8_lossy(&output.stdout));
        assert_eq!(printed, (self.comparable)(expected), "$ {command}");
    }

    /// A shell in which `provost` is the program under test.
    fn shell(&self, line: &str) -> Command {
        let binaries = Path::new(env!("CARGO_BIN_EXE_provost")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(&self.here).env_clear();
        command.env("PATH", format!("{}:{path}", binaries.display()));
        command.envs(self.variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

/// Starts the lab and waits until it has said that it is ready.
async fn lab(mut command: Command) -> Child {
    let mut child = command.spawn().expect("the lab starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("the lab speaks") {
        if line.contains("Ctrl-C") {
            return child;
        }
    }
    panic!("the lab ended");
}
