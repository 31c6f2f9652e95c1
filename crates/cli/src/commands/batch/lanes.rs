//! Where lines go: a lane for each instance, opened when the first line wants it.
//!
//! A lane has a queue of its own, so that a slow instance holds up another one only when its
//! queue is full, and works on some lines side by side.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use provost_core::{Brand, Fault, Selection, Trace, UserCommand, Verb};
use provost_engine::lines::{Asked, Task};
use provost_engine::{Conditions, Instance, Mode, Outcome, run_guarded};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::journal::Finished;
use super::reader::Block;
use super::window::{About, Recent, Window};
use crate::commands::asking::{self, Who};
use crate::commands::selection::{self, Candidate};
use crate::commands::user;
use crate::config::Config;
use crate::output;

/// How long a line waits because its system wants to be left alone.
const PATIENCE: Duration = Duration::from_mins(30);
/// How long what is begun may take when no more lines are begun.
const GRACE: Duration = Duration::from_secs(10);
/// How many lines wait for an instance before the reader has to.
const QUEUE: usize = 512;
/// Among how many of them one is sought that can be begun.
const WINDOW: usize = 256;
/// How many ways to choose instances are remembered.
const ROUTES: usize = 1000;

/// A line that is under way, shared by the instances that it goes to.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) command: UserCommand,
    who: Vec<u64>,
    /// How many instances have not ended it.
    left: AtomicUsize,
}

