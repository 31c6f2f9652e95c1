//! `provost instance show`: everything about one instance but its secrets.

use std::process::ExitCode;

use provost_connectors::{Manifest, Package, ParameterType};
use provost_core::Verb;
use provost_engine::Switches;
use provost_net::Proxy;
use serde_json::{Map, Value, json};

use super::machine_form;
use crate::args::Format;
use crate::compose;
use crate::config::{Common, Config, InstanceSettings, Reference, address};
use crate::output::{self, Cell};

pub(super) fn run(format: Format, config: &Config, name: &str) -> anyhow::Result<ExitCode> {
    let settings = config.instance(name)?;
    if let Some(flaw) = &settings.flaw {
        return Err(flaw.clone().into());
    }
    let package = compose::package(config, &settings)?;
    if let Some(text) = machine_form(format, &described(&settings, &package))? {
        output::say(&text);
        return Ok(ExitCode::SUCCESS);
    }
    let parameters = parameters(&settings, &package.manifest);
    let rows = rows(&settings, &package);
    let rows = rows.iter().map(|(name, value)| row(name, value));
    let rows: Vec<Vec<Cell>> = rows.chain(parameters.iter().map(|(name, value)| row(name, value))).collect();
    output::say(&output::table(&["setting", "value"], &rows));
    Ok(ExitCode::SUCCESS)
}

/// Everything about an instance but its secrets, for programs.
pub(crate) fn described(settings: &InstanceSettings, package: &Package) -> Value {
    let rows = rows(settings, package).into_iter();
    let mut all: Map<String, Value> = rows.map(|(name, value)| (name.to_owned(), value)).collect();
    all.insert("parameters".to_owned(), Value::Object(parameters(settings, &package.manifest)));
    Value::Object(all)
}

fn rows(settings: &InstanceSettings, package: &Package) -> Vec<(&'static str, Value)> {
    let mut rows = about(settings, package);
    rows.extend(unusual(&settings.common));
    rows
}

/// What every instance has.
fn about(settings: &InstanceSettings, package: &Package) -> Vec<(&'static str, Value)> {
    let manifest = &package.manifest;
    let common = &settings.common;
    let verbs = manifest.verbs();
    let commands = Verb::ALL.into_iter().filter(|verb| verbs.contains(*verb));
    let commands: Map<String, Value> =
        commands.map(|verb| (verb.to_string(), json!(common.switches.allow(verb)))).collect();
    let mapper = |named: &Option<String>, own: bool| {
        let own = if own { "the integration's own" } else { "none" };
        json!(named.as_deref().unwrap_or(own))
    };
    vec![
        ("instance", json!(settings.name)),
        ("integration", json!(settings.integration)),
        ("brand", json!(manifest.brand)),
        ("enabled", json!(common.enabled)),
        ("commands", json!(commands)),
        ("looks-up-by", looks_up_by(settings, manifest)),
        ("mapper-in", mapper(&common.mapper_in, package.mapper_in.is_some())),
        ("mapper-out", mapper(&common.mapper_out, package.mapper_out.is_some())),
        ("timeout", json!(common.timeout.as_secs_f64())),
    ]
}

/// The attributes that find an account: the instance's own, where it can have some.
fn looks_up_by(settings: &InstanceSettings, manifest: &Manifest) -> Value {
    match settings.parameters.get("look-up").map(|given| &given.value.value) {
        Some(Value::String(one)) => json!([one]),
        Some(several) => several.clone(),
        None => json!(manifest.look_up()),
    }
}

/// What differs from the usual.
fn unusual(common: &Common) -> Vec<(&'static str, Value)> {
    let proxy = match &common.proxy {
        Proxy::Environment => None,
        Proxy::Direct => Some(json!(false)),
        Proxy::Address(text) => Some(json!(address::masked(text))),
    };
    let Switches { create_if_not_exists: creates, skip_unchanged: skips, .. } = common.switches;
    let rows = [
        ("create-if-not-exists", (!creates).then(|| json!(creates))),
        ("skip-unchanged", (!skips).then(|| json!(skips))),
        ("insecure", common.insecure.then(|| json!(true))),
        ("proxy", proxy),
        ("private", (!common.private.is_empty()).then(|| json!(common.private.names()))),
        ("ca-file", common.ca_file.as_ref().map(|file| json!(file))),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn parameters(settings: &InstanceSettings, manifest: &Manifest) -> Map<String, Value> {
    let given = settings.parameters.iter();
    given.map(|(name, given)| (name.clone(), shown(manifest, name, &given.value.value))).collect()
}

/// A parameter's value as people may see it.
fn shown(manifest: &Manifest, name: &str, value: &Value) -> Value {
    let reference = |value: &Value| match value.as_str().map(Reference::parse) {
        Some(Ok(reference)) => json!(reference.shown()),
        _ => json!("[secret]"),
    };
    match manifest.parameters.get(name).map(|parameter| parameter.r#type) {
        Some(ParameterType::Secret) | None => reference(value),
        Some(ParameterType::Basic) => {
            json!({"username": value["username"], "password": reference(&value["password"])})
        }
        Some(_) => value.as_str().map_or_else(|| value.clone(), |text| json!(address::masked(text))),
    }
}

/// A row for people.
fn row(name: &str, value: &Value) -> Vec<Cell> {
    match (name, value) {
        ("timeout", Value::Number(seconds)) => {
            let seconds = seconds.as_f64().unwrap_or_default();
            vec![name.into(), format!("{seconds} s").into()]
        }
        ("looks-up-by", value) => vec!["looks up by".into(), in_words(value).into()],
        _ => vec![name.into(), in_words(value).into()],
    }
}

fn in_words(value: &Value) -> String {
    let listed = |words: Vec<String>| words.join(", ");
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => listed(items.iter().map(in_words).collect()),
        Value::Object(members) => listed(members.iter().map(member).collect()),
        other => other.to_string(),
    }
}

/// A switch, or a part of the credentials.
fn member((name, value): (&String, &Value)) -> String {
    match value {
        Value::Bool(true) => name.clone(),
        Value::Bool(false) => format!("{name} (off)"),
        value if name == "username" => in_words(value),
        value => format!("{name} {}", in_words(value)),
    }
}
