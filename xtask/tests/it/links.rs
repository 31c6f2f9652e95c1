//! The links between the project's own pages: the file is there, and the heading in it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Where pages are, with all folders below but for those that cargo writes.
const PLACES: [&str; 4] = ["docs", "integrations", "bench", "fuzz"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the project is there")
}

fn pages_in(folder: &Path, is_deep: bool, pages: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && is_deep && !path.ends_with("target") {
            pages_in(&path, true, pages);
        } else if path.extension().is_some_and(|end| end == "md") {
            let text = std::fs::read_to_string(&path).expect("a page");
            pages.insert(path, prose(&text));
        }
    }
}

/// A page without its blocks of code.
fn prose(text: &str) -> String {
    let parts = text.split("\n```").enumerate();
    parts.filter(|(number, _)| number % 2 == 0).map(|(_, part)| part).collect::<Vec<_>>().join("\n")
}

/// The name that a heading has in links.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
}

fn has_heading(page: &str, name: &str) -> bool {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).any(|heading| heading == name)
}

/// The targets of the links in a page that lead to our own files.
fn targets(page: &str) -> impl Iterator<Item = &str> {
    let all = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    all.filter(|target| !target.contains("://"))
}

/// A path without the steps up in it.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
        plain
    })
}

#[test]
fn every_link_leads_somewhere() {
    let root = root();
    let mut pages = BTreeMap::new();
    pages_in(&root, false, &mut pages);
    for place in PLACES {
        pages_in(&root.join(place), true, &mut pages);
    }
    let mut broken = Vec::new();
    let mut count = 0;
    for (page, text) in &pages {
        for target in targets(text) {
            count += 1;
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { page.clone() } else { plain(&page.with_file_name(file)) };
            let has = |text: &String| heading.is_empty() || has_heading(text, heading);
            if !pages.get(&file).map_or_else(|| heading.is_empty() && file.exists(), has) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(count > 50, "{count} links");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
