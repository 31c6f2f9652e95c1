//! Compiled patterns: kept in small caches, bounded in size and in work.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use fancy_regex::Captures;
use indexmap::IndexMap;

use super::dialect::{self, Dialect};
use super::{Call, Failure, FailureKind, wrong};

/// The longest pattern that is compiled, in bytes.
const LONGEST_PATTERN: usize = 8 << 10;
/// The largest program that a pattern may become, in bytes and in instructions.
const LARGEST_PROGRAM: usize = 4 << 20;
const MOST_INSTRUCTIONS: usize = 100_000;
/// How often a search may go back and try again.
const MOST_BACKTRACKS: usize = 100_000;
/// The longest text that is searched, in bytes: all matches of a bad pattern take time by
/// the square of it.
const LONGEST_SEARCHED: usize = 64 << 10;
/// The same of a pattern that looks around: each look may read to the end of the text, and
/// is not counted as going back.
const LONGEST_LOOKED_AROUND: usize = 8 << 10;
/// How looking around is written.
const LOOKS: [&str; 5] = ["(?=", "(?!", "(?<=", "(?<!", "(?>"];
/// The most matches that are taken from one text.
const MOST_MATCHES: usize = 10_000;
/// How many compiled patterns are kept of each engine.
const MOST_KEPT: usize = 256;

/// How a pattern is meant, beside what it says itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in super::super) struct Flags {
    pub(in super::super) ignore_case: bool,
    pub(in super::super) multi_line: bool,
    pub(in super::super) dot_all: bool,
}

impl Flags {
    /// The flags that a script takes as one argument each.
    pub(super) fn of_arguments(call: &Call<'_>) -> Result<Self, Failure> {
        Ok(Self {
            ignore_case: call.argument_flag("ignore_case")?,
            multi_line: call.argument_flag("multi_line")?,
            dot_all: call.argument_flag("period_matches_newline")?,
        })
    }

    /// The flags that a script takes as a list of words.
    pub(super) fn of_words(words: &str) -> Result<Self, Failure> {
        let mut flags = Self::default();
        for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match word {
                "dotall" | "s" => flags.dot_all = true,
                "multiline" | "m" => flags.multi_line = true,
                "ignorecase" | "i" => flags.ignore_case = true,
                "unicode" | "u" => {}
                _ => return Err(wrong("`flags` must be of dotall, multiline, ignorecase and unicode")),
            }
        }
        Ok(flags)
    }
}

/// Compiled patterns by their text and flags; the oldest makes room.
struct Cache<T>(Mutex<IndexMap<(String, Dialect, Flags), Arc<T>>>);

impl<T> Cache<T> {
    fn new() -> Self {
        Self(Mutex::new(IndexMap::new()))
    }

    fn get(
        &self,
        pattern: &str,
        dialect: Dialect,
        flags: Flags,
        compile: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Arc<T>, Failure> {
        let key = (pattern.to_owned(), dialect, flags);
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = lock().get(&key) {
            return Ok(Arc::clone(kept));
        }
        if pattern.len() > LONGEST_PATTERN {
            return Err(wrong(format!("the pattern is longer than {LONGEST_PATTERN} bytes")));
        }
        let compiled = Arc::new(compile(&dialect::translate(pattern, dialect)).map_err(wrong)?);
        let mut kept = lock();
        if kept.len() >= MOST_KEPT {
            kept.shift_remove_index(0);
        }
        kept.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }
}

static LINEAR: LazyLock<Cache<regex::Regex>> = LazyLock::new(Cache::new);
static BACKTRACKING: LazyLock<Cache<fancy_regex::Regex>> = LazyLock::new(Cache::new);

/// A pattern of Go's kind, which matches in linear time.
///
/// # Errors
/// A pattern that cannot be read, or that is too large.
pub(in super::super) fn linear(pattern: &str, ignore_case: bool) -> Result<Arc<regex::Regex>, Failure> {
    let flags = Flags { ignore_case, ..Flags::default() };
    LINEAR.get(pattern, Dialect::Go, flags, |translated| {
        regex::RegexBuilder::new(translated)
            .case_insensitive(ignore_case)
            .size_limit(LARGEST_PROGRAM)
            .build()
            .map_err(|error| reason(&error))
    })
}

/// A pattern of Python's kind, which may go back and try again up to a limit.
///
/// # Errors
/// A pattern that cannot be read, or that is too large.
pub(in super::super) fn backtracking(
    pattern: &str,
    dialect: Dialect,
    flags: Flags,
) -> Result<Arc<fancy_regex::Regex>, Failure> {
    BACKTRACKING.get(pattern, dialect, flags, |translated| {
        fancy_regex::RegexBuilder::new(translated)
            .case_insensitive(flags.ignore_case)
            .multi_line(flags.multi_line)
            .dot_matches_new_line(flags.dot_all)
            .backtrack_limit(MOST_BACKTRACKS)
            .delegate_size_limit(LARGEST_PROGRAM)
            .max_prog_size(MOST_INSTRUCTIONS)
            .build()
            .map_err(|error| reason(&error))
    })
}

/// The last line of an engine's message; those before draw the pattern.
fn reason(error: &dyn std::error::Error) -> String {
    let message = error.to_string();
    let last = message.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    format!("the pattern cannot be read: {}", last.trim().trim_start_matches("error: "))
}

/// The first match in a text.
pub(super) fn first<'t>(
    pattern: &fancy_regex::Regex,
    text: &'t str,
) -> Result<Option<Captures<'t, str>>, Failure> {
    searchable_by(pattern, text)?;
    pattern.captures(text).map_err(|_| too_long())
}

