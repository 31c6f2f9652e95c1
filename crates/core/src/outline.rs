//! Where each value of a file stands. An outline is made only when there is something to
//! complain about; both forms, YAML and JSON, have the same.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use crate::Diagnostic;
use crate::flaw::{Flaw, Key, Part};

/// A value's place in the text, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its bytes. Of an object or a list only the beginning is sure.
    pub(crate) span: Range<usize>,
    pub(crate) content: Content,
}

/// What is in a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Scalar,
    List(Vec<Outline>),
    /// Also with the members that a later one of the same name hides.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) key: Range<usize>,
    pub(crate) value: Outline,
}

/// What is underlined, and the value in which it is.
struct Found<'a> {
    key: Option<&'a Range<usize>>,
    value: &'a Outline,
}

impl Outline {
    /// The complaint that a flaw is, in the file with this outline.
    pub fn complain(&self, file: &Path, text: &str, flaw: Flaw) -> Diagnostic {
        let span = self.span_of(text, &flaw);
        complain_at(file, text, &span, flaw)
    }

    /// A complaint about each member that a later one of the same name hides.
    pub fn hidden(&self, file: &Path, text: &str, flaw: &dyn Fn(&str) -> Flaw) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.each_hidden(&mut Vec::new(), &mut |_, member| {
            found.push(complain_at(file, text, &member.key, flaw(&member.name)));
        });
        found
    }

    /// The members that a later one of the same name hides, as `a.b.c`.
    pub fn hidden_paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.each_hidden(&mut Vec::new(), &mut |way, _| found.push(way.join(".")));
        found
    }

    fn each_hidden<'a>(&'a self, way: &mut Vec<&'a str>, tell: &mut dyn FnMut(&[&str], &Member)) {
        match &self.content {
            Content::Scalar => {}
            Content::List(items) => items.iter().for_each(|item| item.each_hidden(way, tell)),
            Content::Object(members) => {
                let places = members.iter().enumerate().map(|(at, member)| (member.name.as_str(), at));
                let last: HashMap<&str, usize> = places.collect();
                for (at, member) in members.iter().enumerate() {
                    way.push(&member.name);
                    if last[member.name.as_str()] != at {
                        tell(way, member);
                    }
                    member.value.each_hidden(way, tell);
                    way.pop();
                }
            }
        }
    }

    fn span_of(&self, text: &str, flaw: &Flaw) -> Range<usize> {
        let found = self.find(flaw.keys());
        let whole = || match (&found.value.content, found.key) {
            (Content::Scalar, _) | (_, None) => found.value.span.clone(),
            // An object or a list begins anywhere; its key says what is meant.
            (_, Some(key)) => key.clone(),
        };
        match &flaw.part {
            Part::Value => whole(),
            Part::Key => found.key.map_or_else(whole, Range::clone),
            Part::Words(words) => {
                let inside = text.get(found.value.span.clone()).and_then(|value| position(value, words));
                inside.map_or_else(whole, |at| {
                    let start = found.value.span.start + at;
                    start..start + words.len()
                })
            }
        }
    }

    /// The value at the end of the keys, or the last on the way that is there.
    fn find<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Found<'_> {
        let mut found = Found { key: None, value: self };
        for key in keys {
            let next = match (key, &found.value.content) {
                (Key::Name(name), Content::Object(members)) => {
                    let member = members.iter().rev().find(|member| member.name == *name);
                    member.map(|member| Found { key: Some(&member.key), value: &member.value })
                }
                (Key::Index(index), Content::List(items)) => {
                    items.get(*index).map(|value| Found { key: None, value })
                }
                _ => None,
            };
            let Some(next) = next else { break };
            found = next;
        }
        found
    }
}

/// Where words stand in a text; best where they are not part of longer ones.
fn position(text: &str, words: &str) -> Option<usize> {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let alone = |at: &usize| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + words.len()..].chars().next());
        !is_word(before) && !is_word(after)
    };
    let mut places = text.match_indices(words).map(|(at, _)| at);
    places.find(alone).or_else(|| text.find(words))
}

/// The complaint about the bytes of a text; of several lines, the first is underlined.
fn complain_at(file: &Path, text: &str, span: &Range<usize>, flaw: Flaw) -> Diagnostic {
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').filter(|c| *c != '\u{feff}').count() + 1;
    let marked = text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    Diagnostic::at(file, text, line, column, flaw.message)
        .with_length(marked.trim_end().chars().count())
        .with_severity(flaw.severity)
        .with_optional_hint(flaw.hint)
}
