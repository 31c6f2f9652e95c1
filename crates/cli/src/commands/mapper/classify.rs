//! `provost mapper classify`: the type of incident that a classifier gives a document.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_mapper::{Classifier, Environment};
use serde_json::Value;

use crate::args::{Format, Global, MapperClassify};
use crate::output;
use crate::streams::{Lines, Out, Problems};

/// Classifies a document, or a document a line.
pub(super) fn run(global: &Global, arguments: &MapperClassify) -> anyhow::Result<ExitCode> {
    let file = Path::new(&arguments.classifier);
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("could not read the classifier `{}`", file.display()))?;
    let classifier = Classifier::load(file, &text)?;
    let environment = super::environment();
    let is_json = matches!(global.output, Format::Json | Format::Jsonl);
    if arguments.jsonl {
        return lines(&classifier, &environment, is_json, arguments.input.as_deref());
    }
    let document = super::document(arguments.input.as_deref())?;
    match classifier.classify(&document, &environment) {
        Ok(found) => {
            let shown = shown(found, is_json);
            if !shown.is_empty() {
                output::say(&shown);
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            output::complain(&error.target, &error.problem);
            Ok(ExitCode::FAILURE)
        }
    }
}

/// A line for every line; it is empty where there is no type.
fn lines(
    classifier: &Classifier,
    environment: &Environment,
    is_json: bool,
    input: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let (mut lines, mut out, mut problems) = (Lines::open(input)?, Out::new(), Problems::default());
    while let Some((number, line)) = lines.next()? {
        let line = line.trim_ascii();
        let found = match serde_json::from_slice(line) {
            Ok(document) => classifier
                .classify(&document, environment)
                .map_err(|error| problems.tell("mapper", &format!("line {number}, {error}"))),
            Err(_) if line.is_empty() => Ok(None),
            Err(error) => {
                problems.tell("mapper", &format!("line {number}: no JSON document: {error}"));
                Ok(None)
            }
        };
        if !out.write(&(shown(found.unwrap_or_default(), is_json) + "\n"))? {
            break;
        }
    }
    out.finish()?;
    Ok(ExitCode::from(u8::from(!problems.finish())))
}

/// The type, or nothing; as JSON, nothing is null.
fn shown(found: Option<String>, is_json: bool) -> String {
    if is_json {
        return Value::from(found).to_string();
    }
    found.map(|name| output::clean(&name).replace('\n', " ")).unwrap_or_default()
}
