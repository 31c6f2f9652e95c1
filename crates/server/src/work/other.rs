//! Commands that are not about one person: groups, lists, questions, and those of a vendor's own.

use std::sync::{Arc, Mutex};

use provost_core::{
    Attributes, AuditEvent, AuditKind, AuditResult, Code, CommandResult, Fault, GroupVerb, RunId, Selection,
    Trace, TraceStep, VendorCall,
};
use provost_engine::{
    Conditions, GroupCommand, Instance, SideBySide, guarded, list, mapping_fields, run_group, run_vendor,
    test,
};
use provost_store::{Counts, Run, RunKind, RunState, StoredRecord, Write};
use serde_json::{Value, json};

use super::user::unrecorded;
use super::{RunLedger, without_secrets};
use crate::access::Caller;
use crate::fleet::Chosen;
use crate::{App, Problem, metrics};

/// How many accounts a list has at most.
pub(crate) const LONGEST_LIST: usize = 10_000;

/// What somebody wants to know, or wants done.
#[derive(Clone)]
pub(crate) enum Question {
    /// Whether the system answers and knows us.
    Test,
    /// The attributes that its accounts have.
    Fields,
    /// Its accounts.
    List(usize),
    /// Something about a group.
    Group(GroupCommand),
    /// A command of the vendor's own.
    Vendor(String, Attributes),
}

/// A question of somebody.
#[derive(Clone)]
pub(crate) struct Errand {
    pub(crate) run: RunId,
    pub(crate) caller: Caller,
    pub(crate) name: String,
    pub(crate) question: Question,
    pub(crate) asked: Selection,
    pub(crate) why: Option<String>,
}

/// What an instance answered.
pub(crate) struct Answer {
    pub(crate) instance: String,
    pub(crate) brand: String,
    pub(crate) success: bool,
    pub(crate) result: CommandResult,
    pub(crate) code: Option<Code>,
    pub(crate) message: String,
    pub(crate) hints: Vec<String>,
    pub(crate) trace: Vec<TraceStep>,
}

impl Errand {
    /// Whether a group is changed: vendors' own commands say themselves what they write.
    fn writes(&self) -> bool {
        matches!(&self.question, Question::Group(command) if command.verb != GroupVerb::Get)
    }

    fn may_write(&self) -> bool {
        self.writes() || matches!(&self.question, Question::Vendor(..))
    }
}

/// Carries it out.
pub(crate) async fn other_command(
    app: &Arc<App>,
    errand: &Errand,
    also: impl FnOnce(&[Answer]) -> Vec<Write>,
) -> Result<Vec<Answer>, Problem> {
    errand.caller.may_run(&errand.name)?;
    for name in &errand.asked.using {
        errand.caller.may_ask(name)?;
    }
    let mut chosen = app.fleet.choose(&errand.asked, &errand.name).await?;
    chosen.retain(|chosen| errand.caller.scopes.has_instance(&chosen.name));
    if chosen.is_empty() {
        return Err(Problem::denied(format!("no instance that you may ask can run `{}`", errand.name)));
    }
    let names: Vec<String> = chosen.iter().map(|chosen| chosen.name.clone()).collect();
    let started = app.store.now();
    let one = |(place, chosen): (usize, Chosen)| async move { (place, answer(app, errand, chosen).await) };
    let mut running = SideBySide::new(chosen.into_iter().enumerate().map(one).collect());
    let mut answers = Vec::new();
    while let Some(answer) = running.next().await {
        answers.push(answer);
    }
    answers.sort_by_key(|(place, _)| *place);
    let answers: Vec<Answer> = answers.into_iter().map(|(_, answer)| answer).collect();
    for answer in &answers {
        metrics::command(&errand.name, &answer.instance, if answer.success { "success" } else { "failure" });
    }
    let mut writes = kept(app, errand, names, started, &answers);
    writes.extend(also(&answers));
    let later = if errand.may_write() { writes.clone() } else { Vec::new() };
    match app.store.commit(writes).await {
        Ok(_) => Ok(answers),
        Err(error) if errand.may_write() => Err(unrecorded(app, &errand.run, later, error)),
        Err(error) => Err(error.into()),
    }
}

async fn answer(app: &Arc<App>, errand: &Errand, chosen: Chosen) -> Answer {
    let Chosen { name, brand, opened } = chosen;
    let blank = Answer {
        instance: name,
        brand: brand.to_string(),
        success: false,
        result: CommandResult::default(),
        code: None,
        message: String::new(),
        hints: Vec::new(),
        trace: Vec::new(),
    };
    match opened {
        Ok(instance) => ask(app, errand, &instance, blank).await,
        Err(trouble) => Answer { message: trouble.message, hints: trouble.hints, ..blank },
    }
}

async fn ask(app: &Arc<App>, errand: &Errand, instance: &Instance, blank: Answer) -> Answer {
    let conditions = Conditions { ledger: Some(Arc::new(ledger(app, errand))), ..Conditions::default() };
    let trace = conditions.trace.clone();
    if let Question::Group(command) = &errand.question {
        let outcome = run_group(instance, command, &conditions).await;
        let message = outcome.result.outputs["errorMessage"].as_str().unwrap_or_default().to_owned();
        let (result, hints) = (outcome.result, outcome.hints);
        return Answer { success: outcome.success, result, message, hints, trace: outcome.trace, ..blank };
    }
    let answered = guarded(put(app, &errand.question, instance, &conditions)).await;
    let trace = trace.steps();
    match answered {
        Ok((result, hints)) => Answer { success: true, result, hints, trace, ..blank },
        Err(Fault { code, message, hints, .. }) => Answer { code, message, hints, trace, ..blank },
    }
}

