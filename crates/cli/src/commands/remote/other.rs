//! Commands at a server that are not about one person.

use std::process::ExitCode;

use provost_core::{Attributes, Code, CommandResult, Fault, FaultKind, GroupVerb, TraceStep, VendorRecord};
use provost_engine::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};

use super::user::select;
use crate::args::{Format, Global, ListArgs, Selection};
use crate::commands::{describe, groups};
use crate::output::{self, Answered, Answers, Hinted, Records, Results};
use crate::remote::Remote;

/// How many accounts a server lists at most.
const LONGEST_LIST: usize = 10_000;

/// What a server answers.
#[derive(Deserialize)]
struct CommandAnswer {
    results: Vec<OneAnswer>,
}

/// What one of its instances answered.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct OneAnswer {
    instance: String,
    brand: String,
    success: bool,
    outputs: Value,
    #[serde(default)]
    layout: CommandResult,
    #[serde(default)]
    error_code: Option<Code>,
    error_message: String,
    hints: Vec<String>,
    #[serde(default)]
    trace: Vec<TraceStep>,
}

impl OneAnswer {
    fn result(&mut self) -> CommandResult {
        CommandResult { outputs: self.outputs.take(), ..std::mem::take(&mut self.layout) }
    }

    /// Why there is no answer.
    fn fault(&self) -> Fault {
        let fault = Fault::new(FaultKind::Vendor, self.error_message.clone());
        Fault { code: self.error_code.clone(), hints: self.hints.clone(), ..fault }
    }

    fn of_group(mut self, verb: GroupVerb) -> Answered {
        let result = self.result();
        let Self { instance, brand, success, error_message, hints, trace, .. } = self;
        if !success && result.outputs.is_null() {
            return groups::unable(verb, (&brand, &instance), &error_message, hints);
        }
        Answered { result, success, is_error_entry: false, hints, trace, failure: None }
    }

    fn of_vendor(mut self, command: &str) -> Answered {
        if !self.success {
            let fault = self.fault();
            return Answered::failed(command, &self.instance, &fault, self.trace);
        }
        let result = self.result();
        Answered { hints: self.hints, ..Answered::of(result, self.trace) }
    }
}

/// What is asked, and of whom.
struct Question<'a> {
    name: &'a str,
    arguments: Attributes,
    selection: &'a Selection,
    writes: bool,
}

impl Question<'_> {
    /// What every instance answered; `None` where somebody did not wait for it.
    async fn put(self, global: &Global, remote: &Remote) -> anyhow::Result<Option<Vec<OneAnswer>>> {
        let mut request = json!({"arguments": self.arguments, "trace": global.verbose});
        select(&mut request, self.selection);
        let answer = remote.command::<CommandAnswer>(self.name, request, self.writes).await?;
        Ok(answer.map(|answer| answer.results))
    }
}

/// Has a group command carried out.
pub(super) async fn group(
    global: &Global,
    remote: &Remote,
    asked: groups::Asked<'_>,
) -> anyhow::Result<ExitCode> {
    let (command, writes) = (asked.command(global.output)?, asked.verb != GroupVerb::Get);
    let mut arguments = Attributes::from_iter([("scim".to_owned(), Value::Object(command.scim))]);
    if !writes {
        arguments.insert("include-members".to_owned(), command.include_members.into());
    }
    if asked.members.is_some() {
        arguments.insert("member-ids-to-add".to_owned(), command.add.into());
        arguments.insert("member-ids-to-delete".to_owned(), command.remove.into());
    }
    let name = asked.verb.command();
    let question = Question { name: &name, arguments, selection: &asked.group.selection, writes };
    let show = |answer: OneAnswer| answer.of_group(asked.verb);
    Ok(results(global, question.put(global, remote).await?, writes, show))
}

/// Has a command carried out that an integration adds.
pub(super) async fn vendor(
    global: &Global,
    remote: &Remote,
    name: &str,
    arguments: Attributes,
    selection: &Selection,
) -> anyhow::Result<ExitCode> {
    let question = Question { name, arguments, selection, writes: true };
    Ok(results(global, question.put(global, remote).await?, true, |answer| answer.of_vendor(name)))
}

