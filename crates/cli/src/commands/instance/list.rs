//! `provost instance list`: a row for each instance, also for one that cannot work.

use std::process::ExitCode;

use provost_core::Verb;
use serde_json::{Value, json};

use super::machine_form;
use crate::args::Format;
use crate::compose;
use crate::config::{Config, InstanceSettings, address};
use crate::output::{self, Cell};

#[derive(Default)]
struct Row {
    instance: String,
    integration: String,
    url: String,
    /// Not known where the settings cannot be read.
    enabled: Option<bool>,
    off: Vec<&'static str>,
    /// Why the instance cannot work.
    note: String,
}

pub(super) fn run(format: Format, config: &Config) -> anyhow::Result<ExitCode> {
    let rows: Vec<Row> = config.names().map(|name| row(config, name)).collect();
    if let Some(text) = machine_form(format, &rows.iter().map(Row::json).collect())? {
        if !text.is_empty() {
            output::say(&text);
        }
    } else if rows.is_empty() {
        output::tell("No instance is configured yet. `provost instance add NAME` configures one.");
    } else {
        let headings = ["instance", "integration", "url", "enabled", "commands off", "note"];
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(Row::cells).collect();
        output::say(&output::table(&headings, &rows));
    }
    Ok(ExitCode::SUCCESS)
}

fn row(config: &Config, name: &str) -> Row {
    let of_this_one = format!("instance `{name}`: ");
    let note = |problem: &anyhow::Error| output::in_words(problem).0.replacen(&of_this_one, "", 1);
    match config.instance(name) {
        Ok(settings) => {
            let problem = compose::check(config, &settings).err();
            Row { note: problem.as_ref().map(note).unwrap_or_default(), ..Row::from(settings) }
        }
        Err(problem) => Row { instance: name.to_owned(), note: note(&problem), ..Row::default() },
    }
}

impl From<InstanceSettings> for Row {
    fn from(settings: InstanceSettings) -> Self {
        let url = settings.parameters.get("url").map(|url| &url.value.value);
        // Directories may have several.
        let urls = match url {
            Some(Value::Array(urls)) => urls.iter().filter_map(Value::as_str).collect(),
            one => one.and_then(Value::as_str).map_or_else(Vec::new, |url| vec![url]),
        };
        let switches = settings.common.switches;
        let off = Verb::ALL.into_iter().filter(|verb| !switches.allow(*verb)).map(Verb::as_str);
        Self {
            url: urls.into_iter().map(address::masked).collect::<Vec<_>>().join(", "),
            off: off.collect(),
            enabled: Some(settings.common.enabled),
            instance: settings.name,
            integration: settings.integration,
            note: String::new(),
        }
    }
}

impl Row {
    fn cells(self) -> Vec<Cell> {
        let enabled = self.enabled.map_or("", |enabled| if enabled { "yes" } else { "no" });
        vec![
            self.instance.into(),
            self.integration.into(),
            self.url.into(),
            enabled.into(),
            self.off.join(", ").into(),
            self.note.into(),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "instance": self.instance,
            "integration": self.integration,
            "url": self.url,
            "enabled": self.enabled,
            "commands-off": self.off,
            "note": self.note,
        })
    }
}