/// Puts a question that is answered without a record.
async fn put(
    app: &App,
    question: &Question,
    instance: &Instance,
    conditions: &Conditions,
) -> Result<(CommandResult, Vec<String>), Fault> {
    let plain = |outputs| (CommandResult { outputs, ..CommandResult::default() }, Vec::new());
    match question {
        Question::Test => test(instance, &conditions.trace).await.map(|()| plain("ok".into())),
        Question::Fields => mapping_fields(instance, &conditions.trace).await.map(plain),
        Question::List(most) => everybody(instance, &conditions.trace, *most).await.map(plain),
        Question::Vendor(name, arguments) => vendor(app, instance, conditions, name, arguments).await,
        Question::Group(_) => Ok(plain(Value::Null)),
    }
}

async fn everybody(instance: &Instance, trace: &Trace, most: usize) -> Result<Value, Fault> {
    let mut records = Vec::new();
    list(instance, trace, Some(most), &mut |found| {
        records.push(serde_json::to_value(&found.record).unwrap_or_default());
    })
    .await?;
    Ok(Value::Array(records))
}

/// The name under which an instance keeps what its commands remember.
const STORE: &str = "store";

async fn vendor(
    app: &App,
    instance: &Instance,
    conditions: &Conditions,
    name: &str,
    arguments: &Attributes,
) -> Result<(CommandResult, Vec<String>), Fault> {
    let broken = |error: provost_store::StoreError| {
        Fault::new(
            provost_core::FaultKind::NotSent,
            format!("what the instance keeps could not be had: {error}"),
        )
    };
    let kept = app.store.kept(instance.name.as_str(), STORE).await.map_err(broken)?;
    let stored = kept.and_then(|kept| kept.as_object().cloned()).unwrap_or_default();
    let answer = run_vendor(instance, &VendorCall { name, arguments, stored: &stored }, conditions).await?;
    if let Some(store) = answer.store {
        app.store.keep(instance.name.as_str(), STORE, &Value::Object(store)).await.map_err(broken)?;
    }
    Ok((answer.result, answer.hints))
}

fn ledger(app: &Arc<App>, errand: &Errand) -> RunLedger {
    RunLedger {
        app: Arc::clone(app),
        run: errand.run.clone(),
        line: None,
        actor: errand.caller.actor.clone(),
        why: errand.why.clone(),
        lease: None,
        open: Mutex::default(),
    }
}

/// The run with its events and records. What a list found is not kept.
fn kept(
    app: &App,
    errand: &Errand,
    instances: Vec<String>,
    started: jiff::Timestamp,
    answers: &[Answer],
) -> Vec<Write> {
    let count = |success| answers.iter().filter(|answer| answer.success == success).count() as u64;
    let counts = Counts { succeeded: count(true), skipped: 0, failed: count(false) };
    let run = Run {
        id: errand.run.clone(),
        kind: RunKind::Command,
        command: errand.name.clone(),
        state: if counts.failed > 0 { RunState::Failed } else { RunState::Succeeded },
        actor: errand.caller.actor.clone(),
        subject: None,
        instances,
        why: errand.why.clone(),
        dry_run: false,
        node: app.node.clone(),
        request: request(&errand.question),
        started,
        ended: Some(app.store.now()),
        counts,
        total: None,
    };
    let mut writes = vec![Write::Run(Box::new(run))];
    for (place, answer) in answers.iter().enumerate() {
        writes.push(Write::Event(Box::new(event(app, errand, answer))));
        writes.push(Write::Record(Box::new(record(errand, place, answer))));
    }
    writes
}

fn request(question: &Question) -> Value {
    match question {
        Question::Test | Question::Fields => json!({}),
        Question::List(most) => json!({"limit": most}),
        Question::Group(command) => without_secrets(json!({"scim": command.scim,
            "member-ids-to-add": command.add, "member-ids-to-delete": command.remove})),
        Question::Vendor(_, arguments) => without_secrets(Value::Object(arguments.clone())),
    }
}

fn event(app: &App, errand: &Errand, answer: &Answer) -> AuditEvent {
    AuditEvent {
        run: Some(errand.run.clone()),
        instance: Some(answer.instance.as_str().into()),
        why: errand.why.clone(),
        result: if answer.success { AuditResult::Success } else { AuditResult::Failure },
        message: answer.message.clone(),
        request_ids: answer.trace.iter().filter_map(|step| step.request_id.clone()).collect(),
        ..app.event(AuditKind::Command, &errand.caller.actor, errand.name.clone())
    }
}

fn record(errand: &Errand, place: usize, answer: &Answer) -> StoredRecord {
    let outputs = match &errand.question {
        Question::List(_) => json!({"accounts": answer.result.rows().len()}),
        _ => without_secrets(answer.result.outputs.clone()),
    };
    let record = json!({"brand": answer.brand, "instanceName": answer.instance, "success": answer.success,
        "errorCode": answer.code, "errorMessage": answer.message, "details": outputs});
    StoredRecord {
        run: errand.run.clone(),
        line: 0,
        place: place as u64,
        instance: answer.instance.clone(),
        subject: None,
        result: if answer.success { "success" } else { "failure" }.to_owned(),
        record,
        hints: answer.hints.clone(),
        trace: StoredRecord::trace_of(&answer.trace),
    }
}

/// Refuses what changes something to somebody who may only look.
pub(crate) fn refuse_viewers(errand: &Errand) -> Result<(), Problem> {
    if errand.may_write() { errand.caller.may_write() } else { Ok(()) }
}
