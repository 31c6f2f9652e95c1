//! Vendor records in every form.

use std::process::ExitCode;

use provost_core::{Entry, TraceStep, VendorRecord, Verb};
use provost_engine::Outcome;
use serde_json::{Value, json};

use super::{
    BAD, Cell, DIM, GOOD, Hints, SKIPPED, STRONG, clean, say, styled, table, tell_hints, tell_styled,
};
use crate::args::{Format, Global};

/// Prints outcomes as they come, or all together where the form asks for it.
pub(crate) struct Records {
    format: Format,
    verbose: bool,
    /// How many instances were asked.
    asked: usize,
    /// Whether the profile that a get found is shown under the table.
    with_profiles: bool,
    done: Vec<(usize, Outcome)>,
    hints: Hints,
}

impl Records {
    pub(crate) fn new(global: &Global, asked: usize) -> Self {
        Self {
            format: global.output,
            verbose: global.verbose,
            asked,
            with_profiles: true,
            done: Vec::new(),
            hints: Hints::default(),
        }
    }

    /// The same for lists of accounts, of which even one is a list.
    pub(crate) fn of_list(global: &Global) -> Self {
        Self { asked: usize::MAX, with_profiles: false, ..Self::new(global, 0) }
    }

    /// Whether everything is printed at the end, in the order of the file.
    fn is_held(&self) -> bool {
        matches!(self.format, Format::Table | Format::Json | Format::Entry)
    }

    /// Takes the outcome of the instance at this position.
    pub(crate) fn take(&mut self, position: usize, outcome: Outcome) {
        match self.format {
            Format::Jsonl => say(&json!(outcome.record).to_string()),
            Format::Markdown => say(&clean(Entry::table(&outcome.record).trim_end())),
            Format::Table | Format::Json | Format::Entry => {}
        }
        let instance = outcome.record.instance_name.as_str();
        if self.verbose {
            tell_steps(instance, &outcome.trace);
        }
        if !self.is_held() {
            self.hints.tell(instance, &outcome.hints);
        }
        if self.with_profiles || self.is_held() {
            self.done.push((position, outcome));
        }
    }

    /// Prints what waited for the end; the exit status says whether anything failed.
    pub(crate) fn finish(mut self) -> ExitCode {
        self.done.sort_by_key(|(position, _)| *position);
        let outcomes: Vec<&Outcome> = self.done.iter().map(|(_, outcome)| outcome).collect();
        match self.format {
            Format::Json => {
                let records: Vec<Value> = outcomes.iter().map(|outcome| json!(outcome.record)).collect();
                say(&pretty(&json!({"IAM.Vendor": self.one_or_list(records)})));
            }
            Format::Entry => {
                let entries = outcomes.iter().map(|outcome| json!(outcome.entry())).collect();
                say(&pretty(&self.one_or_list(entries)));
            }
            Format::Table => people(&outcomes, self.with_profiles),
            Format::Jsonl | Format::Markdown => {}
        }
        if self.is_held() {
            tell_hints(
                self.done
                    .iter()
                    .map(|(_, outcome)| (outcome.record.instance_name.as_str(), outcome.hints.as_slice())),
            );
        }
        let failed = outcomes.iter().any(|outcome| !outcome.record.success);
        ExitCode::from(u8::from(failed))
    }

    /// The only one as it is, several as a list.
    fn one_or_list(&self, mut values: Vec<Value>) -> Value {
        match values.pop() {
            Some(only) if self.asked == 1 => only,
            Some(last) => values.into_iter().chain([last]).collect(),
            None => Value::Array(values),
        }
    }
}

/// JSON for people and programs alike.
fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

/// Prints the steps of a run, one a line.
pub(crate) fn tell_steps(instance: &str, steps: &[TraceStep]) {
    let lines = steps.iter().map(|step| {
        format!("  {} {}", styled(DIM, &format!("{:<8}", step.stage.as_str())), clean(&step.text))
    });
    tell_styled(&std::iter::once(styled(STRONG, instance)).chain(lines).collect::<Vec<_>>().join("\n"));
}

fn people(outcomes: &[&Outcome], with_profiles: bool) {
    let headings = ["result", "instance", "brand", "id", "username", "email", "active", "note"];
    let rows: Vec<Vec<Cell>> = outcomes.iter().map(|outcome| row(&outcome.record)).collect();
    say(&table(&headings, &rows));
    for outcome in outcomes.iter().filter(|_| with_profiles) {
        if outcome.record.action == Verb::Get && outcome.record.success && !outcome.record.skipped {
            let name = outcome.record.instance_name.as_str();
            let head = if outcomes.len() > 1 { format!("{}\n", styled(STRONG, name)) } else { String::new() };
            say(&format!("\n{head}{}", profile(outcome)));
        }
    }
}

fn row(record: &VendorRecord) -> Vec<Cell> {
    let (word, style) = result(record);
    let text = |value: &Option<String>| Cell::from(value.clone().unwrap_or_default());
    vec![
        Cell(word.to_owned(), Some(style)),
        record.instance_name.to_string().into(),
        record.brand.to_string().into(),
        text(&record.id),
        text(&record.username),
        text(&record.email),
        record.active.map_or("", |active| if active { "yes" } else { "no" }).into(),
        note(record).into(),
    ]
}

/// How a record ended, in one word.
pub(crate) fn result(record: &VendorRecord) -> (&'static str, anstyle::Style) {
    if !record.success {
        return ("failed", BAD);
    }
    if record.skipped {
        return ("skipped", SKIPPED);
    }
    (past(record.action), GOOD)
}

/// What was done, in a word.
fn past(action: Verb) -> &'static str {
    match action {
        Verb::Get => "found",
        Verb::Create => "created",
        Verb::Update => "updated",
        Verb::Disable => "disabled",
        Verb::Enable => "enabled",
    }
}

/// Why nothing was written, or what failed.
pub(crate) fn note(record: &VendorRecord) -> String {
    if record.skipped {
        return record.reason.clone();
    }
    let message = record.error_message.trim();
    match &record.error_code {
        Some(code) => format!("{code} {message}"),
        None => message.to_owned(),
    }
}

/// The profile that a get found, under its table.
fn profile(outcome: &Outcome) -> String {
    let rows: Vec<Vec<Cell>> = outcome
        .profile
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            vec![name.as_str().into(), text.into()]
        })
        .collect();
    table(&["field", "value"], &rows)
}
