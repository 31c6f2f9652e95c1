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
    /// What else is wrong with the same value.
    others: Box<[Flaw]>,
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
        Self { message: message.into(), hint: None, severity, way: Vec::new(), part, others: Box::default() }
    }

    /// A warning about the value at hand.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(message) }
    }

    /// Advice about the value at hand.
    pub fn advice(message: impl Into<String>) -> Self {
        Self { severity: Severity::Hint, ..Self::new(message) }
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

    /// The results, or all that is wrong with them.
    ///
    /// # Errors
    /// The first flaw, which holds the others.
    pub fn collect<T>(results: impl IntoIterator<Item = Result<T, Self>>) -> Result<Vec<T>, Self> {
        let mut all = Ok(Vec::new());
        for result in results {
            all = Self::both(all, result).map(|(mut values, value)| {
                values.push(value);
                values
            });
        }
        all
    }

    /// Both results, or all that is wrong with them.
    ///
    /// # Errors
    /// As for [`Flaw::collect`].
    pub fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(flaw), Ok(_)) | (Ok(_), Err(flaw)) => Err(flaw),
            (Err(one), Err(other)) => Err(one.and(other)),
        }
    }

    fn and(mut self, other: Self) -> Self {
        let others = std::mem::take(&mut self.others);
        self.others = others.into_iter().chain(other.each()).collect();
        self
    }

    /// It and those that it holds.
    pub fn each(mut self) -> Vec<Self> {
        let others = std::mem::take(&mut self.others);
        std::iter::once(self).chain(others).collect()
    }

    /// The keys to it, the first first.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.way.iter().rev()
    }
}

impl At for Flaw {
    fn at(mut self, key: impl Into<Key>) -> Self {
        let key = key.into();
        self.others.iter_mut().for_each(|other| other.way.push(key.clone()));
        self.way.push(key);
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
