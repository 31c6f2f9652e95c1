//! One engine: made for one job, thrown away after it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rquickjs::context::{EvalOptions, intrinsic};
use rquickjs::{CatchResultExt as _, CaughtError, CaughtResult, Context, Ctx, FromJs, Function, Runtime};
use serde_json::Value;

use super::Stopped;

const HEAP: usize = 8 << 20;
const STACK: usize = 256 << 10;

/// What one call of a body may take.
const BODY: Duration = Duration::from_millis(50);

/// How often the engine must have looked at its clock before time counts: some ten thousand
/// steps lie between two looks. Else a busy machine would fail bodies that hardly did anything.
const LEAST_LOOKS: u32 = 8;

const BODY_TOO_LONG: &str = "it took longer than 50 ms";
pub(super) const FIELD_TOO_LONG: &str = "its field took longer than 250 ms";
const TOO_MUCH: &str = "it needs more than 8 MB";
/// What every body finds around it.
const WORLD: &str = include_str!("world.js");

/// What a body that speaks of `Date` finds too. It takes longer to set up than all else.
const DATES: &str = include_str!("dates.js");

/// The parts of the language. What is left out could wait, keep time or run later.
type Language =
    (intrinsic::Eval, intrinsic::RegExpCompiler, intrinsic::RegExp, intrinsic::Json, intrinsic::MapSet);

/// A body and the rows to run it on.
pub(super) struct Job {
    /// The names of a row's values.
    pub(super) parameters: String,
    pub(super) body: String,
    /// JSON lists.
    pub(super) rows: Vec<String>,
    pub(super) select: bool,
    /// Milliseconds since 1970.
    pub(super) now: i64,
    pub(super) seed: u32,
    /// The time for all rows.
    pub(super) allowed: Duration,
}

impl Job {
    fn has_dates(&self) -> bool {
        self.body.contains("Date")
    }
}

/// What became of a job.
pub(super) struct Answer {
    pub(super) results: Result<Vec<Option<String>>, Stopped>,
    pub(super) spent: Duration,
}

/// Until when the running code may go on.
struct Deadline {
    until: Cell<Instant>,
    /// What to say when it has passed.
    reason: Cell<&'static str>,
    /// Whether code was stopped for it.
    cut: Cell<bool>,
    /// How often it was looked at.
    looks: Cell<u32>,
}

/// Runs a job in an engine of its own.
pub(super) fn run(job: &Job) -> Answer {
    let deadline = Rc::new(Deadline {
        until: Cell::new(Instant::now() + BODY),
        reason: Cell::new(BODY_TOO_LONG),
        cut: Cell::new(false),
        looks: Cell::new(0),
    });
    let mut spent = Duration::ZERO;
    let results = engine(&deadline, job.has_dates())
        .map_err(|error| Stopped::Threw(error.to_string()))
        .and_then(|context| context.with(|context| rows(&context, job, &deadline, &mut spent)));
    Answer { results, spent }
}

fn engine(deadline: &Rc<Deadline>, dates: bool) -> rquickjs::Result<Context> {
    let runtime = Runtime::new()?;
    runtime.set_memory_limit(HEAP);
    runtime.set_max_stack_size(STACK);
    let deadline = Rc::clone(deadline);
    runtime.set_interrupt_handler(Some(Box::new(move || deadline.has_passed())));
    if dates {
        Context::custom::<(intrinsic::Date, Language)>(&runtime)
    } else {
        Context::custom::<Language>(&runtime)
    }
}

fn rows(
    context: &Ctx<'_>,
    job: &Job,
    deadline: &Deadline,
    spent: &mut Duration,
) -> Result<Vec<Option<String>>, Stopped> {
    let stopped = |error: CaughtError<'_>| deadline.reason(&error);
    if job.has_dates() {
        let dates: Function<'_> = evaluate(context, DATES).map_err(stopped)?;
        dates.call::<_, ()>((job.now,)).catch(context).map_err(stopped)?;
    }
    let world: Function<'_> = evaluate(context, WORLD).map_err(stopped)?;
    let call: Function<'_> = world.call((job.seed,)).catch(context).map_err(stopped)?;
    let body = compile(context, job).map_err(stopped)?;
    let mut results = Vec::with_capacity(job.rows.len());
    for row in &job.rows {
        let begin = Instant::now();
        deadline.set(job.allowed.saturating_sub(*spent));
        let result = call.call((body.clone(), row.as_str(), job.select)).catch(context);
        if deadline.counts() {
            *spent += begin.elapsed();
        }
        match result.map_err(stopped) {
            Ok(result) => results.push(result),
            Err(Stopped::Threw(_)) if job.select => results.push(None),
            Err(error) => return Err(error),
        }
        if *spent > job.allowed {
            return Err(Stopped::Limit(FIELD_TOO_LONG));
        }
    }
    Ok(results)
}

/// The body as a function: as an expression, so that `{...}` is an object, or else as
/// statements, whose last value counts.
fn compile<'js>(context: &Ctx<'js>, job: &Job) -> CaughtResult<'js, Function<'js>> {
    let parameters = &job.parameters;
    let body = &job.body;
    evaluate(context, &format!("(function({parameters}){{return (\n{body}\n)}})")).or_else(|_| {
        let text = Value::from(body.as_str());
        evaluate(context, &format!("(function({parameters}){{return eval({text})}})"))
    })
}

fn evaluate<'js, T: FromJs<'js>>(context: &Ctx<'js>, source: &str) -> CaughtResult<'js, T> {
    let mut options = EvalOptions::default();
    options.strict = false;
    context.eval_with_options(source, options).catch(context)
}

impl Deadline {
    /// Begins a call of a body, with what is left to its field.
    fn set(&self, left: Duration) {
        self.until.set(Instant::now() + left.min(BODY));
        self.reason.set(if left < BODY { FIELD_TOO_LONG } else { BODY_TOO_LONG });
        self.looks.set(0);
    }

    /// Whether so much was done that its time counts.
    fn counts(&self) -> bool {
        self.looks.get() >= LEAST_LOOKS
    }

    fn has_passed(&self) -> bool {
        self.looks.set(self.looks.get().saturating_add(1));
        let passed = self.counts() && Instant::now() >= self.until.get();
        self.cut.set(self.cut.get() || passed);
        passed
    }

    /// Why the code stopped. Only the engine's own messages are told: what a body throws
    /// could hold a value.
    fn reason(&self, error: &CaughtError<'_>) -> Stopped {
        if self.cut.get() {
            return Stopped::Limit(self.reason.get());
        }
        let CaughtError::Exception(exception) = error else {
            return match error {
                CaughtError::Value(value) if !value.is_null() => Stopped::Threw("it threw".to_owned()),
                CaughtError::Error(error) => Stopped::Threw(error.to_string()),
                // When memory runs out there may be none left for an exception.
                _ => Stopped::Limit(TOO_MUCH),
            };
        };
        let name: String = exception.as_object().get("name").unwrap_or_default();
        match (name.as_str(), exception.message().unwrap_or_default()) {
            (_, message) if message == "out of memory" => Stopped::Limit(TOO_MUCH),
            (_, message) if message == "Maximum call stack size exceeded" => {
                Stopped::Limit("its calls are too deep")
            }
            ("Error", _) => Stopped::Threw("it threw".to_owned()),
            (name, message) => Stopped::Threw(format!("{name}: {message}")),
        }
    }
}
