//! `provost integration show`: what an integration can do, and what it wants for that.

use std::process::ExitCode;

use provost_connectors::{Manifest, Parameter, ParameterType};
use provost_core::{GroupVerb, Verb};
use provost_mapper::Mapper;
use serde_json::{Map, Value, json};

use crate::args::{Format, Global};
use crate::output::{self, Cell, STRONG};

pub(super) fn run(global: &Global, integration: &str) -> anyhow::Result<ExitCode> {
    let (package, _) = super::open(global, integration)?;
    let mappers = super::mappers(&package)?;
    match global.output {
        Format::Json => output::say(&format!("{:#}", data(&package.manifest, &mappers))),
        Format::Jsonl => output::say(&data(&package.manifest, &mappers).to_string()),
        _ => print(&package.manifest, &mappers),
    }
    Ok(ExitCode::SUCCESS)
}

/// Every command that can be run, with the name under which the manifest says which rights
/// it needs.
pub(super) fn commands(manifest: &Manifest) -> Vec<(String, String)> {
    let of_verb = |verb: Verb| {
        let operation = if verb == Verb::Get { "find".to_owned() } else { verb.to_string() };
        (verb.command(), operation)
    };
    let verbs = manifest.verbs();
    let mut commands: Vec<(String, String)> =
        Verb::ALL.into_iter().filter(|verb| verbs.contains(*verb)).map(of_verb).collect();
    let others = [
        ("iam-list-users", "list", manifest.can_list()),
        ("get-mapping-fields", "fields", manifest.has_fields()),
        ("test-module", "test", true),
        ("fetch-incidents", "events", manifest.has_events()),
    ];
    let named = |(command, operation, _): (&str, &str, bool)| (command.to_owned(), operation.to_owned());
    commands.extend(others.into_iter().filter(|(.., can)| *can).map(named));
    let groups = GroupVerb::ALL.into_iter().filter(|verb| manifest.has_groups(*verb));
    commands.extend(groups.map(|verb| (verb.command(), "groups".to_owned())));
    commands.extend(manifest.commands.keys().map(|name| (name.clone(), name.clone())));
    commands
}

fn print(manifest: &Manifest, mappers: &[Mapper]) {
    let head = format!("{} ({})", output::styled(STRONG, manifest.brand.as_str()), manifest.name);
    output::say(&format!("{head}\n{}\n", output::clean(&manifest.summary)));
    let right = |operation: &str| manifest.rights(operation).unwrap_or_default().to_owned();
    let rows = commands(manifest)
        .into_iter()
        .map(|(command, operation)| vec![command.into(), right(&operation).into()]);
    output::say(&format!("{}\n", output::table(&["command", "rights"], &rows.collect::<Vec<Vec<Cell>>>())));
    let rows: Vec<Vec<Cell>> =
        manifest.parameters.iter().map(|(name, parameter)| row(name, parameter)).collect();
    output::say(&output::table(&["setting", "kind", "required", "default", "meaning"], &rows));
    output::say(&format!("\nLook-up: {}", output::clean(&manifest.look_up().join(", "))));
    if !manifest.extends.is_empty() {
        output::say(&format!("Stands on: {}", manifest.extends.join(", ")));
    }
    for mapper in mappers {
        output::say(&format!("Mapper: `{}`", output::clean(&mapper.name)));
    }
}

fn row(name: &str, parameter: &Parameter) -> Vec<Cell> {
    let default = parameter.default.as_ref().map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let required = if parameter.required { "yes" } else { "no" };
    let kind = kind(parameter.r#type);
    [name, kind, required, &default.unwrap_or_default(), &parameter.help].map(Cell::from).into()
}

fn kind(kind: ParameterType) -> &'static str {
    match kind {
        ParameterType::Url => "address",
        ParameterType::Ldap => "addresses",
        ParameterType::List => "list",
        ParameterType::Text => "text",
        ParameterType::Secret => "secret",
        ParameterType::Basic => "user name, password",
        ParameterType::Number => "number",
        ParameterType::Boolean => "true, false",
    }
}

fn data(manifest: &Manifest, mappers: &[Mapper]) -> Value {
    let command = |(command, operation): (String, String)| json!({"command": command, "rights": manifest.rights(&operation)});
    let parameter = |(name, parameter): (&String, &Parameter)| {
        let shown = json!({
            "kind": kind(parameter.r#type),
            "required": parameter.required,
            "default": parameter.default,
            "meaning": parameter.help,
        });
        (name.clone(), shown)
    };
    json!({
        "integration": manifest.name,
        "brand": manifest.brand,
        "summary": manifest.summary,
        "extends": manifest.extends,
        "lookup": manifest.look_up(),
        "commands": commands(manifest).into_iter().map(command).collect::<Value>(),
        "parameters": manifest.parameters.iter().map(parameter).collect::<Map<_, _>>(),
        "mappers": mappers.iter().map(|mapper| mapper.name.clone()).collect::<Value>(),
    })
}
