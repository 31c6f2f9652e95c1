//! The README and the guide to mappers, word for word: their commands are run, and what
//! they print is what the pages show.

use crate::pages::{Reader, page};

/// The sections of the README whose commands are run, in one folder and one after the other.
const SECTIONS: [&str; 3] = ["## Practise", "## Mappers", "## Your systems"];

/// The pages whose commands are run, each in a folder of its own.
const PAGES: [&str; 5] = [
    "docs/mappers.md",
    "docs/mappers/native.md",
    "docs/mappers/expressions.md",
    "docs/mappers/bench.md",
    "docs/mappers/xsoar.md",
];

/// What differs from run to run taken out: ports, durations, and the blanks that depend
/// on how long a port is.
fn without_ports(output: &str) -> Vec<String> {
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
    let lines = output.lines().filter(|line| !line.starts_with("Next:")).map(line);
    lines.filter(|line| !line.is_empty()).collect()
}

/// Everything but blanks at the ends.
fn exactly(output: &str) -> Vec<String> {
    output.trim_end().lines().map(|line| line.trim_end().to_owned()).collect()
}

#[tokio::test]
async fn the_readme_is_true() {
    let text = page("README.md");
    let sections =
        text.split("\n## ").filter(|section| SECTIONS.iter().any(|title| section.starts_with(&title[3..])));
    let mut reader = Reader::new(without_ports);
    let mut commands = 0;
    for section in sections {
        commands += reader.follow(section).await;
    }
    assert!(commands > 15, "the README has commands");
}

#[tokio::test]
async fn the_page_about_the_lab_is_true() {
    let commands = Reader::new(without_ports).follow(&page("docs/lab.md")).await;
    assert!(commands > 3, "{commands} commands");
}

#[tokio::test]
async fn the_guide_to_mappers_is_true() {
    let mut commands = 0;
    for name in PAGES {
        commands += Reader::new(exactly).follow(&page(name)).await;
    }
    assert!(commands > 30, "{commands} commands");
}

#[tokio::test]
async fn the_page_on_batches_is_true() {
    let commands = Reader::new(without_ports).follow(&page("docs/batch.md")).await;
    assert!(commands > 6, "{commands} commands");
}
