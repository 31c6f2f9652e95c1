//! `provost instance`: the configuration, edited and shown.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use indexmap::IndexMap;
use inquire::{Confirm, Select, Text};
use provost_connectors::{Catalogue, Manifest, ParameterType};
use provost_core::{Verb, dashed};
use serde_json::Value;

use crate::args::{AddArgs, Global, InstanceCommand, Selection};
use crate::commands::describe;
use crate::compose;
use crate::config::{self, Config, InstanceSettings, Reference, address};
use crate::output::{self, Cell, Hinted};

/// Settings by name; those of an object by `name.member`.
type Settings = IndexMap<String, String>;

pub(crate) async fn run(global: &Global, command: InstanceCommand) -> anyhow::Result<ExitCode> {
    match command {
        InstanceCommand::List => list(&Config::open(global.config.as_deref())?),
        InstanceCommand::Show { name } => show(&Config::open(global.config.as_deref())?, &name),
        InstanceCommand::Add(arguments) => add(global, arguments),
        InstanceCommand::Remove { name, yes } => remove(&Config::open(global.config.as_deref())?, &name, yes),
        InstanceCommand::Test { name } => {
            describe::test(global, &Selection { using: vec![name], using_brand: Vec::new() }).await
        }
    }
}

fn list(config: &Config) -> anyhow::Result<ExitCode> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for name in config.names() {
        let settings = config.instance(name)?;
        let switches = settings.common.switches;
        let off: Vec<&str> =
            Verb::ALL.into_iter().filter(|verb| !switches.allow(*verb)).map(Verb::as_str).collect();
        let url = settings.parameters.get("url").and_then(|url| url.value.value.as_str()).unwrap_or_default();
        let state = if settings.common.enabled { "yes" } else { "no" };
        rows.push(vec![
            name.into(),
            settings.integration.into(),
            address::masked(url).into(),
            state.into(),
            off.join(", ").into(),
        ]);
    }
    if rows.is_empty() {
        output::tell("No instance is configured yet. `provost instance add NAME` configures one.");
    } else {
        output::say(&output::table(&["instance", "integration", "url", "enabled", "commands off"], &rows));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Config, name: &str) -> anyhow::Result<ExitCode> {
    let settings = config.instance(name)?;
    let package = compose::package(config, &settings)?;
    let manifest = &package.manifest;
    let common = &settings.common;
    let verbs = manifest.verbs();
    let commands: Vec<String> = Verb::ALL
        .into_iter()
        .filter(|verb| verbs.contains(*verb))
        .map(|verb| switch_word(verb, &settings))
        .collect();
    let own = |mapper: &Option<_>| if mapper.is_some() { "the integration's own" } else { "none" }.to_owned();
    let mut rows: Vec<Vec<Cell>> = vec![
        vec!["instance".into(), settings.name.as_str().into()],
        vec!["integration".into(), settings.integration.as_str().into()],
        vec!["brand".into(), manifest.brand.as_str().into()],
        vec!["enabled".into(), if common.enabled { "yes" } else { "no" }.into()],
        vec!["commands".into(), commands.join(", ").into()],
        vec!["looks up by".into(), manifest.look_up().join(", ").into()],
        vec!["mapper-in".into(), common.mapper_in.clone().unwrap_or_else(|| own(&package.mapper_in)).into()],
        vec![
            "mapper-out".into(),
            common.mapper_out.clone().unwrap_or_else(|| own(&package.mapper_out)).into(),
        ],
        vec!["timeout".into(), format!("{} s", common.timeout.as_secs_f32()).into()],
    ];
    for (name, value) in &settings.parameters {
        rows.push(vec![name.as_str().into(), shown(manifest, name, &value.value.value).into()]);
    }
    output::say(&output::table(&["setting", "value"], &rows));
    Ok(ExitCode::SUCCESS)
}

fn switch_word(verb: Verb, settings: &InstanceSettings) -> String {
    if settings.common.switches.allow(verb) { verb.to_string() } else { format!("{verb} (off)") }
}

/// A parameter's value as people may see it.
fn shown(manifest: &Manifest, name: &str, value: &Value) -> String {
    let reference = |value: &Value| match value.as_str().map(Reference::parse) {
        Some(Ok(reference)) => reference.shown(),
        _ => "[secret]".to_owned(),
    };
    match manifest.parameters.get(name).map(|parameter| parameter.r#type) {
        Some(ParameterType::Secret) | None => reference(value),
        Some(ParameterType::Basic) => {
            let username = value["username"].as_str().unwrap_or_default();
            format!("{username}, password {}", reference(&value["password"]))
        }
        Some(_) => value.as_str().map_or_else(|| value.to_string(), address::masked),
    }
}

fn add(global: &Global, arguments: AddArgs) -> anyhow::Result<ExitCode> {
    let file = compose::file_to_edit(global.config.as_deref())?;
    let text = if file.exists() { std::fs::read_to_string(&file)? } else { String::new() };
    let config = Config::parse(file.clone(), if text.trim().is_empty() { "{}".to_owned() } else { text })?;
    check_name(&config, &arguments.name)?;
    let integration = match arguments.integration {
        Some(integration) => integration,
        None => ask_integration(&config.catalogue)?,
    };
    let manifest = match config.catalogue.open(&integration) {
        Ok(package) => package.manifest,
        Err(provost_connectors::CatalogueError::Unknown { hint, .. }) => {
            let problem = Hinted::new(format!("there is no integration `{integration}`"));
            return Err(hint.into_iter().fold(problem, Hinted::hint).into());
        }
        Err(other) => return Err(other.into()),
    };
    let mut settings = given(&arguments.settings)?;
    ask_missing(&arguments.name, &manifest, &mut settings)?;
    config::add(&file, &arguments.name, &block(&integration, &settings))?;
    check_added(&file, &arguments.name)?;
    output::say(&format!("`{}` is configured in {}.", arguments.name, file.display()));
    output::tell(&format!("Next: provost instance test {}", arguments.name));
    Ok(ExitCode::SUCCESS)
}