fn results(
    global: &Global,
    answers: Option<Vec<OneAnswer>>,
    writes: bool,
    show: impl Fn(OneAnswer) -> Answered,
) -> ExitCode {
    let Some(answers) = answers else { return super::interrupted(writes) };
    let mut results = Results::new(global, answers.len());
    for (place, answer) in answers.into_iter().enumerate() {
        let instance = answer.instance.clone();
        results.take(place, &instance, show(answer));
    }
    results.finish()
}

/// Has systems checked.
pub(super) async fn test(
    global: &Global,
    remote: &Remote,
    selection: &Selection,
) -> anyhow::Result<ExitCode> {
    answers(global, remote, selection, "test-module", |answer| answer.as_str().unwrap_or_default().to_owned())
        .await
}

/// Has the attributes listed that accounts have.
pub(super) async fn mapping_fields(
    global: &Global,
    remote: &Remote,
    selection: &Selection,
) -> anyhow::Result<ExitCode> {
    answers(global, remote, selection, "get-mapping-fields", describe::fields_table).await
}

async fn answers(
    global: &Global,
    remote: &Remote,
    selection: &Selection,
    name: &'static str,
    show: fn(&Value) -> String,
) -> anyhow::Result<ExitCode> {
    let question = Question { name, arguments: Attributes::new(), selection, writes: false };
    let Some(found) = question.put(global, remote).await? else { return Ok(super::interrupted(false)) };
    let mut answers = Answers::new(global.output, name, found.len(), show);
    for (place, mut answer) in found.into_iter().enumerate() {
        if global.verbose {
            output::tell_steps(&answer.instance, &answer.trace);
        }
        let said = if answer.success { Ok(answer.outputs.take()) } else { Err(answer.fault()) };
        answers.take(place, &answer.instance, said);
    }
    answers.finish().ok_or_else(|| Hinted::new("no instance of the server answered").into())
}

/// Has everybody listed.
pub(super) async fn list(global: &Global, remote: &Remote, arguments: &ListArgs) -> anyhow::Result<ExitCode> {
    if global.output == Format::Entry {
        return Err(Hinted::new("a server lists records, without the profiles that entries have")
            .hint("for example `--output jsonl`")
            .into());
    }
    let limit = arguments.limit.map(|limit| ("limit".to_owned(), limit.into()));
    let (arguments, selection) = (limit.into_iter().collect(), &arguments.selection);
    let question = Question { name: "iam-list-users", arguments, selection, writes: false };
    let Some(found) = question.put(global, remote).await? else { return Ok(super::interrupted(false)) };
    let (mut records, mut is_whole, is_only) = (Records::of_list(global), true, found.len() == 1);
    for (place, mut answer) in found.into_iter().enumerate() {
        let listed: Vec<VendorRecord> = match answer.outputs.take() {
            Value::Null => Vec::new(),
            outputs => serde_json::from_value(outputs)?,
        };
        is_whole &= tell_of_list(global, &answer, listed.len(), is_only);
        for record in listed {
            records.take(place, listed_outcome(record));
        }
    }
    records.finish();
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// Says what is to be said of a list besides its records; the result says whether it is whole.
fn tell_of_list(global: &Global, answer: &OneAnswer, count: usize, is_only: bool) -> bool {
    if global.verbose {
        output::tell_steps(&answer.instance, &answer.trace);
    }
    if count == LONGEST_LIST {
        output::warn(&format!("{}: a server lists {LONGEST_LIST} accounts at most", answer.instance));
    }
    if answer.success {
        return true;
    }
    let name = if is_only { "the list is not whole" } else { &answer.instance };
    output::complain(name, &answer.error_message);
    answer.hints.iter().for_each(|hint| output::hint(hint));
    false
}

fn listed_outcome(record: VendorRecord) -> Outcome {
    let profile = Attributes::new();
    Outcome { record, profile, is_error_entry: false, fault: None, hints: Vec::new(), trace: Vec::new() }
}
