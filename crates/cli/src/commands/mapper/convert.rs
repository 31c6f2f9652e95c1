//! `provost mapper convert`: a mapper in the other form.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_mapper::{ConvertError, Converted, Form, convert};

use crate::args::{Global, MapperConvert, MapperForm};
use crate::output::{self, Hinted};

/// Prints or writes a mapper in the other form. What is not kept is told on standard error;
/// where something has no equivalent, all of it is told and nothing is written.
pub(super) fn run(global: &Global, arguments: &MapperConvert) -> anyhow::Result<ExitCode> {
    let (file, text) = super::open(global, &arguments.mapper)?;
    if let Some(out) = arguments.out.as_deref().filter(|out| is_same(out, &file)) {
        let message = format!("`{}` is the mapper that is read; it is not written over", out.display());
        return Err(Hinted::new(message).hint("name another file").into());
    }
    let to = match arguments.to {
        Some(MapperForm::Native) => Form::Native,
        Some(MapperForm::Xsoar) => Form::Xsoar,
        None => Form::of(&text).other(),
    };
    match convert(&file, &text, to) {
        Ok(converted) => write(arguments, &converted),
        Err(ConvertError::NoEquivalent(problems)) => {
            for problem in &problems {
                output::complain(
                    &arguments.mapper,
                    &format!("{problem} has no equivalent in an XSOAR mapper"),
                );
            }
            output::hint("nothing was written; write these rules with paths, `from` and `then`");
            Ok(ExitCode::FAILURE)
        }
        Err(ConvertError::Unreadable(diagnostic)) => Err(diagnostic.into()),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |file: &Path| file.canonicalize().ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

fn write(arguments: &MapperConvert, converted: &Converted) -> anyhow::Result<ExitCode> {
    match &arguments.out {
        Some(out) => std::fs::write(out, &converted.text)
            .with_context(|| format!("could not write `{}`", out.display()))?,
        None => output::say(converted.text.trim_end_matches('\n')),
    }
    for note in &converted.notes {
        output::warn(&format!("{}: {note}", arguments.mapper));
    }
    Ok(ExitCode::SUCCESS)
}
