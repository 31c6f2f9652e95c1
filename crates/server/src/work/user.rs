//! A user command at the chosen instances, from the caller's leave to the durable record.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use provost_core::{Profile, RunId, Selection, Trace, UserCommand, VendorRecord, Verb};
use provost_engine::lines::lane;
use provost_engine::{Conditions, Mode, Outcome, SideBySide, run_guarded};
use provost_store::{Counts, Leased, Run, RunKind, RunState, StoreError, Write};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{RunLedger, keep, subject, without_secrets};
use crate::access::Caller;
use crate::fleet::{Chosen, Trouble};
use crate::{App, Problem, jobs, metrics};

/// What somebody wants done.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) run: RunId,
    pub(crate) caller: Caller,
    pub(crate) command: UserCommand,
    pub(crate) asked: Selection,
    pub(crate) dry_run: bool,
    pub(crate) why: Option<String>,
    /// The line of a batch that it is.
    pub(crate) task: Option<Leased>,
}

/// What came of it.
pub(crate) struct Done {
    pub(crate) run: RunId,
    pub(crate) state: RunState,
    pub(crate) told: Vec<Told>,
}

/// What an instance answered.
pub(crate) struct Told {
    pub(crate) instance: String,
    pub(crate) outcome: Outcome,
    /// The same with private attributes masked, as it is kept.
    pub(crate) kept: Outcome,
}

impl Order {
    fn verb(&self) -> Verb {
        self.command.verb
    }

    fn writes(&self) -> bool {
        self.verb() != Verb::Get && !self.dry_run
    }

    pub(super) fn line(&self) -> Option<u64> {
        self.task.as_ref().map(|task| task.lease.line)
    }

    /// The run as it begins.
    fn begun(&self, app: &App, instances: Vec<String>) -> Run {
        Run {
            id: self.run.clone(),
            kind: RunKind::Command,
            command: self.verb().command(),
            state: RunState::Running,
            actor: self.caller.actor.clone(),
            subject: subject(&self.command.profile),
            instances,
            why: self.why.clone(),
            dry_run: self.dry_run,
            node: app.node.clone(),
            request: self.request(),
            started: app.store.now(),
            ended: None,
            counts: Counts::default(),
            total: None,
        }
    }

    fn request(&self) -> Value {
        let mut request =
            json!({"user-profile": without_secrets(Value::Object(self.command.profile.as_given().clone()))});
        if self.verb() == Verb::Update || self.verb() == Verb::Create {
            request["allow-enable"] = self.command.allow_enable.into();
        }
        request
    }
}

/// Carries it out. `also` is written together with the records, once what is answered is known.
pub(crate) async fn user_command(
    app: &Arc<App>,
    order: Order,
    also: impl FnOnce(&Done) -> Vec<Write>,
) -> Result<Done, Problem> {
    let command = order.verb().command();
    order.caller.may_run(&command)?;
    let chosen = chosen(app, &order, &command).await?;
    let names = chosen.iter().map(|chosen| chosen.name.clone()).collect();
    let mut run = order.begun(app, names);
    let is_single = order.task.is_none();
    let _lane = match order.writes() {
        true => Some(app.lanes.enter(&lane(&order.command.profile)).await),
        false => None,
    };
    if order.writes() && is_single {
        app.store.commit(vec![Write::Run(Box::new(run.clone()))]).await?;
    }
    let begun = Instant::now();
    let told = ask(app, &order, chosen).await;
    metrics::command_took(&command, begun.elapsed());
    for told in &told {
        metrics::command(&command, &told.instance, keep::result(&told.outcome).as_str());
    }
    let counts = keep::counts(&told);
    let state = if counts.failed > 0 { RunState::Failed } else { RunState::Succeeded };
    run.state = state;
    run.counts = counts;
    run.ended = Some(app.store.now());
    let done = Done { run: order.run.clone(), state, told };
    if let Some(task) = &order.task
        && let Some(pause) = jobs::again(task, &done)
    {
        app.store.put_back(&task.lease, app.store.now() + pause).await?;
        return Ok(done);
    }
    let mut writes = keep::writes(app, &order, &run, &done);
    writes.extend(also(&done));
    // What somebody only wanted to know may be asked again, and a line of a batch is.
    let later = if is_single && order.writes() { writes.clone() } else { Vec::new() };
    match app.store.commit(writes).await {
        Ok(_) => Ok(done),
        Err(error) if order.writes() => Err(unrecorded(app, &order.run, later, error)),
        Err(error) => Err(error.into()),
    }
}

