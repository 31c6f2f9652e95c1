//! The JavaScript in DT: bodies run in `QuickJS`, which is given nothing but JSON.
//!
//! Each run of a body has an engine of its own, with limits on heap, stack and time; its
//! clock and its random numbers come from the [`Environment`]. The engine looks at its
//! clock between steps, but a few of its own functions are one long step. So it lives
//! on a thread of its own, which is left behind when it does not answer.
//!
//! Start at [`run`].

mod engine;

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Body;
use crate::operators::{Environment, Failure, FailureKind};
use engine::{Answer, Job};

/// Whether bodies can be run.
pub(super) const AVAILABLE: bool = true;

/// What the bodies of one field may take together.
const FIELD: Duration = Duration::from_millis(250);

/// When an engine is given up. It is well above what the engine's own limits allow.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many engines may be given up and still run before no further one is begun.
const MOST_STUCK: usize = 4;

/// The threads that were left behind.
static STUCK: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

thread_local! {
    static LEFT: Cell<Duration> = const { Cell::new(FIELD) };
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// Gives the bodies of the next field on this thread their time.
pub(crate) fn begin_field() {
    LEFT.set(FIELD);
}

/// Runs a body on rows of values. To a selector the answer is `true` or `false`, otherwise
/// it is JSON, or nothing for what JSON cannot say. A selector that throws says `false`.
pub(super) fn run(
    body: &Body,
    rows: Vec<String>,
    select: bool,
    environment: &Environment,
) -> Result<Vec<Option<String>>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let allowed = LEFT.get();
    let parameters = body.bindings.iter().map(|binding| binding.name.as_str());
    let job = Job {
        parameters: std::iter::once("val").chain(parameters).collect::<Vec<_>>().join(","),
        now: environment.now.as_millisecond(),
        seed: seed(environment.seed, &body.text, &rows),
        body: body.text.clone(),
        rows,
        select,
        allowed,
    };
    let answer = if allowed.is_zero() { Err(Stopped::Limit(engine::FIELD_TOO_LONG)) } else { ask(job) };
    let answer = answer.map_err(|stopped| complaint(&body.text, &stopped))?;
    LEFT.set(allowed.saturating_sub(answer.spent));
    answer.results.map_err(|stopped| complaint(&body.text, &stopped))
}

/// Why a body has no result.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    #[error("{0}")]
    Threw(String),
    #[error("{0}")]
    Limit(&'static str),
    #[error("no thread could be started for it: {0}")]
    Thread(#[source] io::Error),
}

fn complaint(body: &str, stopped: &Stopped) -> Failure {
    const SHOWN: usize = 60;
    let kind = match stopped {
        Stopped::Threw(_) => FailureKind::Argument,
        _ => FailureKind::Limit,
    };
    let mut shown: String = body.chars().take(SHOWN).collect();
    if shown.len() < body.len() {
        shown.push_str("...");
    }
    Failure::new(kind, format!("`{shown}`: {stopped}"))
}

/// Where the random numbers of a body begin: other bodies and other values have others.
fn seed(seed: u64, body: &str, rows: &[String]) -> u32 {
    let bytes =
        seed.to_le_bytes().into_iter().chain(body.bytes()).chain(rows.iter().flat_map(|row| row.bytes()));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A thread that runs bodies for this one. It ends when its jobs do.
struct Worker {
    jobs: Sender<Job>,
    answers: Receiver<Answer>,
    thread: JoinHandle<()>,
}

fn ask(job: Job) -> Result<Answer, Stopped> {
    let worker = match WORKER.take() {
        Some(worker) => worker,
        None => Worker::start()?,
    };
    let gone = Stopped::Limit("its engine broke down");
    if worker.jobs.send(job).is_err() {
        return Err(gone);
    }
    match worker.answers.recv_timeout(PATIENCE) {
        Ok(answer) => {
            WORKER.set(Some(worker));
            Ok(answer)
        }
        Err(RecvTimeoutError::Disconnected) => Err(gone),
        Err(RecvTimeoutError::Timeout) => {
            LEFT.set(Duration::ZERO);
            STUCK.lock().unwrap_or_else(PoisonError::into_inner).push(worker.thread);
            Err(Stopped::Limit("it did not end and could not be interrupted"))
        }
    }
}

impl Worker {
    fn start() -> Result<Self, Stopped> {
        const STACK: usize = 1 << 20;
        let mut stuck = STUCK.lock().unwrap_or_else(PoisonError::into_inner);
        stuck.retain(|thread| !thread.is_finished());
        if stuck.len() >= MOST_STUCK {
            return Err(Stopped::Limit("JavaScript is off, because too much of it did not end"));
        }
        let (jobs, received) = channel::<Job>();
        let (answer, answers) = channel();
        let work = move || {
            for job in received {
                if answer.send(engine::run(&job)).is_err() {
                    break;
                }
            }
        };
        let builder = thread::Builder::new().name("dt".to_owned()).stack_size(STACK);
        let thread = builder.spawn(work).map_err(Stopped::Thread)?;
        Ok(Self { jobs, answers, thread })
    }
}
