//! `provost mapper convert`: a mapper in the other form.

use std::process::ExitCode;

use anyhow::Context as _;
use provost_mapper::{ConvertError, Converted, Form, convert};

use crate::args::{MapperConvert, MapperForm};
use crate::output;

/// Prints or writes a mapper in the other form. What is not kept is told on standard error;
/// where something has no equivalent, all of it is told and nothing is written.
pub(super) fn run(arguments: &MapperConvert) -> anyhow::Result<ExitCode> {
    let (file, text) = super::open(&arguments.mapper)?;
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
