//! What is seen in a mapper's file, whichever form it has.

use provost_core::Key;

use crate::Operator;

/// A field as it is written.
pub(super) struct SeenField<'a> {
    pub(super) type_name: &'a str,
    pub(super) target: &'a str,
    /// The keys to it.
    pub(super) way: Vec<Key>,
    pub(super) rules: Vec<SeenRule>,
    pub(super) notes: Vec<Note<'a>>,
}

/// A rule of a field.
pub(super) struct SeenRule {
    pub(super) way: Vec<Key>,
    /// Whether it applies to every document, at any time.
    pub(super) is_unconditional: bool,
    /// Whether it is for some commands only.
    pub(super) is_for_some: bool,
    /// Whether its source is always there.
    pub(super) is_constant: bool,
}

/// Something that was seen, and the keys to it.
pub(super) struct Note<'a> {
    pub(super) way: Vec<Key>,
    pub(super) what: What<'a>,
}

pub(super) enum What<'a> {
    /// An expression.
    Expression(&'a str),
    /// The expression of a `when`.
    When(&'a str),
    /// A place in the document.
    Place(&'a str),
    /// A text with holes.
    Text(&'a str),
    /// DT that begins at a value which is not the document.
    Code(&'a str),
    /// An operator's name.
    Operator(&'a str),
    /// An argument that the operator does not have.
    Stranger(&'static Operator, &'a str),
    /// The left side of a filter that does not begin with this root.
    Beside(&'a str),
    /// A step that reads JSON from what the steps before it glued.
    Glued,
    /// A key that has no effect beside `clear`.
    BesideClear(&'static str),
}

/// What is noted of a field, with the keys to where we are.
pub(super) struct Notes<'a> {
    way: Vec<Key>,
    pub(super) notes: Vec<Note<'a>>,
}

impl<'a> Notes<'a> {
    pub(super) fn from(way: &[Key]) -> Self {
        Self { way: way.to_vec(), notes: Vec::new() }
    }

    /// Looks behind a key.
    pub(super) fn behind(&mut self, key: impl Into<Key>, look: impl FnOnce(&mut Self)) {
        self.way.push(key.into());
        look(self);
        self.way.pop();
    }

    pub(super) fn note(&mut self, what: What<'a>) {
        self.notes.push(Note { way: self.way.clone(), what });
    }

    pub(super) fn way(&self) -> Vec<Key> {
        self.way.clone()
    }
}

/// A step of a chain: its operator and the constant texts that it is given.
pub(super) struct SeenStep<'a> {
    pub(super) operator: &'a str,
    pub(super) texts: Vec<&'a str>,
}

/// Where in a chain JSON is read that was glued from texts.
pub(super) fn glued(steps: &[SeenStep<'_>]) -> Option<usize> {
    let is = |step: &SeenStep<'_>, name: &str| {
        crate::operators::find(step.operator).is_ok_and(|operator| operator.name == name)
    };
    let glues = |step: &SeenStep<'_>| {
        is(step, "concat") && step.texts.iter().any(|text| text.contains(['{', '[', '"']))
    };
    let first = steps.iter().position(glues)?;
    steps.iter().enumerate().skip(first).find(|(_, step)| is(step, "ParseJSON")).map(|(at, _)| at)
}
