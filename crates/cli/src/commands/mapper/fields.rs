//! The fields of user profiles, for people and programs.

use std::process::ExitCode;

use provost_core::{ProfileField, Schema};
use serde_json::{Value, json};

use crate::args::{Format, Global};
use crate::config;
use crate::output::{self, Cell, Hinted};

const HEADINGS: [&str; 5] = ["field", "label", "type", "aliases", "about"];

/// Lists all fields, or shows one.
pub(crate) fn show(global: &Global, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let schema = config::schema(global.config.as_deref())?;
    let chosen: Vec<&ProfileField> = match name {
        Some(name) => vec![schema.field(name).ok_or_else(|| unknown(&schema, name))?],
        None => schema.fields().collect(),
    };
    let as_json = |field: &&ProfileField| as_json(field, schema.custom().contains(field));
    match global.output {
        Format::Json => output::say(&format!("{:#}", chosen.iter().map(as_json).collect::<Value>())),
        Format::Jsonl => {
            for field in &chosen {
                output::say(&as_json(field).to_string());
            }
        }
        _ => {
            let rows: Vec<Vec<Cell>> = chosen.iter().map(|field| row(field)).collect();
            output::say(&output::table(&HEADINGS, &rows));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn unknown(schema: &Schema, name: &str) -> Hinted {
    let problem = Hinted::new(format!("there is no profile field `{name}`"));
    match schema.nearest(name) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => {
            problem.hint("`provost mapper fields` lists them; `profile-fields` of provost.yaml adds some")
        }
    }
}

fn row(field: &ProfileField) -> Vec<Cell> {
    vec![
        field.name.as_str().into(),
        field.label.as_str().into(),
        field.kind.as_str().into(),
        field.aliases.join(", ").into(),
        about(field).into(),
    ]
}

/// What it means, and the values that occur.
fn about(field: &ProfileField) -> String {
    let values = match field.values.as_slice() {
        [] => String::new(),
        values => format!("One of: {}.", values.join(", ")),
    };
    [values.as_str(), &field.about].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn as_json(field: &ProfileField, is_custom: bool) -> Value {
    json!({
        "name": field.name,
        "label": field.label,
        "type": field.kind,
        "platformType": field.kind.platform_name(),
        "aliases": field.aliases,
        "values": field.values,
        "about": field.about,
        "custom": is_custom,
    })
}