impl Line {
    /// Notes that an instance has ended it; whether that was the last.
    pub(super) fn ends(&self) -> bool {
        self.left.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

impl About for Arc<Line> {
    fn who(&self) -> &[u64] {
        &self.who
    }
}

/// What became of a line.
pub(super) enum Ended {
    /// An instance has ended it.
    At(Arc<Line>, Box<Outcome>),
    /// An earlier run has finished it at an instance.
    Before(Arc<Line>, Arc<str>),
    /// It cannot be carried out anywhere.
    Nowhere(u64, String),
}

/// What all lanes have in common.
#[derive(Clone)]
pub(super) struct Common {
    pub(super) config: Arc<Config>,
    pub(super) mode: Mode,
    pub(super) verbose: bool,
    /// How many lines are worked on side by side at an instance.
    pub(super) concurrency: usize,
    pub(super) ended: mpsc::Sender<Ended>,
    /// Becomes true when no further line is to be begun.
    pub(super) stopped: watch::Receiver<bool>,
    /// How many instances read their secrets, for which a command may speak on the terminal.
    pub(super) connecting: Arc<AtomicUsize>,
}

/// The lanes.
pub(super) struct Lanes {
    common: Common,
    selection: Selection,
    finished: Finished,
    open: Vec<Lane>,
    routes: HashMap<(Verb, Option<Selection>), Route>,
}

/// The lanes that a line goes to, or why it goes nowhere.
type Route = Result<Arc<[usize]>, String>;

/// A lane as it is seen from outside.
struct Lane {
    name: Arc<str>,
    queue: mpsc::Sender<Arc<Line>>,
    /// The last line that earlier runs have finished.
    last: u64,
    /// Who is in the lines before it that they have not finished.
    behind: HashSet<u64>,
}

impl Lane {
    /// Whether an earlier run has finished the line. A line about somebody for whom an earlier
    /// line has to be done again is done again too: what was written last must stay last.
    fn has_finished(&mut self, finished: &Finished, line: &Line) -> bool {
        let is_behind = || line.who.iter().any(|who| self.behind.contains(who));
        if line.number > self.last {
            return false;
        }
        if finished.contains(line.number, &self.name) && !is_behind() {
            return true;
        }
        self.behind.extend(&line.who);
        false
    }
}

impl Lanes {
    /// Opens the lanes of lines that do not name any.
    ///
    /// # Errors
    /// A selection of nobody. The only instance cannot be connected.
    pub(super) async fn open(common: Common, selection: Selection, verb: Verb) -> anyhow::Result<Self> {
        let mut candidates = selection::choose(&common.config, &selection, &verb.command(), Some(verb))?;
        let mut lanes = Self {
            common,
            selection,
            finished: Finished::default(),
            open: Vec::new(),
            routes: HashMap::new(),
        };
        let only = if candidates.len() == 1 { candidates.pop() } else { None };
        if let Some(candidate) = only {
            let (name, brand) = (candidate.name.clone(), candidate.brand.clone());
            let instance = Box::pin(connect(&lanes.common, candidate)).await?;
            lanes.start(name, brand, async { Ok(instance) });
        }
        let opened = candidates.into_iter().map(|candidate| lanes.lane(candidate)).collect::<Vec<_>>();
        let route = if opened.is_empty() { Arc::from([0]) } else { opened.into() };
        lanes.routes.insert((verb, None), Ok(route));
        Ok(lanes)
    }

    /// Leaves out what earlier runs have finished.
    pub(super) fn without(mut self, finished: Finished) -> Self {
        self.open.iter_mut().for_each(|lane| lane.last = finished.last(&lane.name));
        Self { finished, ..self }
    }

    /// Takes lines until there are no more, or until no more are to be begun.
    ///
    /// # Errors
    /// An input that cannot be read on.
    pub(super) async fn take_all(mut self, mut lines: mpsc::Receiver<Block>) -> anyhow::Result<()> {
        let mut stopped = self.common.stopped.clone();
        loop {
            let block = tokio::select! {
                block = lines.recv() => block,
                Ok(()) = stopped.changed() => return Ok(()),
            };
            let Some(block) = block else { return Ok(()) };
            for asked in block? {
                if *stopped.borrow() {
                    return Ok(());
                }
                self.take(asked).await;
            }
        }
    }

    /// Gives a line to its lanes. A lane that is closed has been told to begin nothing more.
    async fn take(&mut self, (number, task): Asked) {
        let task = task.and_then(|task| Ok((self.route(&task)?, task)));
        let (route, task) = match task {
            Ok(task) => task,
            Err(flaw) => return self.end(Ended::Nowhere(number, flaw)).await,
        };
        let Task { command, who, .. } = task;
        let line = Arc::new(Line { number, command, who, left: AtomicUsize::new(route.len()) });
        for &place in route.iter() {
            let lane = &mut self.open[place];
            if lane.has_finished(&self.finished, &line) {
                let ended = Ended::Before(Arc::clone(&line), Arc::clone(&lane.name));
                self.end(ended).await;
            } else if lane.queue.send(Arc::clone(&line)).await.is_err() {
                return;
            }
        }
    }

    /// Nobody who takes it is no reason to stop: the one who does has failed and says so.
    async fn end(&self, ended: Ended) {
        let _ = self.common.ended.send(ended).await;
    }

    fn route(&mut self, task: &Task) -> Route {
        let way = (task.command.verb, task.to.clone());
        if let Some(route) = self.routes.get(&way) {
            return route.clone();
        }
        let selection = task.to.as_ref().unwrap_or(&self.selection);
        let command = task.command.verb.command();
        let chosen = selection::choose(&self.common.config, selection, &command, Some(task.command.verb));
        let route = match chosen {
            Ok(candidates) => Ok(candidates.into_iter().map(|candidate| self.lane(candidate)).collect()),
            Err(error) => Err(output::in_words(&error).0),
        };
        if self.routes.len() >= ROUTES {
            self.routes.clear();
        }
        self.routes.insert(way, route.clone());
        route
    }

    /// The lane of an instance.
    fn lane(&mut self, candidate: Candidate) -> usize {
        if let Some(place) = self.open.iter().position(|lane| *lane.name == candidate.name) {
            return place;
        }
        let (name, brand) = (candidate.name.clone(), candidate.brand.clone());
        let common = self.common.clone();
        self.start(name, brand, async move { connect(&common, candidate).await })
    }

    fn start(
        &mut self,
        name: String,
        brand: Brand,
        instance: impl Future<Output = anyhow::Result<Instance>> + Send + 'static,
    ) -> usize {
        let (queue, lines) = mpsc::channel(QUEUE);
        let place = self.open.len();
        let last = self.finished.last(&name);
        self.open.push(Lane { name: name.as_str().into(), queue, last, behind: HashSet::new() });
        let common = self.common.clone();
        tokio::spawn(async move {
            let worker = match instance.await {
                Ok(instance) => Worker::Instance(instance),
                Err(error) => Worker::Broken(Who { place, name, brand }, asking::unable(&error)),
            };
            work(Arc::new(worker), common, lines).await;
        });
        place
    }
}

async fn connect(common: &Common, candidate: Candidate) -> anyhow::Result<Instance> {
    common.connecting.fetch_add(1, Ordering::Relaxed);
    let instance = asking::connect(Arc::clone(&common.config), candidate, PATIENCE).await;
    common.connecting.fetch_sub(1, Ordering::Relaxed);
    instance
}

/// Who carries lines out.
enum Worker {
    Instance(Instance),
    /// An instance that cannot be connected, and why.
    Broken(Who, Fault),
}

impl Worker {
    /// The outcome of what is not waited for.
    fn interrupted(&self, command: &UserCommand) -> Outcome {
        let fault = asking::interrupted().with_hint(asking::LOOK_FIRST);
        match self {
            Self::Instance(instance) => {
                let (name, brand) = (instance.name.to_string(), instance.connector.brand().clone());
                user::unable(command, &Who { place: 0, name, brand }, fault)
            }
            Self::Broken(who, _) => user::unable(command, who, fault),
        }
    }

    async fn run(&self, command: &UserCommand, conditions: &Conditions) -> Outcome {
        match self {
            Self::Instance(instance) => run_guarded(instance, command, conditions).await,
            Self::Broken(who, fault) => user::unable(command, who, fault.clone()),
        }
    }
}

/// Ends a while after no more lines are to be begun. What still waits then may wait for half an
/// hour; what has left is as unknown as after a lost answer, and is looked up by the next run.
async fn given_up(mut stopped: watch::Receiver<bool>) {
    // Whoever could stop is gone: nobody will.
    if stopped.wait_for(|is_stopped| *is_stopped).await.is_err() {
        return std::future::pending().await;
    }
    tokio::time::sleep(GRACE).await;
}

/// Works on the lines of a lane until the last is ended. Told to stop, it ends those that it
/// has begun.
async fn work(worker: Arc<Worker>, common: Common, mut lines: mpsc::Receiver<Arc<Line>>) {
    let (mut window, mut running) = (Window::<Arc<Line>>::new(), JoinSet::new());
    let mut recent = Recent::default();
    let (mut is_open, mut stopped) = (true, common.stopped.clone());
    loop {
        while running.len() < common.concurrency
            && let Some(line) = window.next()
        {
            let is_again = recent.add(&line.who);
            let mode = match common.mode {
                Mode::Write if is_again => Mode::WriteAnyway,
                mode => mode,
            };
            running.spawn(carry_out(Arc::clone(&worker), common.clone(), mode, line));
        }
        if running.is_empty() && window.len() == 0 && !is_open {
            return;
        }
        tokio::select! {
            line = lines.recv(), if is_open && window.len() < WINDOW => match line {
                Some(line) => window.push(line),
                None => is_open = false,
            },
            Some(done) = running.join_next() => if let Ok(line) = done {
                window.done(&line);
            },
            Ok(()) = stopped.changed() => {
                is_open = false;
                lines.close();
                window.clear();
            }
        }
    }
}

async fn carry_out(worker: Arc<Worker>, common: Common, mode: Mode, line: Arc<Line>) -> Arc<Line> {
    let trace = if common.verbose { Trace::default() } else { Trace::silent() };
    let conditions = Conditions { mode, trace, ledger: None };
    let outcome = tokio::select! {
        outcome = worker.run(&line.command, &conditions) => outcome,
        () = given_up(common.stopped.clone()) => worker.interrupted(&line.command),
    };
    let _ = common.ended.send(Ended::At(Arc::clone(&line), Box::new(outcome))).await;
    line
}
