//! Reading a batch into the queue. Nothing of it is begun before all of it was read.

use std::collections::HashMap;
use std::sync::Arc;

use provost_core::{AuditEvent, AuditKind, Brand, RunId, Selection, UserCommand, VendorRecord, Verb};
use provost_engine::lines::{self, Format, Reader};
use provost_store::{Counts, Envelope, Run, RunKind, RunState, StoredRecord, Task, Write};
use serde_json::{Value, json};

use super::line::Line;
use crate::access::{Caller, hash};
use crate::{App, Problem};

/// How many tasks are written at once, and how many lines a batch has at most.
const BLOCK: usize = 500;
const MOST_LINES: u64 = 1_000_000;

/// What holds where a line does not say otherwise.
#[derive(Clone)]
pub(crate) struct BatchOrder {
    pub(crate) verb: Verb,
    pub(crate) allow_enable: bool,
    pub(crate) dry_run: bool,
    pub(crate) asked: Selection,
    pub(crate) why: Option<String>,
    pub(crate) format: Format,
}

/// A batch that is being read.
pub(crate) struct Reading {
    app: Arc<App>,
    caller: Caller,
    order: BatchOrder,
    pub(crate) run: RunId,
    envelope: Arc<Envelope>,
    reader: Reader,
    lanes: Lanes,
    tasks: Vec<Task>,
    flawed: Vec<StoredRecord>,
    lines: u64,
}

impl Reading {
    /// Begins to read. Nothing of the batch is seen by anybody yet.
    pub(crate) async fn begin(app: &Arc<App>, caller: Caller, order: BatchOrder) -> Result<Self, Problem> {
        caller.may_run(&order.verb.command())?;
        for name in &order.asked.using {
            caller.may_ask(name)?;
        }
        app.fleet.choose(&order.asked, &order.verb.command()).await?;
        let run = app.store.new_run();
        let envelope = app.envelopes.begin(app, run.as_str()).await?;
        let defaults = lines::Defaults {
            verb: order.verb,
            allow_enable: order.allow_enable,
            schema: app.fleet.schema().await?,
        };
        let reader = Reader::new(order.format, defaults);
        let app = Arc::clone(app);
        Ok(Self {
            app,
            caller,
            order,
            run,
            envelope,
            reader,
            lanes: Lanes::default(),
            tasks: Vec::new(),
            flawed: Vec::new(),
            lines: 0,
        })
    }

    /// Reads on.
    pub(crate) async fn push(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let read = self.reader.push(bytes).map_err(|error| headless(&error))?;
        self.take(read).await
    }

