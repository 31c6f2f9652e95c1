//! `provost instance`: the configuration, edited and shown.

mod add;
mod ask;
mod block;
mod list;
pub(crate) mod show;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use inquire::Confirm;
use provost_core::Selection;
use serde_json::Value;

use crate::args::{Format, Global, InstanceCommand};
use crate::commands::describe;
use crate::config::{self, Config};
use crate::output::{self, Hinted};

pub(crate) async fn run(global: &Global, command: InstanceCommand) -> anyhow::Result<ExitCode> {
    let open = || Config::open(global.config.as_deref());
    match command {
        InstanceCommand::List => list::run(global.output, &open()?),
        InstanceCommand::Show { name } => show::run(global.output, &open()?, &name),
        InstanceCommand::Add(arguments) => add::run(global, arguments),
        InstanceCommand::Remove { name, yes } => remove(&open()?, &name, yes),
        InstanceCommand::Test { name } => {
            describe::test(global, &Selection { using: vec![name], using_brand: Vec::new() }).await
        }
    }
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
