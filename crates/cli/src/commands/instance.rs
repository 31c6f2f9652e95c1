//! `provost instance`: the configuration, edited and shown.

mod list;
mod show;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use indexmap::IndexMap;
use inquire::{Confirm, Select, Text};
use provost_connectors::{Catalogue, Manifest, ParameterType};
use provost_core::dashed;
use serde_json::Value;

use crate::args::{AddArgs, Format, Global, InstanceCommand, Selection};
use crate::commands::describe;
use crate::compose;
use crate::config::{self, Config};
use crate::output::{self, Hinted};

/// Settings by name; those of an object by `name.member`.
type Settings = IndexMap<String, String>;

pub(crate) async fn run(global: &Global, command: InstanceCommand) -> anyhow::Result<ExitCode> {
    let open = || Config::open(global.config.as_deref());
    match command {
        InstanceCommand::List => list::run(global.output, &open()?),
        InstanceCommand::Show { name } => show::run(global.output, &open()?, &name),
        InstanceCommand::Add(arguments) => add(global, arguments),
        InstanceCommand::Remove { name, yes } => remove(&open()?, &name, yes),
        InstanceCommand::Test { name } => {
            describe::test(global, &Selection { using: vec![name], using_brand: Vec::new() }).await
        }
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

/// Takes an instance out, whatever its settings are.
fn remove(config: &Config, name: &str, yes: bool) -> anyhow::Result<ExitCode> {
    let name = config.known(name)?;
    if !yes {
        if !std::io::stdin().is_terminal() {
            return Err(Hinted::new("removing an instance wants a yes").hint("add --yes").into());
        }
        let question = format!("Take `{name}` out of {}?", config.file.display());
        if !Confirm::new(&question).with_default(false).prompt()? {
            return Ok(ExitCode::SUCCESS);
        }
    }
    config::remove(&config.file, name)?;
    output::say(&format!("`{name}` is no longer configured in {}.", config.file.display()));
    Ok(ExitCode::SUCCESS)
}

/// The form that programs want; nothing where people read. There are no records here, so
/// that the forms of records are refused.
fn machine_form(format: Format, value: &Value) -> anyhow::Result<Option<String>> {
    match (format, value) {
        (Format::Table, _) => Ok(None),
        (Format::Json, value) => Ok(Some(format!("{value:#}"))),
        (Format::Jsonl, Value::Array(rows)) => {
            Ok(Some(rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")))
        }
        (Format::Jsonl, value) => Ok(Some(value.to_string())),
        (Format::Markdown | Format::Entry, _) => {
            Err(Hinted::new("instances are no records, so that they have no such form")
                .hint("use --output table, json or jsonl")
                .into())
        }
    }
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