    async fn take(&mut self, read: impl IntoIterator<Item = lines::Asked>) -> Result<(), Problem> {
        for (number, task) in read {
            self.lines += 1;
            if self.lines > MOST_LINES {
                return Err(Problem::too_large(format!("a batch has at most {MOST_LINES} lines")));
            }
            match task {
                Ok(task) => self.add(number, &task).await?,
                Err(flaw) => self.flawed.push(flawed(&self.run, number, self.order.verb, &flaw)),
            }
            if self.tasks.len() >= BLOCK {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// A task for each instance that the line goes to.
    async fn add(&mut self, number: u64, task: &lines::Task) -> Result<(), Problem> {
        let asked = match &task.to {
            Some(to) => to.clone(),
            None => self.order.asked.clone(),
        };
        let names = match self.names(&task.command, &asked).await {
            Ok(names) => names,
            // A line that cannot go where it wants is a flaw of that line.
            Err(problem) if problem.status < 500 => {
                self.flawed.push(flawed(&self.run, number, task.command.verb, &problem.detail));
                return Ok(());
            }
            Err(problem) => return Err(problem),
        };
        let command = Line::of(&task.command).seal(&self.envelope, number)?;
        let lane = self.lanes.of(task);
        self.tasks.extend(names.into_iter().zip(0..).map(|(instance, place)| Task {
            line: number,
            place,
            lane: hash(&format!("{lane}\n{instance}")),
            instance,
            command: command.clone(),
        }));
        Ok(())
    }

    async fn names(&self, command: &UserCommand, asked: &Selection) -> Result<Vec<String>, Problem> {
        let name = command.verb.command();
        self.caller.may_run(&name)?;
        if command.verb != Verb::Get {
            self.caller.may_write()?;
        }
        for instance in &asked.using {
            self.caller.may_ask(instance)?;
        }
        let chosen = self.app.fleet.choose(asked, &name).await?;
        let names = chosen.into_iter().map(|chosen| chosen.name);
        let allowed: Vec<String> = names.filter(|name| self.caller.scopes.has_instance(name)).collect();
        if allowed.is_empty() {
            return Err(Problem::denied(format!("no instance that may be asked can run `{name}`")));
        }
        Ok(allowed)
    }

    async fn write(&mut self) -> Result<(), Problem> {
        let tasks = std::mem::take(&mut self.tasks);
        Ok(self.app.store.enqueue(self.run.as_str(), &tasks).await?)
    }

    /// Ends reading: the batch is there, and may be begun.
    pub(crate) async fn finish(mut self) -> Result<Run, Problem> {
        let read = self.reader.finish().map_err(|error| headless(&error))?;
        self.take(read).await?;
        if self.lines == 0 {
            return Err(Problem::invalid("the batch has no lines"));
        }
        self.write().await?;
        let run = self.begun();
        let event = AuditEvent {
            run: Some(run.id.clone()),
            why: run.why.clone(),
            after: Some(json!({"lines": self.lines, "request": run.request})),
            ..self.app.event(AuditKind::Batch, &self.caller.actor, "batch begun")
        };
        let mut writes = vec![Write::Event(Box::new(event)), Write::Run(Box::new(run.clone()))];
        writes.extend(
            std::mem::take(&mut self.flawed).into_iter().map(|record| Write::Record(Box::new(record))),
        );
        writes.push(Write::Release(run.id.clone()));
        self.app.store.commit(writes).await?;
        self.app.wake.notify_one();
        super::finish(&self.app, run.id.as_str()).await?;
        Ok(run)
    }

    /// Forgets what was read of a batch that could not be read to its end.
    pub(crate) async fn abandon(app: &App, run: &RunId) {
        // It may have begun, and the store could not say so any more.
        let Ok(None) = app.store.run(run.as_str()).await else { return };
        // What cannot be forgotten now is forgotten when it is old.
        let _ = app.store.forget_held(Some(run.as_str()), app.store.now()).await;
        let _ = app.envelopes.end(&app.store, run.as_str()).await;
    }

    fn begun(&self) -> Run {
        let order = &self.order;
        Run {
            id: self.run.clone(),
            kind: RunKind::Batch,
            command: order.verb.command(),
            state: RunState::Running,
            actor: self.caller.actor.clone(),
            subject: None,
            instances: order.asked.using.clone(),
            why: order.why.clone(),
            dry_run: order.dry_run,
            node: self.app.node.clone(),
            request: json!({"command": order.verb.command(), "allow-enable": order.allow_enable,
                "dry-run": order.dry_run, "using": order.asked.using, "using-brand": order.asked.using_brand}),
            started: self.app.store.now(),
            ended: None,
            counts: Counts::default(),
            total: Some(self.lines),
        }
    }
}

/// A table whose header makes no sense.
fn headless(error: &lines::HeaderError) -> Problem {
    Problem::invalid(error.message.clone()).hints(error.hint.map(str::to_owned))
}

/// The lanes of a batch: lines that have any name of a person in common are in one.
#[derive(Default)]
struct Lanes(HashMap<u64, Arc<str>>);

impl Lanes {
    fn of(&mut self, task: &lines::Task) -> Arc<str> {
        let known = task.who.iter().find_map(|who| self.0.get(who)).cloned();
        let lane = known.unwrap_or_else(|| lines::lane(&task.command.profile).into());
        for who in &task.who {
            self.0.entry(*who).or_insert_with(|| Arc::clone(&lane));
        }
        lane
    }
}

/// The record of a line that cannot be carried out anywhere.
fn flawed(run: &RunId, line: u64, verb: Verb, flaw: &str) -> StoredRecord {
    let record = VendorRecord {
        success: false,
        error_message: flaw.to_owned(),
        ..VendorRecord::new(Brand::from(""), "".into(), verb)
    };
    StoredRecord {
        run: run.clone(),
        line,
        place: 0,
        instance: String::new(),
        subject: None,
        result: "failure".to_owned(),
        record: serde_json::to_value(record).unwrap_or(Value::Null),
        hints: Vec::new(),
        trace: Vec::new(),
    }
}

/// Who a batch works for once it was read: what it may do was judged then.
pub(super) fn caller_of(run: &Run) -> Caller {
    Caller {
        actor: run.actor.clone(),
        role: crate::Role::Operator,
        scopes: crate::Scopes::default(),
        session: None,
    }
}
