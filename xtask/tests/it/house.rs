//! The arrows between crates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A row of the table in ARCHITECTURE.md.
#[derive(Debug)]
struct Rule {
    may_use: BTreeSet<String>,
    never: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn architecture() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map is there")
}

/// Words of a table cell, `-` being none.
fn words(cell: &str) -> BTreeSet<String> {
    cell.split(',').map(|word| word.trim().trim_matches('`').to_owned()).filter(|word| word != "-").collect()
}

fn rules() -> BTreeMap<String, Rule> {
    let text = architecture();
    let rows = text.lines().skip_while(|line| !line.starts_with("| Crate |")).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`').to_owned(), Rule { may_use: words(cells[3]), never: words(cells[4]) })
        })
        .collect()
}

/// Each of our crates with the names of what it depends on, tests left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let packages = list(&metadata["packages"]);
    packages
        .map(|package| {
            let all = list(&package["dependencies"]);
            let used = all.filter(|dependency| dependency["kind"] != "dev");
            (short(&package["name"]), used.map(|dependency| short(&dependency["name"])).collect())
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn short(name: &Value) -> String {
    let name = name.as_str().expect("a name");
    name.strip_prefix("provost-").unwrap_or(name).to_owned()
}

#[test]
fn the_map_names_every_crate_and_no_other() {
    let named: BTreeSet<String> = rules().into_keys().collect();
    let present: BTreeSet<String> = dependencies().into_keys().collect();
    assert_eq!(named, present);
}

#[test]
fn arrows_go_only_where_the_map_says() {
    let dependencies = dependencies();
    let ours: BTreeSet<&String> = dependencies.keys().collect();
    for (name, rule) in rules() {
        let used = &dependencies[&name];
        let drawn: BTreeSet<String> = used.iter().filter(|used| ours.contains(used)).cloned().collect();
        assert_eq!(drawn, rule.may_use, "`{name}` uses other crates of ours than the map says");
        let forbidden: Vec<_> = used.intersection(&rule.never).collect();
        assert!(forbidden.is_empty(), "`{name}` must never use {forbidden:?}");
    }
}

#[test]
fn files_that_the_map_points_to_are_there() {
    let text = architecture();
    let paths = text.split('`').skip(1).step_by(2).filter(|word| word.contains('/') && !word.contains('<'));
    for path in paths.filter(|path| path.starts_with("crates/") || path.starts_with("docs/")) {
        assert!(root().join(path).exists(), "{path}");
    }
}
