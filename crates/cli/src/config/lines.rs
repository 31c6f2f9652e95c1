//! The layout of `provost.yaml`, line by line: where the instances are, and where one
//! begins and ends.

use std::ops::Range;

use provost_core::dashed;

/// The section that holds the instances.
pub(super) const SECTION: &str = "instances:";

/// How far the instances' names are indented.
pub(super) fn margin(lines: &[String], section: &Range<usize>) -> usize {
    let names = lines[section.clone()].iter().skip(1);
    names.clone().find(|line| is_content(line)).map_or(2, |line| indent(line))
}

/// The lines of the section, its head included, blank lines at the end left out.
pub(super) fn section(lines: &[String]) -> Option<Range<usize>> {
    let start = lines
        .iter()
        .position(|line| line.split('#').next().is_some_and(|line| line.trim_end() == SECTION))?;
    let rest = lines[start + 1..].iter();
    let end = rest.clone().position(|line| is_content(line) && indent(line) == 0).unwrap_or(rest.len());
    let used = lines[start + 1..start + 1 + end].iter().rposition(|line| !line.trim().is_empty());
    Some(start..start + 1 + used.map_or(0, |last| last + 1))
}

/// The lines of one instance.
pub(super) fn block(lines: &[String], section: &Range<usize>, name: &str) -> Option<Range<usize>> {
    let is_head = |line: &String| {
        line.trim().split_once(':').is_some_and(|(key, rest)| {
            dashed(key.trim_matches(['"', '\''])) == dashed(name)
                && rest.trim_start().chars().all(|c| c != '{')
        })
    };
    let margin = margin(lines, section);
    let start = section.start
        + 1
        + lines[section.start + 1..section.end]
            .iter()
            .position(|line| indent(line) == margin && is_head(line))?;
    let rest = &lines[start + 1..section.end];
    let next = rest.iter().position(|line| is_content(line) && indent(line) <= margin).unwrap_or(rest.len());
    // A comment that is not indented is about what follows.
    let is_inside = |line: &String| !line.trim().is_empty() && indent(line) > margin;
    let last = rest[..next].iter().rposition(is_inside).map_or(0, |last| last + 1);
    Some(start..start + 1 + last)
}

fn is_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn what_is_no_block_is_left_alone() {
        assert_eq!(section(&lines("instances: {a: {}}")), None);
        assert!(section(&lines("instances:")).is_some());
    }
}
