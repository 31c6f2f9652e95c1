//! The README, word for word: its commands are run, and what they print is what it shows.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// The sections whose commands are run, in one folder and one after the other.
const SECTIONS: [&str; 2] = ["## Practise", "## Your systems"];

/// A command of the README with the output under it.
struct Step {
    command: String,
    output: String,
}

fn steps() -> Vec<Step> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(file).expect("the README is there");
    let sections =
        text.split("\n## ").filter(|section| SECTIONS.iter().any(|title| section.starts_with(&title[3..])));
    let blocks = sections.flat_map(|section| section.split("```console\n").skip(1));
    blocks.filter_map(|block| block.split("\n```").next()).flat_map(steps_of).collect()
}

fn steps_of(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command: command.to_owned(), output: String::new() }),
            (None, Some(step)) => step.output.extend([line, "\n"]),
            (None, None) => panic!("a block begins with a command: {line}"),
        }
    }
    steps
}

/// What differs from run to run taken out: ports, durations, and the blanks that depend
/// on how long a port is.
fn comparable(output: &str) -> Vec<String> {
    let word = |word: &str| match word.split_once("127.0.0.1:") {
        Some((before, _)) => format!("{before}127.0.0.1:PORT"),
        None => word.to_owned(),
    };
    let line = |line: &str| {
        let mut words: Vec<String> = line.split_whitespace().map(word).collect();
        if let [.., number, unit] = words.as_mut_slice()
            && unit == "ms"
        {
            "N".clone_into(number);
        }
        words.join(" ")
    };
    output.lines().map(line).filter(|line| !line.is_empty()).collect()
}

/// A shell in which `provost` is the program under test.
fn shell(line: &str, folder: &Path) -> Command {
    let binaries = Path::new(env!("CARGO_BIN_EXE_provost")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env_clear();
    command.env("PATH", format!("{}:{path}", binaries.display()));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Starts the lab and waits until it has said that it is ready.
async fn lab(line: &str, folder: &Path) -> Child {
    let mut child = shell(&format!("exec {line} --port 0"), folder).spawn().expect("the lab starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("the lab speaks") {
        if line.contains("Ctrl-C") {
            return child;
        }
    }
    panic!("the lab ended");
}

#[tokio::test]
async fn the_readme_is_true() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut here: PathBuf = folder.path().to_owned();
    let mut running = Vec::new();
    let steps = steps();
    assert!(steps.len() > 10, "the README has commands");
    for step in steps {
        if step.command.starts_with("provost lab") {
            running.push(lab(&step.command, &here).await);
        } else if let Some(folder) = step.command.strip_prefix("cd ") {
            here.push(folder);
        } else {
            let output = shell(&format!("{} 2>&1", step.command), &here).output().await.expect("it runs");
            let printed = String::from_utf8_lossy(&output.stdout);
            let printed =
                printed.lines().filter(|line| !line.starts_with("Next:")).collect::<Vec<_>>().join("\n");
            assert_eq!(comparable(&printed), comparable(&step.output), "$ {}", step.command);
        }
    }
}
