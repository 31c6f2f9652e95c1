//! What a mapping needs that the document does not hold: a name nobody has yet, another
//! person's account, a secret.
//!
//! A mapping does no I/O. It asks: [`Mapped::requests`](crate::Mapped) lists what it needs,
//! and the targets that wait for it are `pending`. Whoever can answer does so and runs the
//! mapper again with the [`Answers`], until there are no requests left. A dry run stops at
//! the requests and shows them.

use std::fmt;

use serde_json::Value;

use crate::Expression;
use crate::plan::Source;

/// How often a mapper is run again with more answers. Each effect may rest on others, but
/// a mapper that still asks after this many rounds never ends.
pub const ROUNDS: usize = 8;

/// What a mapping needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// The first of the values that no other account has.
    Unique {
        /// The attribute that must be free.
        by: String,
        /// The values, best first; at least one.
        candidates: Vec<String>,
    },
    /// What somebody's account has.
    Reference {
        /// Attributes and values that find the account. They are tried in turn until one
        /// finds somebody.
        find: Vec<(String, String)>,
        /// `id`, `username`, `email`, or an attribute of the account.
        take: String,
        /// Whether it is an error when nobody is found.
        must_exist: bool,
    },
    /// A text that nobody can guess.
    Secret {
        /// The target that it is for: two targets never have the same.
        target: String,
        /// What it is made of.
        kind: Secret,
    },
}

/// What is known by now.
#[derive(Debug, Clone, Default)]
pub struct Answers(Vec<(Request, Option<Value>)>);

impl Answers {
    /// Adds an answer; nothing where there is none to give.
    pub fn add(&mut self, request: Request, answer: Option<Value>) {
        self.0.push((request, answer));
    }

    pub(crate) fn of(&self, request: &Request) -> Option<&Option<Value>> {
        self.0.iter().find(|(known, _)| known == request).map(|(_, answer)| answer)
    }
}

/// How a value becomes one that nobody has: a suffix that is counted up.
#[derive(Debug)]
pub struct Unique {
    /// The attribute that must be free; the target itself where it is not said.
    pub by: Option<String>,
    /// The suffix as an expression over `n`.
    pub suffix: Expression,
    /// The first `n`.
    pub from: u32,
    /// The last `n`.
    pub max: u32,
    /// The most characters that the value may have.
    pub length: Option<usize>,
}

/// Where another person's account is found, and what is taken of it.
#[derive(Debug)]
pub struct Reference {
    /// Attributes, and where their values come from.
    pub find: Vec<(String, Source)>,
    /// As in [`Request::Reference`].
    pub take: String,
    /// As in [`Request::Reference`].
    pub must_exist: bool,
}

/// What a secret is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// How many characters.
    pub length: usize,
    /// Of which classes; each occurs at least once.
    pub classes: Vec<Class>,
}

/// Characters of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// a to z.
    Lower,
    /// A to Z.
    Upper,
    /// 0 to 9.
    Digit,
    /// Marks that no system is known to refuse.
    Symbol,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Lower, Self::Upper, Self::Digit, Self::Symbol];

    fn characters(self) -> &'static str {
        match self {
            Self::Lower => "abcdefghijklmnopqrstuvwxyz",
            Self::Upper => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Self::Digit => "0123456789",
            Self::Symbol => "!#$%*+-=?@_",
        }
    }
}

impl Secret {
    /// The fewest and the most characters that a secret may have.
    pub const LENGTHS: std::ops::RangeInclusive<usize> = 8..=256;

    /// A new text. `random` fills a buffer with bytes that nobody can guess.
    pub fn text(&self, random: &mut dyn FnMut(&mut [u8])) -> String {
        let all: Vec<char> = self.classes.iter().flat_map(|class| class.characters().chars()).collect();
        let mut text: Vec<char> = self
            .classes
            .iter()
            .map(|class| pick(&class.characters().chars().collect::<Vec<_>>(), random))
            .collect();
        while text.len() < self.length {
            text.push(pick(&all, random));
        }
        shuffle(&mut text, random);
        text.into_iter().collect()
    }
}

/// One of the characters, each as likely as the others.
fn pick(characters: &[char], random: &mut dyn FnMut(&mut [u8])) -> char {
    characters[below(characters.len(), random)]
}

/// Fisher and Yates: every order is as likely as the others.
fn shuffle(text: &mut [char], random: &mut dyn FnMut(&mut [u8])) {
    for at in (1..text.len()).rev() {
        text.swap(at, below(at + 1, random));
    }
}

/// A number below `end`, which is at most 256. Bytes that would favour small ones are left out.
fn below(end: usize, random: &mut dyn FnMut(&mut [u8])) -> usize {
    let fair = 256 - 256 % end;
    loop {
        let mut byte = [0];
        random(&mut byte);
        if usize::from(byte[0]) < fair {
            return usize::from(byte[0]) % end;
        }
    }
}

/// A value with a suffix. It goes before the `@` of an address, and the value gives way
/// where both are longer than `length`.
pub(crate) fn suffixed(value: &str, suffix: &str, length: Option<usize>) -> String {
    let (name, domain) = value.split_at(value.find('@').unwrap_or(value.len()));
    let taken = suffix.chars().count() + domain.chars().count();
    let room = length.map_or(usize::MAX, |length| length.saturating_sub(taken));
    let name: String = name.chars().take(room).collect();
    format!("{name}{suffix}{domain}")
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique { by, candidates } => {
                let shown: Vec<&str> = candidates.iter().take(3).map(String::as_str).collect();
                let more = if candidates.len() > shown.len() { ", ..." } else { "" };
                write!(f, "the first of {}{more} that no account has as `{by}`", shown.join(", "))
            }
            Self::Reference { find, take, .. } => {
                let ways: Vec<String> =
                    find.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                write!(f, "`{take}` of the account with {}", ways.join(", or with "))
            }
            Self::Secret { kind, .. } => write!(f, "a secret of {} characters", kind.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_stand_before_the_domain_and_within_the_length() {
        let cases = [
            ("ann", "2", None, "ann2"),
            ("ann@example.com", "2", None, "ann2@example.com"),
            ("annexample", "12", Some(8), "annexa12"),
            ("åsa", "2", Some(3), "ås2"),
            ("annexample", "", Some(4), "anne"),
            ("ann@example.com", "2", Some(15), "an2@example.com"),
            ("ann", "1234", Some(2), "1234"),
        ];
        for (value, suffix, length, expected) in cases {
            assert_eq!(suffixed(value, suffix, length), expected, "{value} {suffix}");
        }
    }

    #[test]
    fn secrets_hold_every_class_and_are_spread_evenly() {
        let mut state = 1_u64;
        let mut random = |buffer: &mut [u8]| {
            for byte in buffer {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *byte = state.to_be_bytes()[0];
            }
        };
        let kind = Secret { length: 16, classes: Class::ALL.to_vec() };
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..4_000 {
            let text = kind.text(&mut random);
            assert_eq!(text.chars().count(), 16);
            for class in Class::ALL {
                assert!(text.chars().any(|c| class.characters().contains(c)), "{text}");
            }
            *seen.entry(text.chars().next()).or_insert(0_u32) += 1;
        }
        assert_eq!(seen.len(), 73, "every character comes first at some time");
    }
}
