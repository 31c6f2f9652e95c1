//! Command results in every form.

use std::process::ExitCode;

use provost_core::{Code, CommandResult, Entry, Fault, Shown, ShownTable, TraceStep};
use serde_json::{Map, Value, json};

use super::{Cell, Hints, STRONG, clean, complain, say, styled, table, tell_hints, tell_steps};
use crate::args::{Format, Global};

/// What an instance answered.
pub(crate) struct Answered {
    pub(crate) result: CommandResult,
    pub(crate) success: bool,
    /// Whether the entry is one that stops a playbook.
    pub(crate) is_error_entry: bool,
    pub(crate) hints: Vec<String>,
    pub(crate) trace: Vec<TraceStep>,
    /// What kept it from having a result.
    pub(crate) failure: Option<Failure>,
}

/// Why there is no result.
pub(crate) struct Failure {
    command: String,
    code: Option<Code>,
    message: String,
}

/// The member under which failures stand in JSON.
const ERROR: &str = "error";

impl Answered {
    /// A command's result.
    pub(crate) fn of(result: CommandResult, trace: Vec<TraceStep>) -> Self {
        Self { result, success: true, is_error_entry: false, hints: Vec::new(), trace, failure: None }
    }

    /// A command that has none at this instance.
    pub(crate) fn failed(command: &str, instance: &str, fault: &Fault, trace: Vec<TraceStep>) -> Self {
        let outputs = json!({"instanceName": instance, "code": fault.code, "message": fault.message});
        Self {
            result: CommandResult { prefix: ERROR.to_owned(), outputs, ..CommandResult::default() },
            success: false,
            is_error_entry: true,
            hints: fault.hints.clone(),
            trace,
            failure: Some(Failure {
                command: command.to_owned(),
                code: fault.code.clone(),
                message: fault.message.clone(),
            }),
        }
    }

    fn entry(&self) -> Entry {
        match &self.failure {
            None => Entry::of_result(&self.result, self.is_error_entry),
            Some(Failure { command, message, .. }) => {
                Entry::error(&format!("Failed to execute {command} command. Error: {message}"))
            }
        }
    }
}

/// Prints command results as they come, or all together where the form asks for it.
pub(crate) struct Results {
    format: Format,
    verbose: bool,
    /// How many instances were asked.
    asked: usize,
    done: Vec<(usize, String, Answered)>,
    hints: Hints,
}

impl Results {
    pub(crate) fn new(global: &Global, asked: usize) -> Self {
        let (format, verbose) = (global.output, global.verbose);
        Self { format, verbose, asked, done: Vec::new(), hints: Hints::default() }
    }

    /// Takes the answer of the instance at this position.
    pub(crate) fn take(&mut self, position: usize, instance: &str, answered: Answered) {
        if self.verbose {
            tell_steps(instance, &answered.trace);
        }
        if let Some(Failure { code, message, .. }) = &answered.failure {
            let code = code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            complain(instance, &format!("{code}{message}"));
        }
        match self.format {
            Format::Markdown if answered.failure.is_some() => {}
            Format::Jsonl => answered.result.rows().iter().for_each(|row| say(&row.to_string())),
            Format::Markdown => say(&clean(Entry::result_table(&answered.result).trim_end())),
            Format::Table | Format::Json | Format::Entry => {}
        }
        if matches!(self.format, Format::Jsonl | Format::Markdown) {
            self.hints.tell(instance, &answered.hints);
        }
        self.done.push((position, instance.to_owned(), answered));
    }

    /// Prints what waited for the end; the exit status says whether anything failed.
    pub(crate) fn finish(mut self) -> ExitCode {
        self.done.sort_by_key(|(position, ..)| *position);
        match self.format {
            Format::Json => say(&format!("{:#}", self.by_prefix())),
            Format::Entry => say(&format!("{:#}", self.entries())),
            Format::Table => self.people(),
            Format::Jsonl | Format::Markdown => {}
        }
        if !matches!(self.format, Format::Jsonl | Format::Markdown) {
            tell_hints(
                self.done.iter().map(|(_, name, answered)| (name.as_str(), answered.hints.as_slice())),
            );
        }
        let failed = self.done.iter().any(|(_, _, answered)| !answered.success);
        ExitCode::from(u8::from(failed))
    }

    /// The objects under their path; those of several instances in one list.
    fn by_prefix(&self) -> Value {
        let mut by_prefix: Map<String, Value> = Map::new();
        for (_, _, answered) in &self.done {
            let CommandResult { prefix, outputs, .. } = &answered.result;
            if prefix.is_empty() && outputs.is_null() {
                continue;
            }
            match by_prefix.get_mut(prefix) {
                None => drop(by_prefix.insert(prefix.clone(), outputs.clone())),
                Some(Value::Array(known)) => known.extend_from_slice(answered.result.rows()),
                Some(known) => {
                    let rows = std::iter::once(known.take()).chain(answered.result.rows().iter().cloned());
                    *known = rows.collect();
                }
            }
        }
        Value::Object(by_prefix)
    }

    /// The only entry as it is, several as a list.
    fn entries(&self) -> Value {
        let entry = |answered: &Answered| json!(answered.entry());
        match self.done.as_slice() {
            [(_, _, only)] if self.asked == 1 => entry(only),
            several => several.iter().map(|(_, _, answered)| entry(answered)).collect(),
        }
    }

    fn people(&self) {
        for (_, instance, answered) in &self.done {
            if answered.failure.is_some() {
                continue;
            }
            // Rows that do not say whose they are stand under a name.
            if self.asked > 1 && answered.result.rows().iter().all(|row| row.get("instanceName").is_none()) {
                say(&styled(STRONG, instance));
            }
            match &answered.result.shown {
                Some(Shown::Text(text)) => say(&clean(text)),
                Some(Shown::Tables(tables)) => say_tables(tables),
                None => say(&rows_of(&answered.result)),
            }
        }
    }
}

/// The first table is what was asked for; what stands under it has a name.
fn say_tables(tables: &[ShownTable]) {
    for (number, shown) in tables.iter().enumerate() {
        if number > 0 {
            say(&format!("\n{}", styled(STRONG, &shown.title)));
        }
        let columns: Vec<&str> = shown.columns.iter().map(String::as_str).collect();
        say(&in_lines(&columns, &shown.rows));
    }
}

fn rows_of(result: &CommandResult) -> String {
    in_lines(&result.columns(), result.rows())
}

fn in_lines(columns: &[&str], rows: &[Value]) -> String {
    if rows.is_empty() {
        return "No entries.".to_owned();
    }
    let row = |row: &Value| -> Vec<Cell> { columns.iter().map(|name| cell(&row[*name])).collect() };
    table(columns, &rows.iter().map(row).collect::<Vec<_>>())
}

/// A value in a line of a table.
fn cell(value: &Value) -> Cell {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    };
    text.into()
}

/// An item of a list: a member by its name, anything else as it is.
fn short(item: &Value) -> String {
    let name = item.get("display").or_else(|| item.get("value")).unwrap_or(item);
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}
