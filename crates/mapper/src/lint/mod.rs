//! What in a mapper is allowed, but hardly meant.
//!
//! `native` and `xsoar` walk a file as it is written and note what they see (`seen`);
//! the other modules judge that, and know nothing of the two forms. Nothing here decides
//! whether a mapper can run.

mod names;
mod native;
mod rules;
mod seen;
mod shapes;
mod steps;
mod xsoar;

use std::path::Path as FilePath;

use provost_core::{Diagnostic, Flaw, Schema};

use crate::load::{Form, Loaded, complaints, no_file};
use crate::plan::{Direction, Mapper};
use crate::tables::ReadFile;
use seen::SeenField;

pub(crate) use steps::HEARSAY;

/// The names that a mapper is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The profile's fields.
    pub profile: &'a Schema,
    /// The attributes of the system's accounts, if they are known.
    pub system: Option<&'a [String]>,
}

/// A mapper, if it can run, and all that is to be said about its file.
#[derive(Debug)]
pub struct Checked {
    /// The mapper.
    pub mapper: Option<Mapper>,
    /// Errors, warnings and hints in the order of their places.
    pub complaints: Vec<Diagnostic>,
}

impl Mapper {
    /// Reads a mapper and judges it. There is a mapper if there is no error.
    pub fn check(file: &FilePath, text: &str, around: &Around<'_>) -> Checked {
        Self::check_with(file, text, around, &no_file)
    }

    /// As [`Mapper::check`]; `read` reads the files of its tables.
    pub fn check_with(file: &FilePath, text: &str, around: &Around<'_>, read: &ReadFile<'_>) -> Checked {
        let Loaded { form, content, mapper } = match Loaded::read(file, text, read) {
            Ok(loaded) => loaded,
            Err(complaint) => return Checked { mapper: None, complaints: vec![*complaint] },
        };
        let fields = match form {
            Form::Native => native::fields(&content),
            Form::Xsoar => xsoar::fields(&content),
        };
        let mut flaws = lints(form, &fields, around, direction(&content));
        if form == Form::Xsoar {
            flaws.extend(shapes::flaws(&content));
        }
        let mapper = mapper.map_err(|errors| flaws.extend(errors)).ok();
        if form == Form::Native && content.get("tests").is_none() && mapper.is_some() {
            let message = "this mapper has no `tests`";
            let hint = "each has `given` and `expect`; `provost mapper test` runs them";
            flaws.push(Flaw::advice(message).with_hint(hint).on_key().along(&["mapper".into()]));
        }
        let outline = form.outline(text);
        let mut complaints = complaints(file, text, outline.as_ref(), flaws);
        complaints.extend(outline.iter().flat_map(|outline| outline.hidden(file, text, &hidden)));
        complaints.sort_by_key(|complaint| (complaint.line, complaint.column));
        complaints.dedup();
        Checked { mapper, complaints }
    }
}

fn direction(content: &serde_json::Value) -> Option<Direction> {
    match content["direction"].as_str().or(content["type"].as_str())? {
        "incoming" | "mapping-incoming" => Some(Direction::Incoming),
        "outgoing" | "mapping-outgoing" => Some(Direction::Outgoing),
        _ => None,
    }
}

fn lints(
    form: Form,
    fields: &[SeenField<'_>],
    around: &Around<'_>,
    direction: Option<Direction>,
) -> Vec<Flaw> {
    let mut flaws = rules::flaws(form, fields, direction);
    for field in fields {
        let noted = field.notes.iter();
        flaws.extend(noted.flat_map(|note| {
            let flaws = steps::flaws(form, &note.what);
            flaws.into_iter().map(|flaw| flaw.along(&note.way)).collect::<Vec<_>>()
        }));
        if let Some(direction) = direction {
            flaws.extend(names::flaws(field, around, direction));
        }
    }
    flaws
}

fn hidden(name: &str) -> Flaw {
    Flaw::warning(format!("the key `{name}` is there again below"))
        .with_hint("the last one wins, so this one has no effect")
}

#[cfg(test)]
mod tests;
