//! Mistakes in what people write, before anybody knows on which line they stand.
//!
//! Whoever finds a mistake knows only the value at hand. On the way up each caller adds
//! the key behind which it found it ([`At::at`]), and whoever holds the file's text turns
//! the whole into a [`Diagnostic`](crate::Diagnostic) with an [`Outline`](crate::Outline).

use std::fmt;

use crate::diagnostic::Severity;

/// A mistake, and the way to it from the value that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// The keys to it, the last first.
    way: Vec<Key>,
    pub(crate) part: Part,
}

/// What of a member is underlined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Key,
    Value,
    /// These words of the value.
    Words(String),
}

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A member of an object.
    Name(String),
    /// An item of a list, counted from 0.
    Index(usize),
}

/// Says where a mistake was found.
pub trait At {
    /// The same, found behind a key.
    #[must_use]
    fn at(self, key: impl Into<Key>) -> Self;
}

impl Flaw {
    /// An error in the value at hand.
    pub fn new(message: impl Into<String>) -> Self {
        let (severity, part) = (Severity::Error, Part::Value);
        Self { message: message.into(), hint: None, severity, way: Vec::new(), part }
    }

    /// A warning about the value at hand.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(message) }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        self.with_optional_hint(Some(hint.into()))
    }

    /// The same with advice, if there is any.
    #[must_use]
    pub fn with_optional_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// The same about the key of the value.
    #[must_use]
    pub fn on_key(mut self) -> Self {
        self.part = Part::Key;
        self
    }

    /// The same about some words of the value.
    #[must_use]
    pub fn on_words(mut self, words: impl Into<String>) -> Self {
        self.part = Part::Words(words.into());
        self
    }

    /// The same, found at the end of these keys.
    #[must_use]
    pub fn along(self, keys: &[Key]) -> Self {
        keys.iter().rev().fold(self, |flaw, key| flaw.at(key.clone()))
    }

    /// The keys to it, the first first.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.way.iter().rev()
    }
}

impl At for Flaw {
    fn at(mut self, key: impl Into<Key>) -> Self {
        self.way.push(key.into());
        self
    }
}

impl<T> At for Result<T, Flaw> {
    fn at(self, key: impl Into<Key>) -> Self {
        self.map_err(|flaw| flaw.at(key))
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for Flaw {}

impl From<&str> for Key {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<&String> for Key {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}

impl From<String> for Key {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<usize> for Key {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}
