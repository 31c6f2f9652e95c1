//! Errors in files that people write: where, what, and what was meant.

use std::fmt;
use std::path::{Path, PathBuf};

/// How bad a complaint is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// All is well, but it could be better.
    Hint,
    /// The file works, but perhaps not as it was meant.
    Warning,
    /// The file cannot work.
    #[default]
    Error,
}

/// One complaint about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as the user knows it.
    pub file: PathBuf,
    /// Line, counted from 1; 0 when the complaint is about the whole file.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// How many characters it is about; 0 where that is not known.
    pub length: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The text of the line, to show under the message.
    pub excerpt: String,
}

impl Diagnostic {
    /// A complaint about a place in a file, given with the file's text.
    pub fn at(file: &Path, text: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        let excerpt = line.checked_sub(1).and_then(|above| text.lines().nth(above));
        Self {
            file: file.to_owned(),
            line,
            column,
            length: 0,
            severity: Severity::Error,
            message: message.into(),
            hint: None,
            excerpt: excerpt.filter(|line| !may_hold_secret(line)).unwrap_or_default().to_owned(),
        }
    }

    /// A complaint about a file as a whole.
    pub fn about(file: &Path, message: impl Into<String>) -> Self {
        Self::at(file, "", 0, 0, message)
    }

    /// The same complaint about so many characters.
    #[must_use]
    pub fn with_length(self, length: usize) -> Self {
        Self { length, ..self }
    }

    /// The same complaint, better or worse.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The same complaint with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same complaint, with the hint if there is one.
    #[must_use]
    pub fn with_optional_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

/// Whether a line is better not shown: it could hold a secret in plain text.
pub fn may_hold_secret(line: &str) -> bool {
    let line = line.to_lowercase();
    ["password", "token", "secret"].iter().any(|word| line.contains(word))
}

/// Says which of the known words was probably meant, or lists them when none is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(candidate) => Some(format!("did you mean `{candidate}`?")),
        None if known.is_empty() => None,
        None => Some(format!("known are {}", listed(&known))),
    }
}

/// The known word that is so near that it was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    candidates
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .map(|(_, candidate)| candidate)
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// How far two words are apart, adjacent swaps counted once.
fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_meant_and_far_ones_are_listed() {
        let known = ["lookup", "account", "operations"];
        assert_eq!(did_you_mean("loookup", known).as_deref(), Some("did you mean `lookup`?"));
        assert_eq!(did_you_mean("acocunt", known).as_deref(), Some("did you mean `account`?"));
        assert_eq!(
            did_you_mean("zzz", known).as_deref(),
            Some("known are `lookup`, `account`, `operations`")
        );
        assert_eq!(did_you_mean("zzz", []), None);
    }
}