/// What was written to a system stays there, whatever happens to the record of it, which is
/// written when the store is back.
pub(super) fn unrecorded(app: &App, run: &RunId, later: Vec<Write>, error: StoreError) -> Problem {
    if error.is_passing() && !later.is_empty() {
        app.backlog.add(later);
    }
    let problem = Problem::from(error);
    let detail =
        format!("the command was carried out, but its records could not be kept: {}", problem.detail);
    Problem { detail, ..problem }
        .of_run(run.as_str())
        .hint("the audit log says for each change whether it was made; the same command again does no harm")
}

/// The instances that are asked: those that are named, or all of them that the caller may ask.
async fn chosen(app: &App, order: &Order, command: &str) -> Result<Vec<Chosen>, Problem> {
    for name in &order.asked.using {
        order.caller.may_ask(name)?;
    }
    let mut chosen = app.fleet.choose(&order.asked, command).await?;
    chosen.retain(|chosen| order.caller.scopes.has_instance(&chosen.name));
    if chosen.is_empty() {
        let name = &order.caller.actor.name;
        return Err(Problem::denied(format!("{name} may not ask any instance that can run `{command}`")));
    }
    Ok(chosen)
}

/// Asks all of them side by side; the answers are in their order.
async fn ask(app: &Arc<App>, order: &Order, chosen: Vec<Chosen>) -> Vec<Told> {
    let count = chosen.len();
    let one =
        |(place, chosen): (usize, Chosen)| async move { (place, tell(app, order, chosen).await) }.boxed();
    let mut running = SideBySide::new(chosen.into_iter().enumerate().map(one).collect());
    let mut told: Vec<Option<Told>> = (0..count).map(|_| None).collect();
    while let Some((place, answer)) = running.next().await {
        told[place] = Some(answer);
    }
    told.into_iter().flatten().collect()
}

async fn tell(app: &Arc<App>, order: &Order, chosen: Chosen) -> Told {
    let Chosen { name, brand, opened } = chosen;
    match opened {
        Ok(instance) => {
            let conditions = conditions(app, order);
            let outcome = run_guarded(&instance, &order.command, &conditions).await;
            let kept = outcome.masked(&instance.private);
            Told { instance: name, outcome, kept }
        }
        Err(trouble) => {
            let record = VendorRecord::new(brand, name.as_str().into(), order.verb());
            let outcome = unable(&order.command.profile, record, trouble);
            Told { instance: name, kept: outcome.clone(), outcome }
        }
    }
}

fn conditions(app: &Arc<App>, order: &Order) -> Conditions {
    let ledger = RunLedger {
        app: Arc::clone(app),
        run: order.run.clone(),
        line: order.line(),
        actor: order.caller.actor.clone(),
        why: order.why.clone(),
        lease: order.task.as_ref().map(|task| task.lease.clone()),
        open: Mutex::default(),
    };
    Conditions {
        mode: if order.dry_run { Mode::DryRun } else { Mode::Write },
        trace: Trace::default(),
        ledger: order.writes().then(|| Arc::new(ledger) as _),
    }
}

/// The outcome of an instance that could not be asked.
fn unable(profile: &Profile, record: VendorRecord, trouble: Trouble) -> Outcome {
    let shown = without_secrets(Value::Object(profile.fields()));
    let record = VendorRecord {
        success: false,
        email: profile.email().map(str::to_owned),
        error_message: trouble.message,
        details: shown.clone(),
        ..record
    };
    let profile = shown.as_object().cloned().unwrap_or_default();
    Outcome {
        record,
        profile,
        is_error_entry: false,
        fault: Some(provost_core::FaultKind::Configuration),
        hints: trouble.hints,
        trace: Vec::new(),
    }
}
