//! Changing `provost.yaml` as a person would: comments, order and everything else stays.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use provost_core::dashed;

use super::Config;

/// The section that holds the instances.
const SECTION: &str = "instances:";

/// Adds an instance's block at the end of the section; makes the file if there is none.
/// `block` is the instance's lines, not indented.
///
/// # Errors
/// A file that is not laid out in lines, or would not be readable afterwards.
pub(crate) fn add(file: &Path, name: &str, block: &str) -> anyhow::Result<()> {
    let text = if file.exists() { fs::read_to_string(file)? } else { String::new() };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let section = match section(&lines) {
        Some(section) => section,
        None if text.contains(SECTION) => bail!(
            "`{}` has its instances in a form that cannot be edited line by line; please add the instance by hand",
            file.display()
        ),
        None => {
            lines.push(SECTION.to_owned());
            lines.len() - 1..lines.len()
        }
    };
    let indent =
        lines[section.clone()].iter().skip(1).find(|line| is_content(line)).map_or(2, |line| indent(line));
    let margin = " ".repeat(indent);
    let mut added = vec![format!("{margin}{name}:")];
    added.extend(block.lines().map(|line| format!("{margin}  {line}")));
    lines.splice(section.end..section.end, added);
    save(file, &lines)
}

/// Takes an instance's block out.
///
/// # Errors
/// A file that is not laid out in lines, or would not be readable afterwards.
pub(crate) fn remove(file: &Path, name: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let block = section(&lines).and_then(|section| block(&lines, section, name));
    let Some(block) = block else {
        bail!(
            "`{}` has `{name}` in a form that cannot be edited line by line; please remove it by hand",
            file.display()
        );
    };
    lines.drain(block);
    save(file, &lines)
}

/// The lines of the section, its head included, blank lines at the end left out.
fn section(lines: &[String]) -> Option<std::ops::Range<usize>> {
    let start = lines
        .iter()
        .position(|line| line.split('#').next().is_some_and(|line| line.trim_end() == SECTION))?;
    let rest = lines[start + 1..].iter();
    let end = rest.clone().position(|line| is_content(line) && indent(line) == 0).unwrap_or(rest.len());
    let used = lines[start + 1..start + 1 + end].iter().rposition(|line| !line.trim().is_empty());
    Some(start..start + 1 + used.map_or(0, |last| last + 1))
}

/// The lines of one instance.
fn block(lines: &[String], section: std::ops::Range<usize>, name: &str) -> Option<std::ops::Range<usize>> {
    let is_head = |line: &String| {
        line.trim().split_once(':').is_some_and(|(key, rest)| {
            dashed(key.trim_matches(['"', '\''])) == dashed(name)
                && rest.trim_start().chars().all(|c| c != '{')
        })
    };
    let margin =
        lines[section.clone()].iter().skip(1).find(|line| is_content(line)).map(|line| indent(line))?;
    let start = section.start
        + 1
        + lines[section.start + 1..section.end]
            .iter()
            .position(|line| indent(line) == margin && is_head(line))?;
    let length = lines[start + 1..section.end]
        .iter()
        .position(|line| is_content(line) && indent(line) <= margin)
        .unwrap_or(section.end - start - 1);
    Some(start..start + 1 + length)
}

fn is_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Writes the file in one step, after reading it as the next command would.
fn save(file: &Path, lines: &[String]) -> anyhow::Result<()> {
    let text = lines.join("\n") + "\n";
    Config::parse(file.to_owned(), text.clone()).context("the change would make the file unreadable")?;
    let folder = super::folder_of(file);
    let mut draft = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("could not write in `{}`", folder.display()))?;
    draft.write_all(text.as_bytes())?;
    if let Ok(current) = fs::metadata(file) {
        draft.as_file().set_permissions(current.permissions())?;
    }
    draft.persist(file).with_context(|| format!("could not write `{}`", file.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn comments_and_order_survive() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("provost.yaml");
        let before = "# ours\ninstances:\n  one: # first\n    integration: a\n  # about two\n  two:\n    integration: b\n\nintegrations: .\n";
        fs::write(&file, before).unwrap();
        add(&file, "three", "integration: c\nurl: u").unwrap();
        let added = fs::read_to_string(&file).unwrap();
        assert_eq!(
            added,
            before.replace(
                "    integration: b\n",
                "    integration: b\n  three:\n    integration: c\n    url: u\n"
            )
        );
        remove(&file, "three").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
        remove(&file, "one").unwrap();
        assert!(!fs::read_to_string(&file).unwrap().contains("first"));
    }

    #[test]
    fn a_file_is_made_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("provost.yaml");
        add(&file, "one", "integration: a").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "instances:\n  one:\n    integration: a\n");
    }

    #[test]
    fn what_is_no_block_is_left_alone() {
        assert_eq!(section(&lines("instances: {a: {}}")), None);
        assert!(section(&lines("instances:")).is_some());
    }
}
