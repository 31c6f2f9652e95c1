//! `cargo xtask test-extra`: servers that are killed again and again, and a short run of every
//! fuzz target.
//!
//! The targets are in `fuzz/`, a workspace of its own. cargo-fuzz wants flags that only a
//! nightly compiler takes; the stable one takes them with `RUSTC_BOOTSTRAP=1`. No sanitizer
//! is used, since our crates forbid `unsafe`. What was found stays in `target/`, so that
//! the next run begins where this one ended.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{beds, run};

const CARGO_FUZZ: &str = "0.13.2";
const SECONDS: &str = "60";

/// How often a server is killed, at each kind of store.
const KILLS: u32 = 40;

/// Bounds that every target keeps: memory, length of an input, seconds for one input.
const BOUNDS: [&str; 3] = ["-rss_limit_mb=1024", "-max_len=8192", "-timeout=10"];

/// A target, and the texts that it begins with.
type Target = (&'static str, fn() -> anyhow::Result<Vec<String>>);

const TARGETS: [Target; 4] = [
    ("xsoar_mapper", xsoar_mappers),
    ("native_mapper", native_mappers),
    ("path", paths),
    ("template", templates),
];

pub(crate) fn test_extra() -> anyhow::Result<()> {
    let seconds = seconds()?;
    beds::kill(KILLS)?;
    let cargo_fuzz = cargo_fuzz()?;
    for (target, seeds) in TARGETS {
        let seeds = write_seeds(target, &seeds()?)?;
        let found = folder(&format!("target/fuzz-corpus/{target}"))?;
        let mut command = Command::new(&cargo_fuzz);
        command.env("RUSTC_BOOTSTRAP", "1").current_dir(root());
        command.args(["fuzz", "run", "--sanitizer", "none", "--target-dir", "target/fuzz", target]);
        command.arg(found).arg(seeds).arg("--").args(BOUNDS);
        command.arg(format!("-dict={}", root().join("fuzz/words.dict").display()));
        command.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        run(&mut command)?;
    }
    Ok(())
}

/// `--seconds N`: how long each target runs.
fn seconds() -> anyhow::Result<u32> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let text = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => SECONDS,
        ["--seconds", seconds] => seconds,
        _ => bail!("usage: cargo xtask test-extra [--seconds {SECONDS}]"),
    };
    text.parse().with_context(|| format!("`{text}` is no number of seconds"))
}

/// The program cargo-fuzz, in `target/tools`; installed if it is not there.
fn cargo_fuzz() -> anyhow::Result<PathBuf> {
    let tools = root().join("target/tools");
    let program = tools.join("bin/cargo-fuzz");
    let version = Command::new(&program).args(["fuzz", "--version"]).output();
    let is_there = version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(CARGO_FUZZ));
    if !is_there {
        let install = ["install", "--locked", "--force", "--version", CARGO_FUZZ, "cargo-fuzz", "--root"];
        run(Command::new("cargo").args(install).arg(&tools))?;
    }
    Ok(program)
}

/// Our own mapper files, and the examples of their language.
fn native_mappers() -> anyhow::Result<Vec<String>> {
    let guide = guide()?;
    let examples = guide.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let whole = examples.map(|example| {
        let is_part = example.starts_with("fields:");
        format!("{}{example}", if is_part { "mapper: Example\ndirection: outgoing\n" } else { "" })
    });
    Ok([shipped("mapper-in.yaml")?, shipped("mapper-out.yaml")?, whole.collect()].concat())
}

/// The pages about mappers.
fn guide() -> anyhow::Result<String> {
    let pages = ["native.md", "expressions.md", "bench.md", "xsoar.md"].map(|page| format!("mappers/{page}"));
    let read = |page: String| {
        let file = root().join("docs").join(&page);
        fs::read_to_string(file).with_context(|| format!("could not read `docs/{page}`"))
    };
    ["mappers.md".to_owned()].into_iter().chain(pages).map(read).collect()
}

/// A mapper file around the fragment of each case.
fn xsoar_mappers() -> anyhow::Result<Vec<String>> {
    let whole = |fragment: &Value| match fragment.get("$mapper") {
        Some(mapper) => mapper.to_string(),
        None => json!({
            "name": "case", "type": "mapping-outgoing",
            "mapping": {"User Profile": {"internalMapping": fragment}},
        })
        .to_string(),
    };
    Ok(fragments()?.iter().map(whole).collect())
}

/// Every text that stands where a case has a path.
fn paths() -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for fragment in fragments()? {
        texts_in(&fragment, &mut |name, text| {
            if ["simple", "root", "accessor"].contains(&name) {
                texts.push(text.to_owned());
            }
        });
    }
    Ok(texts)
}

/// Every text of our own files that has a hole or could be an expression.
fn templates() -> anyhow::Result<Vec<String>> {
    let files = [native_mappers()?, shipped("integration.yaml")?].concat();
    let rules = files.iter().flat_map(|file| file.lines()).filter_map(|line| line.split_once(": "));
    Ok(rules.map(|(_, rule)| rule.trim_matches('"').to_owned()).collect())
}

/// The file of this name of every integration that has it.
fn shipped(name: &str) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in fs::read_dir(root().join("integrations")).context("could not read `integrations`")? {
        let file = folder?.path().join(name);
        if file.is_file() {
            files.push(fs::read_to_string(file)?);
        }
    }
    Ok(files)
}

fn fragments() -> anyhow::Result<Vec<Value>> {
    let file = root().join("crates/mapper/tests/it/cases/mapping-cases.jsonl");
    let cases = fs::read_to_string(&file).with_context(|| format!("could not read `{}`", file.display()))?;
    let fragment = |line: &str| Ok(serde_json::from_str::<Value>(line)?["mapping_fragment"].take());
    cases.lines().map(fragment).collect()
}

/// Calls for each text in a value, with the name of its member.
fn texts_in(value: &Value, call: &mut dyn FnMut(&str, &str)) {
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            Value::String(text) => call(name, text),
            other => texts_in(other, call),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        texts_in(item, call);
    }
}

fn write_seeds(target: &str, texts: &[String]) -> anyhow::Result<PathBuf> {
    let seeds = folder(&format!("target/fuzz-seeds/{target}"))?;
    for (number, text) in texts.iter().enumerate() {
        fs::write(seeds.join(number.to_string()), text)?;
    }
    Ok(seeds)
}

/// A folder of the project, made if it is not there.
fn folder(path: &str) -> anyhow::Result<PathBuf> {
    let folder = root().join(path);
    fs::create_dir_all(&folder).with_context(|| format!("could not make `{}`", folder.display()))?;
    Ok(folder)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