/// Reads back what was written; a mistake takes the block out again.
fn check_added(file: &std::path::Path, name: &str) -> anyhow::Result<()> {
    let config = Config::read(file.to_owned())?;
    let checked = config.instance(name).and_then(|settings| compose::check(&config, &settings));
    if checked.is_err() {
        config::remove(file, name)?;
    }
    checked.map(drop)
}

fn check_name(config: &Config, name: &str) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || !name.chars().all(is_plain) {
        bail!("`{name}` is no name for an instance: use letters, digits, dashes and points");
    }
    Ok(config.refuse_known(name)?)
}

fn given(settings: &[String]) -> anyhow::Result<Settings> {
    let split = |setting: &String| match setting.split_once('=') {
        Some((name, value)) => Ok((dashed(name.trim()), value.to_owned())),
        None => {
            Err(Hinted::new(format!("`--set {setting}` has no value")).hint("write --set name=value").into())
        }
    };
    settings.iter().map(split).collect()
}

/// Asks for the required parameters that were not given.
fn ask_missing(instance: &str, manifest: &Manifest, settings: &mut Settings) -> anyhow::Result<()> {
    for (name, parameter) in &manifest.parameters {
        let members: &[&str] =
            if parameter.r#type == ParameterType::Basic { &[".username", ".password"] } else { &[""] };
        for member in members {
            let key = format!("{name}{member}");
            if !parameter.required || settings.contains_key(&key) {
                continue;
            }
            let is_secret = *member == ".password" || parameter.r#type == ParameterType::Secret;
            let default = is_secret.then(|| format!("env:{}", variable(instance, &key)));
            let value =
                ask(&key, &parameter.help, default.as_deref().unwrap_or(&parameter.example), is_secret)?;
            settings.insert(key, value);
        }
    }
    Ok(())
}

/// The environment variable that a secret is expected in, such as `HELLO_PASSWORD`.
fn variable(instance: &str, key: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let upper = |text: &str| text.replace(['-', '.'], "_").to_uppercase();
    format!("{}_{}", upper(instance), upper(last))
}

fn ask(key: &str, help: &str, example: &str, is_secret: bool) -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(Hinted::new(format!("`{key}` is not set"))
            .hint(format!("add --set {key}={}", if example.is_empty() { "..." } else { example }))
            .into());
    }
    let help = if is_secret {
        format!("{help}. Where it is: env:NAME, file:PATH or command:LINE")
    } else {
        help.to_owned()
    };
    let prompt = Text::new(key).with_help_message(&help);
    let answer =
        if is_secret { prompt.with_default(example) } else { prompt.with_placeholder(example) }.prompt()?;
    if answer.trim().is_empty() {
        bail!("`{key}` is needed");
    }
    Ok(answer.trim().to_owned())
}

fn ask_integration(catalogue: &Catalogue) -> anyhow::Result<String> {
    let names = catalogue.names();
    if !std::io::stdin().is_terminal() {
        return Err(Hinted::new("`--integration` is not set")
            .hint(format!("known are {}", names.join(", ")))
            .into());
    }
    Ok(Select::new("Integration", names).prompt()?)
}

/// The instance's lines. JSON texts are YAML texts, so that no value can break out.
fn block(integration: &str, settings: &Settings) -> String {
    let mut groups: IndexMap<&str, Vec<String>> = IndexMap::new();
    for (key, value) in settings {
        let (group, line) = match key.split_once('.') {
            Some((object, member)) => (object, format!("\n  {member}: {}", scalar(value))),
            None => (key.as_str(), format!(" {}", scalar(value))),
        };
        groups.entry(group).or_default().push(line);
    }
    let lines = groups.iter().map(|(name, parts)| format!("\n{name}:{}", parts.concat()));
    format!("integration: {}{}", scalar(integration), lines.collect::<String>())
}

/// A value as YAML: plain where it is surely a word, a number or a switch, else quoted.
fn scalar(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let is_word = value.starts_with(|c: char| c.is_ascii_alphanumeric()) && value.chars().all(is_plain);
    if is_word { value.to_owned() } else { Value::from(value).to_string() }
}

fn remove(config: &Config, name: &str, yes: bool) -> anyhow::Result<ExitCode> {
    let settings = config.instance(name)?;
    if !yes {
        if !std::io::stdin().is_terminal() {
            return Err(Hinted::new("removing an instance wants a yes").hint("add --yes").into());
        }
        let question = format!("Take `{}` out of {}?", settings.name, config.file.display());
        if !Confirm::new(&question).with_default(false).prompt()? {
            return Ok(ExitCode::SUCCESS);
        }
    }
    config::remove(&config.file, &settings.name)?;
    output::say(&format!("`{}` is no longer configured in {}.", settings.name, config.file.display()));
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_any_value_safely() {
        let settings = given(&[
            "url=https://h:1".to_owned(),
            "credentials.username=a: b".to_owned(),
            "credentials.password=env:X".to_owned(),
            "timeout=5".to_owned(),
        ])
        .unwrap();
        assert_eq!(
            block("hello-iam-world", &settings),
            "integration: hello-iam-world\nurl: \"https://h:1\"\ncredentials:\n  username: \"a: b\"\n  password: \"env:X\"\ntimeout: 5"
        );
        assert_eq!(variable("okta-prod", "credentials.password"), "OKTA_PROD_PASSWORD");
    }
}
