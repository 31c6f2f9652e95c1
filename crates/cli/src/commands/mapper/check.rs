//! `provost mapper check`: all that is to be said about mappers' files.

use std::process::ExitCode;

use provost_core::{Diagnostic, Selection, Severity, Trace};
use provost_engine::{Instance, guarded};
use provost_mapper::{Around, Checked};
use serde_json::{Value, json};

use crate::args::{Format, Global, MapperCheck};
use crate::commands::asking::{self, End};
use crate::commands::selection;
use crate::config::{self, Config};
use crate::mapper_files;
use crate::output;

pub(super) async fn run(global: &Global, arguments: &MapperCheck) -> anyhow::Result<ExitCode> {
    let system = match &arguments.instance {
        Some(name) => attributes(global, name).await?,
        None => None,
    };
    let profile = config::schema(global.config.as_deref())?;
    let around = Around { profile: &profile, system: system.as_deref() };
    let as_data = matches!(global.output, Format::Json | Format::Jsonl);
    let (mut all, mut is_good) = (Vec::new(), true);
    for name in &arguments.files {
        let (file, text) = match super::open(global, name) {
            Ok(opened) => opened,
            Err(error) => {
                output::fail(&error);
                is_good = false;
                continue;
            }
        };
        let checked = mapper_files::check(&file, &text, &around);
        let count = Count::of(&checked.complaints);
        is_good &= count.errors == 0 && (count.warnings == 0 || !arguments.deny_warnings);
        if !as_data {
            checked.complaints.iter().for_each(output::tell_diagnostic);
            output::say(&summary(name, &checked, &count));
        }
        all.extend(checked.complaints);
    }
    match global.output {
        Format::Json => output::say(&format!("{:#}", all.iter().map(data).collect::<Value>())),
        Format::Jsonl => all.iter().for_each(|complaint| output::say(&data(complaint).to_string())),
        _ => {}
    }
    Ok(ExitCode::from(u8::from(!is_good)))
}

/// How many complaints of a kind there are.
struct Count {
    errors: usize,
    warnings: usize,
}

impl Count {
    fn of(complaints: &[Diagnostic]) -> Self {
        let count = |severity| complaints.iter().filter(|complaint| complaint.severity == severity).count();
        Self { errors: count(Severity::Error), warnings: count(Severity::Warning) }
    }
}

fn summary(name: &str, checked: &Checked, count: &Count) -> String {
    let several = |number, word| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let counts = [several(count.errors, "error"), several(count.warnings, "warning")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    match &checked.mapper {
        Some(mapper) if counts.is_empty() => format!("{name}: `{}` is fine", mapper.name),
        _ => format!("{name}: {}", counts.join(", ")),
    }
}

/// A complaint for programs. Lines and columns are counted from 1, columns in characters.
fn data(complaint: &Diagnostic) -> Value {
    json!({
        "file": complaint.file,
        "line": complaint.line,
        "column": complaint.column,
        "length": complaint.length,
        "severity": match complaint.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        },
        "message": complaint.message,
        "hint": complaint.hint,
    })
}

/// The attributes that an instance lists; `None`, with a warning, if it cannot be asked.
async fn attributes(global: &Global, name: &str) -> anyhow::Result<Option<Vec<String>>> {
    let config = Config::open(global.config.as_deref())?;
    let selection = Selection { using: vec![name.to_owned()], ..Selection::default() };
    let chosen = selection::choose(&config, &selection, "get-mapping-fields", None)?;
    let mut known = None;
    let ask = async |instance: &Instance| {
        guarded(provost_engine::mapping_fields(instance, &Trace::default())).await
    };
    let asked = asking::ask_all(config, chosen, true, ask, |who, end| match end {
        End::Answered(Ok(fields)) => {
            let members = fields["User Profile"].as_object();
            known = members.map(|members| members.keys().cloned().collect());
        }
        End::Answered(Err(fault)) => output::warn(&unasked(&who.name, &fault.message)),
        End::Broken(error) => output::warn(&unasked(&who.name, &output::in_words(&error).0)),
        End::Interrupted => output::warn(&unasked(&who.name, "interrupted")),
    })
    .await;
    if let Err(error) = asked {
        output::warn(&unasked(name, &output::in_words(&error).0));
    }
    Ok(known)
}

fn unasked(name: &str, why: &str) -> String {
    format!("the attributes of `{name}` are not checked: {why}")
}
