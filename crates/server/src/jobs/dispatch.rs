//! Leasing tasks and carrying them out, as many side by side as the server may.

use std::sync::Arc;
use std::time::Duration;

use provost_core::{AuditEvent, AuditKind, AuditResult, Selection};
use provost_store::{Lease, Leased, Run, Write};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::batch::caller_of;
use super::line::Line;
use super::{finish, retry};
use crate::work::{Done, Order, user_command};
use crate::{App, Problem};

/// How often a server looks for what others put into the queue, or what became due.
const LOOK: Duration = Duration::from_millis(500);
/// How long it rests when the store cannot be reached.
const REST: Duration = Duration::from_secs(1);

/// Works until the server stops.
pub(crate) async fn dispatch(app: Arc<App>) {
    let workers = app.options.workers;
    if workers == 0 {
        return;
    }
    let free = Arc::new(Semaphore::new(workers));
    while !app.stopping.is_cancelled() {
        let Ok(first) = Arc::clone(&free).acquire_owned().await else { return };
        let mut places = vec![first];
        while let Ok(place) = Arc::clone(&free).try_acquire_owned() {
            places.push(place);
        }
        match app.store.lease(&app.node, app.options.lease, places.len() as u64).await {
            Ok(leased) if leased.is_empty() => {
                drop(places);
                wait(&app, LOOK).await;
            }
            Ok(leased) => leased.into_iter().zip(places).for_each(|(task, place)| start(&app, task, place)),
            Err(_) => {
                drop(places);
                wait(&app, REST).await;
            }
        }
    }
}

/// Until there may be something to do.
async fn wait(app: &App, most: Duration) {
    tokio::select! {
        () = app.wake.notified() => {}
        () = tokio::time::sleep(most) => {}
        () = app.stopping.cancelled() => {}
    }
}

fn start(app: &Arc<App>, task: Leased, place: OwnedSemaphorePermit) {
    let own = Arc::clone(app);
    let holding = app.held.hold(&task.lease);
    app.running.spawn(async move {
        let lease = task.lease.clone();
        if let Err(problem) = carry_out(&own, task).await {
            give_back(&own, &lease, &problem).await;
        }
        drop(holding);
        drop(place);
        own.wake.notify_one();
    });
}

/// Lets a task wait again that could not be ended. While the server is there its leases do not
/// run out, so that this is tried until it works.
async fn give_back(app: &App, lease: &Lease, problem: &Problem) {
    let pause = if problem.retry_after.is_some() { REST } else { app.options.lease };
    while let Err(error) = app.store.put_back(lease, app.store.now() + pause).await {
        if !error.is_passing() || app.stopping.is_cancelled() {
            return;
        }
        tokio::time::sleep(REST).await;
    }
}

async fn carry_out(app: &Arc<App>, task: Leased) -> Result<(), Problem> {
    let run_id = task.lease.run.clone();
    let missing = || Problem::bug(format!("there is no batch {run_id}"));
    let run = app.store.run(&run_id).await?.ok_or_else(missing)?;
    let order = order(app, &run, &task).await?;
    let left = match task.attempts {
        1 => Vec::new(),
        _ => app.store.open_intents_of(&run_id, task.lease.line, &task.instance).await?,
    };
    let ended = user_command(app, order, |done| resolutions(app, &run, &task, done, &left)).await;
    match ended {
        Ok(_) => finish(app, &run_id).await.map(|_| ()),
        Err(problem) => Err(problem),
    }
}

async fn order(app: &App, run: &Run, task: &Leased) -> Result<Order, Problem> {
    let envelope = app.envelopes.of(&app.store, &app.vault, &task.lease.run).await?;
    let line = Line::open(&envelope, &task.lease, &task.command)?;
    Ok(Order {
        run: run.id.clone(),
        caller: caller_of(run),
        command: line.command(app.fleet.schema().await?)?,
        asked: Selection { using: vec![task.instance.clone()], using_brand: Vec::new() },
        dry_run: run.dry_run,
        why: run.why.clone(),
        task: Some(task.clone()),
    })
}

/// What an earlier lease left open is settled by what this one found and did.
fn resolutions(app: &App, run: &Run, task: &Leased, done: &Done, left: &[u64]) -> Vec<Write> {
    let is_good = done.told.iter().all(|told| told.outcome.record.success);
    let event = |intent: &u64| {
        let event = AuditEvent {
            run: Some(run.id.clone()),
            line: Some(task.lease.line),
            instance: Some(task.instance.as_str().into()),
            refers: Some(*intent),
            result: if is_good { AuditResult::Success } else { AuditResult::Unknown },
            message: "it was interrupted; the line was carried out again, which looks before it writes"
                .to_owned(),
            ..app.event(AuditKind::Resolution, &App::itself(), "line done again")
        };
        Write::Event(Box::new(event))
    };
    if is_good { left.iter().map(event).collect() } else { Vec::new() }
}

/// When a task that ended so is done again; `None` where its end is the end.
pub(crate) fn again(task: &Leased, done: &Done) -> Option<Duration> {
    let fault = done.told.iter().find_map(|told| told.outcome.fault);
    retry::pause(fault, task.attempts)
}