/// All matches in a text, or those up to a limit. As in Python, an empty match may
/// directly follow another match.
pub(super) fn matches<'t>(
    pattern: &fancy_regex::Regex,
    text: &'t str,
    limit: Option<usize>,
) -> Result<Vec<Captures<'t, str>>, Failure> {
    searchable_by(pattern, text)?;
    let (mut found, mut at) = (Vec::new(), 0);
    while at <= text.len() && limit.is_none_or(|limit| found.len() < limit) {
        let Some(captures) = pattern.captures_from_pos(text, at).map_err(|_| too_long())? else { break };
        let Some(whole) = captures.get(0) else { break };
        at = if whole.start() == whole.end() { after(text, whole.end()) } else { whole.end() };
        found.push(captures);
        countable(found.len())?;
    }
    Ok(found)
}

/// Fails for a text that is too long to be searched again and again.
pub(super) fn searchable(text: &str) -> Result<(), Failure> {
    no_longer(text, LONGEST_SEARCHED, "for a pattern")
}

/// The same for a pattern that may look around.
fn searchable_by(pattern: &fancy_regex::Regex, text: &str) -> Result<(), Failure> {
    if LOOKS.iter().any(|look| pattern.as_str().contains(look)) {
        return no_longer(text, LONGEST_LOOKED_AROUND, "for a pattern that looks around");
    }
    searchable(text)
}

fn no_longer(text: &str, most: usize, what_for: &str) -> Result<(), Failure> {
    if text.len() <= most {
        return Ok(());
    }
    let message = format!("a text of more than {most} bytes is too long {what_for}");
    Err(Failure::new(FailureKind::Limit, message))
}

/// Fails where there are more matches than are taken.
pub(super) fn countable(matches: usize) -> Result<(), Failure> {
    if matches <= MOST_MATCHES {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Limit, format!("more than {MOST_MATCHES} matches")))
}

/// The place after the character at a place; beyond the text after its end.
fn after(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// What a search that is cut off fails with.
pub(in super::super) fn too_long() -> Failure {
    Failure::new(FailureKind::Limit, "the pattern takes too long on this text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(pattern: &str) -> Arc<fancy_regex::Regex> {
        backtracking(pattern, Dialect::Python, Flags::default()).unwrap()
    }

    #[test]
    fn empty_matches_are_found_as_python_finds_them() {
        let found = |pattern: &str, text: &str| -> Vec<String> {
            let found = matches(&python(pattern), text, None).unwrap();
            found.iter().map(|captures| captures.get(0).unwrap().as_str().to_owned()).collect()
        };
        assert_eq!(found("a*", "baac"), ["", "aa", "", ""]);
        assert_eq!(found("(.*)", "abc"), ["abc", ""]);
        assert_eq!(found("x*", "øå"), ["", "", ""]);
    }

    #[test]
    fn a_pattern_that_goes_back_for_ever_is_stopped() {
        let text = "a".repeat(4_000);
        let failure = matches(&python(r"(?=(a+))(\1|a)+\1b$"), &text, None).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Limit);
    }

    #[test]
    fn texts_and_matches_without_end_are_refused() {
        for length in [LONGEST_SEARCHED + 1, MOST_MATCHES + 1] {
            let failure = matches(&python("a"), &"a".repeat(length), None).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Limit);
        }
        assert_eq!(matches(&python("a"), &"a".repeat(MOST_MATCHES + 1), Some(2)).unwrap().len(), 2);
        let (looks, long) = (python("(?=(a+)+b)(a|aa)+$"), "a".repeat(LONGEST_LOOKED_AROUND + 1));
        assert_eq!(matches(&looks, &long, None).unwrap_err().kind, FailureKind::Limit);
        assert!(first(&python("a+b"), &long).unwrap().is_none());
    }

    #[test]
    fn patterns_that_are_wrong_or_too_large_are_refused() {
        for pattern in ["(", r"(\pL{1000}){1000}", &"a".repeat(LONGEST_PATTERN + 1)] {
            assert_eq!(linear(pattern, false).unwrap_err().kind, FailureKind::Argument);
            let other = backtracking(pattern, Dialect::Python, Flags::default());
            assert_eq!(other.map(drop).unwrap_err().kind, FailureKind::Argument);
        }
    }

    #[test]
    fn deep_patterns_do_not_exhaust_the_stack() {
        for (open, close) in
            [("(", ")"), ("(?=", ")"), ("(?:", ")+"), ("[", "]"), ("(?:a|", ")"), ("a{9}", "{9}")]
        {
            for times in [60, 500, 1300, 4_000, 8_000] {
                let pattern = open.repeat(times) + &close.repeat(times);
                drop(backtracking(&pattern, Dialect::Python, Flags::default()));
                drop(linear(&pattern, false));
            }
        }
    }

    #[test]
    fn the_cache_stays_small() {
        for number in 0..MOST_KEPT * 2 {
            linear(&format!("x{number}"), false).unwrap();
        }
        assert!(LINEAR.0.lock().unwrap().len() <= MOST_KEPT);
    }
}
