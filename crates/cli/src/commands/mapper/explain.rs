//! How each field of a document comes by its value, for people and programs.

use std::process::ExitCode;

use provost_core::did_you_mean;
use provost_mapper::{Explained, Outcome, Taken};
use serde_json::Value;

use super::job;
use crate::args::{Format, Global, MapperExplain};
use crate::output::{self, BAD, DIM, GOOD, Hinted, SKIPPED, STRONG, clean, styled};

/// The longest value that people are shown of a step.
const LONGEST: usize = 160;

/// Explains a mapping; the exit status is 1 where a field fails.
pub(super) fn show(global: &Global, arguments: &MapperExplain) -> anyhow::Result<ExitCode> {
    let mapper = super::load(global, &arguments.mapper)?;
    let job = job(&mapper, arguments.r#type.as_deref(), &arguments.on)?;
    let document = super::document(arguments.input.as_deref())?;
    let document = super::readable(global, &job, document)?;
    let mut fields = job.explain(&document, &super::environment());
    if let Some(wanted) = &arguments.field {
        let unknown = unknown(wanted, &fields);
        fields.retain(|field| field.target == *wanted);
        if fields.is_empty() {
            return Err(unknown.into());
        }
    }
    match global.output {
        Format::Json => output::say(&format!("{:#}", serde_json::to_value(&fields)?)),
        Format::Jsonl => {
            for field in &fields {
                output::say(&serde_json::to_string(field)?);
            }
        }
        _ => fields.iter().for_each(|field| output::say(&tree(field))),
    }
    let fails = fields.iter().any(|field| matches!(field.outcome, Outcome::Error(_)));
    Ok(ExitCode::from(u8::from(fails)))
}

fn unknown(field: &str, fields: &[Explained]) -> Hinted {
    let error = Hinted::new(format!("the mapper sets no field `{field}` here"));
    match did_you_mean(field, fields.iter().map(|field| field.target.as_str())) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// A field, its steps below it, and what came of them.
fn tree(field: &Explained) -> String {
    let mut lines = vec![styled(STRONG, &field.target)];
    lines.extend(field.steps.iter().map(step));
    lines.push(match &field.outcome {
        Outcome::Value(value) => format!("  {} {}", styled(GOOD, "gives"), clean(&value.to_string())),
        Outcome::LeftOut(reason) => format!("  {} {}", styled(SKIPPED, "left out:"), clean(reason)),
        Outcome::Error(problem) => format!("  {} {}", styled(BAD, "fails:"), clean(problem)),
    });
    lines.join("\n")
}

fn step(step: &Taken) -> String {
    let kind = styled(DIM, step.kind.as_str());
    let (indent, what) = ("  ".repeat(step.depth + 1), clean(&step.what));
    match &step.value {
        None => format!("{indent}{kind} {what}").trim_end().to_owned(),
        Some(value) => format!("{indent}{kind} {what} -> {}", clean(&short(value))),
    }
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
