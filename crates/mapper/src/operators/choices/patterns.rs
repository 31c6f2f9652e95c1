//! Regular expressions of scripts, which look around and refer back. Those that take too
//! long are cut off.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use fancy_regex::{Regex, RegexBuilder};

use super::super::{Failure, FailureKind};

/// How often a match may try another way.
const BACKTRACK_LIMIT: usize = 100_000;

/// How deep groups may be nested.
const DEPTH: usize = 100;

/// How many patterns a thread keeps.
const KEPT: usize = 256;

/// How a pattern is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Flags {
    pub(super) ignore_case: bool,
    pub(super) multi_line: bool,
    pub(super) dot_all: bool,
}

thread_local! {
    /// Patterns of this thread, since one pattern meets many values.
    static PATTERNS: RefCell<HashMap<(String, Flags), Rc<Regex>>> = RefCell::default();
}

pub(super) fn compiled(pattern: &str, flags: Flags) -> Result<Rc<Regex>, Failure> {
    let key = (pattern.to_owned(), flags);
    if let Some(found) = PATTERNS.with_borrow(|patterns| patterns.get(&key).cloned()) {
        return Ok(found);
    }
    let made = Rc::new(compile(pattern, flags)?);
    PATTERNS.with_borrow_mut(|patterns| {
        if patterns.len() >= KEPT {
            patterns.clear();
        }
        patterns.insert(key, Rc::clone(&made));
    });
    Ok(made)
}

fn compile(pattern: &str, flags: Flags) -> Result<Regex, Failure> {
    if pattern.bytes().filter(|byte| *byte == b'(').count() > DEPTH {
        return Err(Failure::new(FailureKind::Limit, "a regular expression has too many groups"));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(flags.ignore_case)
        .multi_line(flags.multi_line)
        .dot_matches_new_line(flags.dot_all)
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
        .map_err(|error| Failure::new(FailureKind::Argument, format!("no regular expression: {error}")))
}

/// The pattern that finds what another one finds, if that is the whole text.
pub(super) fn whole(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

/// Whether a pattern finds something, or the whole text.
pub(super) fn finds(pattern: &str, flags: Flags, in_whole: bool, text: &str) -> Result<bool, Failure> {
    let pattern = if in_whole { compiled(&whole(pattern), flags) } else { compiled(pattern, flags) };
    pattern?.is_match(text).map_err(|_| too_long())
}

/// What a match that is cut off fails with.
pub(super) fn too_long() -> Failure {
    Failure::new(FailureKind::Limit, "a regular expression takes too long")
}
