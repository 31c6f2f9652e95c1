//! Command results in every form.

use std::process::ExitCode;

use provost_core::{CommandResult, Entry, TraceStep};
use serde_json::{Map, Value, json};

use super::{Cell, Hints, clean, complain, say, styled, table, tell_hints, tell_steps};
use crate::args::{Format, Global};

/// What an instance answered.
pub(crate) struct Answered {
    pub(crate) result: CommandResult,
    pub(crate) success: bool,
    /// Whether the entry is one that stops a playbook.
    pub(crate) is_error_entry: bool,
    pub(crate) hints: Vec<String>,
    pub(crate) trace: Vec<TraceStep>,
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
        match self.format {
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
        let entry = |answered: &Answered| json!(Entry::of_result(&answered.result, answered.is_error_entry));
        match self.done.as_slice() {
            [(_, _, only)] if self.asked == 1 => entry(only),
            several => several.iter().map(|(_, _, answered)| entry(answered)).collect(),
        }
    }

    fn people(&self) {
        for (_, instance, answered) in &self.done {
            let rows = answered.result.rows();
            if rows.is_empty() {
                say(&clean(&answered.result.title));
            }
            let columns = answered.result.columns();
            let shown = |row: &Value| -> Vec<Cell> { columns.iter().map(|name| cell(&row[*name])).collect() };
            if !rows.is_empty() {
                say(&table(&columns, &rows.iter().map(shown).collect::<Vec<_>>()));
            }
            if !answered.success && rows.is_empty() {
                complain(instance, &styled(super::BAD, "failed"));
            }
        }
    }
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
