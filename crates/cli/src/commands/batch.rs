//! `provost batch`: a command for everybody in a file.
//!
//! A thread reads lines; each instance has a queue and works on some people at once, never on
//! one person twice at the same time; one place notes what is done and prints it. Nothing
//! holds more lines than the queues do.

mod journal;
mod lines;
mod shown;
mod worker;

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use provost_core::{Verb, did_you_mean};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at};

use super::asking;
use super::selection;
use crate::args::{BatchArgs, Global};
use crate::config::Config;
use crate::interrupt::Interrupt;
use crate::output::{self, Hinted, progress};
use journal::Journal;
use lines::{Defaults, Line, Task};
use shown::Shown;
use worker::{Ended, Worker};

/// How long a batch waits for a system that wants to be left alone.
const PATIENCE: Duration = Duration::from_mins(30);
/// How many lines wait for each instance. A slow one holds the others up only once it has
/// so many.
const QUEUE: usize = 1024;
const AGAIN: Duration = Duration::from_millis(500);

/// Runs the batch.
pub(crate) async fn run(global: &Global, arguments: &BatchArgs) -> anyhow::Result<ExitCode> {
    let defaults = defaults(arguments)?;
    let config = Config::open(global.config.as_deref())?;
    let chosen = selection::choose(&config, &arguments.selection, &arguments.command, Some(defaults.verb))?;
    let journal = Journal::open(arguments)?;
    let schema = Arc::clone(&config.schema);
    let config = Arc::new(config);
    let (ended, mut endings) = mpsc::channel(QUEUE);
    let mut queues = Vec::new();
    for candidate in chosen {
        let name = candidate.name.clone();
        let instance = asking::connect(Arc::clone(&config), candidate, PATIENCE).await?;
        let (queue, jobs) = mpsc::channel(QUEUE);
        queues.push((name, queue));
        let (limit, is_dry) = (arguments.concurrency.into(), arguments.dry_run);
        tokio::spawn(Worker::new(instance, limit, is_dry).work(jobs, ended.clone()));
    }
    let lines = lines::read(&arguments.file, defaults, schema)?;
    let mut shown = Shown::new(global, journal);
    let mut interrupt = Interrupt::listen();
    let mut clock = interval_at(Instant::now() + AGAIN * 4, AGAIN);
    let mut is_stopped = false;
    // It owns the queues: its end is theirs, then the workers' and that of the endings.
    let mut feed = Some(Box::pin(feed(lines, queues, ended, shown.done_before())));
    loop {
        tokio::select! {
            () = async { feed.as_mut().expect("it is asked for").await }, if feed.is_some() => feed = None,
            ending = endings.recv() => match ending {
                Some(ending) => shown.take(ending)?,
                None => return Ok(shown.finish(is_stopped)),
            },
            () = interrupt.received() => {
                if is_stopped {
                    return Ok(shown.finish(true));
                }
                (is_stopped, feed) = (true, None);
                output::tell("Stopping: those under way are finished. Ctrl-C again ends at once.");
            }
            _ = clock.tick(), if progress::is_seen() => shown.progress(),
        }
    }
}

/// Gives each line to the instances that it is for and that have not finished it before.
async fn feed(
    mut lines: mpsc::Receiver<Line>,
    queues: Vec<(String, mpsc::Sender<Task>)>,
    ended: mpsc::Sender<Ended>,
    before: Arc<HashSet<(u64, String)>>,
) {
    while let Some(line) = lines.recv().await {
        let task = match line {
            Line::Task(task) => task,
            Line::Flaw { number, text } => {
                if !before.contains(&(number, String::new())) {
                    // Whoever shows the endings is there as long as this runs.
                    let _ = ended.send(Ended::flaw(number, text)).await;
                }
                continue;
            }
        };
        let is_for = |name: &String| task.using.is_empty() || task.using.contains(name);
        for (name, queue) in queues.iter().filter(|(name, _)| is_for(name)) {
            if !before.contains(&(task.number, name.clone())) {
                let _ = queue.send(task.clone()).await;
            }
        }
    }
}

fn defaults(arguments: &BatchArgs) -> anyhow::Result<Defaults> {
    let Some(verb) = verb(&arguments.command) else {
        let known: Vec<String> = Verb::ALL.iter().map(|verb| verb.command()).collect();
        let problem = Hinted::new(format!("`{}` is no command of a batch", arguments.command));
        let hint = did_you_mean(&arguments.command, known.iter().map(String::as_str));
        return Err(problem.hint(hint.unwrap_or_else(|| format!("they are {}", known.join(", ")))).into());
    };
    Ok(Defaults { verb, allow_enable: arguments.allow_enable == "true" })
}

/// The verb of a command such as `iam-get-user`.
fn verb(command: &str) -> Option<Verb> {
    let command = provost_core::dashed(command.trim_start_matches('!'));
    Verb::ALL.into_iter().find(|verb| verb.command() == command)
}
