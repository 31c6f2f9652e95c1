//! Answers that are no records, in every form.

use std::process::ExitCode;

use provost_core::{Entry, Fault};
use serde_json::{Map, Value, json};

use super::{GOOD, Hints, complain, say, styled};
use crate::args::Format;

/// Prints answers as they come, or all together where the form asks for it. Failures are
/// told on standard error and, in the forms for programs, are answers too.
pub(crate) struct Answers {
    format: Format,
    command: &'static str,
    /// How many instances were chosen.
    chosen: usize,
    /// An answer as people read it.
    show: fn(&Value) -> String,
    done: Vec<(usize, String, Answer)>,
    hints: Hints,
}

type Answer = Result<Value, Fault>;

impl Answers {
    pub(crate) fn new(
        format: Format,
        command: &'static str,
        chosen: usize,
        show: fn(&Value) -> String,
    ) -> Self {
        Self { format, command, chosen, show, done: Vec::new(), hints: Hints::default() }
    }

    /// Takes the answer of the instance at this position.
    pub(crate) fn take(&mut self, position: usize, instance: &str, answer: Answer) {
        if let Err(fault) = &answer {
            let code = fault.code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            complain(instance, &format!("{code}{}", fault.message));
            self.hints.tell(instance, &fault.hints);
        }
        match (self.format, &answer) {
            (Format::Table | Format::Markdown, Ok(value)) => say(&self.for_people(instance, value)),
            (Format::Jsonl, _) => say(&json!({instance: plain(&answer)}).to_string()),
            _ => {}
        }
        self.done.push((position, instance.to_owned(), answer));
    }

    /// Prints what waited for the end; the exit status says whether anything failed.
    /// `None` if nobody answered at all.
    pub(crate) fn finish(mut self) -> Option<ExitCode> {
        self.done.sort_by_key(|(position, ..)| *position);
        match self.format {
            _ if self.done.is_empty() => return None,
            Format::Json => say(&format!("{:#}", self.by_name())),
            Format::Entry => say(&format!("{:#}", self.entries())),
            Format::Table | Format::Markdown | Format::Jsonl => {}
        }
        let failed = self.done.iter().any(|(_, _, answer)| answer.is_err());
        Some(ExitCode::from(u8::from(failed)))
    }

    fn for_people(&self, instance: &str, answer: &Value) -> String {
        let head = if self.chosen == 1 { String::new() } else { styled(GOOD, &format!("{instance}: ")) };
        format!("{head}{}", (self.show)(answer))
    }

    /// The only answer as it is, several by the instances' names.
    fn by_name(&self) -> Value {
        match self.done.as_slice() {
            [(_, _, only)] => plain(only),
            several => {
                let member = |(_, name, answer): &(usize, String, Answer)| (name.clone(), plain(answer));
                Value::Object(several.iter().map(member).collect::<Map<_, _>>())
            }
        }
    }

    /// The only entry as it is, several as a list.
    fn entries(&self) -> Value {
        let entry = |answer: &Answer| match answer {
            Ok(value) => json!(Entry::note(value.clone())),
            Err(fault) => {
                let command = self.command;
                json!(Entry::error(&format!("Failed to execute {command} command. Error: {}", fault.message)))
            }
        };
        match self.done.as_slice() {
            [(_, _, only)] => entry(only),
            several => several.iter().map(|(_, _, answer)| entry(answer)).collect(),
        }
    }
}

/// An answer for programs. No answer of a system's has the one member `error`.
fn plain(answer: &Answer) -> Value {
    match answer {
        Ok(value) => value.clone(),
        Err(fault) => json!({"error": {"code": fault.code, "message": fault.message}}),
    }
}
