//! From a file's text to a mapper, and from flaws to complaints with a place.

use std::io;
use std::path::Path as FilePath;

use provost_core::{Diagnostic, Flaw, Key, Outline, json, yaml};
use serde_json::Value;

use crate::plan::{COMMON_TYPE, Field, Mapper, Missing, Pipeline, Source};
use crate::tables::ReadFile;
use crate::{DtError, ExpressionError, PathError, native, xsoar};

/// How an expression's complaint begins about something that is not there.
const LACKING: &str = "there is no ";

/// How many steps a field may have.
const MOST_STEPS: usize = 200;

/// The two forms of mapper files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// YAML with expressions.
    Native,
    /// The JSON of Cortex XSOAR.
    Xsoar,
}

/// A file that can be read, with what became of it.
pub(crate) struct Loaded {
    pub(crate) form: Form,
    pub(crate) content: Value,
    pub(crate) mapper: Result<Mapper, Vec<Flaw>>,
}

impl Mapper {
    /// Reads a mapper from a file's text: JSON is XSOAR's form, YAML is ours. A table in a
    /// file of its own is refused.
    ///
    /// # Errors
    /// The first thing in the file that cannot work, with its place.
    pub fn load(file: &FilePath, text: &str) -> Result<Self, Box<Diagnostic>> {
        Self::load_with(file, text, &no_file)
    }

    /// Reads a mapper as [`Mapper::load`] does; `read` reads the files of its tables.
    ///
    /// # Errors
    /// As for [`Mapper::load`].
    pub fn load_with(file: &FilePath, text: &str, read: &ReadFile<'_>) -> Result<Self, Box<Diagnostic>> {
        let Loaded { form, mapper, .. } = Loaded::read(file, text, read)?;
        mapper.map_err(|flaws| {
            let complaints = complaints(file, text, form.outline(text).as_ref(), flaws);
            let first = complaints.into_iter().min_by_key(|complaint| (complaint.line, complaint.column));
            Box::new(first.unwrap_or_else(|| Diagnostic::about(file, "this is no mapper")))
        })
    }
}

impl Loaded {
    /// Reads a text.
    ///
    /// # Errors
    /// A text that is neither JSON nor YAML.
    pub(crate) fn read(file: &FilePath, text: &str, read: &ReadFile<'_>) -> Result<Self, Box<Diagnostic>> {
        let form = Form::of(text);
        let content = form.read(file, text)?;
        let mapper = match form {
            Form::Native => native::compile(&content, file, read),
            Form::Xsoar => xsoar::compile(&content),
        };
        let mapper = mapper.and_then(|mapper| {
            let flaws = too_long(form, &mapper);
            if flaws.is_empty() { Ok(mapper) } else { Err(flaws) }
        });
        Ok(Self { form, content, mapper })
    }
}

impl Form {
    /// The form of a file's text.
    pub fn of(text: &str) -> Self {
        let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
        if is_json { Self::Xsoar } else { Self::Native }
    }

    /// The form that this one is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Native => Self::Xsoar,
            Self::Xsoar => Self::Native,
        }
    }

    pub(crate) fn read(self, file: &FilePath, text: &str) -> Result<Value, Box<Diagnostic>> {
        match self {
            Self::Native => yaml::parse(file, text),
            Self::Xsoar => serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
                let (line, column) = (error.line(), error.column().max(1));
                let message = format!("this is no JSON: {error}");
                let without_place = message.split(" at line ").next().unwrap_or_default();
                Box::new(Diagnostic::at(file, text, line, column, without_place))
            }),
        }
    }

    pub(crate) fn outline(self, text: &str) -> Option<Outline> {
        match self {
            Self::Native => yaml::outline(text),
            Self::Xsoar => json::outline(text),
        }
    }

    /// The keys to a field.
    pub(crate) fn way_to(self, type_name: &str, target: &str) -> Vec<Key> {
        let names: &[&str] = match self {
            Self::Native if type_name == COMMON_TYPE => &["fields", target],
            Self::Native => &["types", type_name, target],
            Self::Xsoar => &["mapping", type_name, "internalMapping", target],
        };
        names.iter().map(|name| Key::from(*name)).collect()
    }
}

/// Reads no files.
pub(crate) fn no_file(_: &FilePath) -> io::Result<String> {
    Err(io::Error::other("no other file is read here"))
}

/// The complaints that flaws are. Without an outline they are about the file.
pub(crate) fn complaints(
    file: &FilePath,
    text: &str,
    outline: Option<&Outline>,
    flaws: Vec<Flaw>,
) -> Vec<Diagnostic> {
    let about = |flaw: Flaw| {
        Diagnostic::about(file, flaw.message).with_severity(flaw.severity).with_optional_hint(flaw.hint)
    };
    let complain = |flaw| match outline {
        Some(outline) => outline.complain(file, text, flaw),
        None => about(flaw),
    };
    flaws.into_iter().flat_map(Flaw::each).map(complain).collect()
}

/// The fields that have too many steps.
fn too_long(form: Form, mapper: &Mapper) -> Vec<Flaw> {
    let fields = mapper.types.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (name, field)));
    fields
        .map(|(name, field)| (name, field, steps(field)))
        .filter(|(.., steps)| *steps > MOST_STEPS)
        .map(|(name, field, steps)| {
            let message =
                format!("`{}` has {steps} steps, but a field has at most {MOST_STEPS}", field.target);
            Flaw::new(message).on_key().along(&form.way_to(name, &field.target))
        })
        .collect()
}

/// How many steps a field has.
fn steps(field: &Field) -> usize {
    let of_rule = |rule: &crate::Rule| {
        let other = match &rule.missing {
            Missing::Default(source) => steps_of(source),
            _ => 0,
        };
        other + steps_of(&rule.source)
    };
    field.rules.iter().map(of_rule).sum()
}

fn steps_of(source: &Source) -> usize {
    match source {
        Source::Pipeline(pipeline) => steps_of_pipeline(pipeline),
        Source::List(items) => items.iter().map(steps_of).sum(),
        Source::Object(members) => members.iter().map(|(_, member)| steps_of(member)).sum(),
        _ => 0,
    }
}

fn steps_of_pipeline(pipeline: &Pipeline) -> usize {
    let arguments = pipeline.steps.iter().flat_map(|step| &step.arguments).flatten();
    let rights = pipeline.filters.iter().flatten().filter_map(|filter| filter.right.as_ref());
    pipeline.steps.len() + arguments.chain(rights).chain([&pipeline.root]).map(steps_of).sum::<usize>()
}

impl From<PathError> for Flaw {
    fn from(error: PathError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<DtError> for Flaw {
    fn from(error: DtError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<ExpressionError> for Flaw {
    /// The expression is not repeated, since it is underlined; nor could it be told
    /// whether it holds a secret. What it lacks is named in backquotes.
    fn from(error: ExpressionError) -> Self {
        let (message, hint) = match error.problem.split_once("; ") {
            Some((message, hint)) if message.starts_with(LACKING) => (message, Some(hint.to_owned())),
            _ => (error.problem.as_str(), None),
        };
        let name = message.strip_prefix(LACKING).and_then(|rest| rest.split('`').nth(1));
        let flaw = Self::new(message).with_optional_hint(hint);
        match name {
            Some(name) => flaw.on_words(name),
            None => flaw,
        }
    }
}
