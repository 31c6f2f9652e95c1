//! `provost batch`: a command for everybody in a file.
//!
//! ```text
//!  reader ──> lanes ──> a queue for each instance ──> workers ──> printer ──> records
//! (a thread)           (Window: nobody twice at once)           (a thread) ──> journal
//! ```
//!
//! Everything between two of them is bounded, so that memory does not grow with the file.
//! `provost_engine::lines` says what a line asks for, `journal` keeps what is finished.

mod journal;
mod lanes;
mod printer;
mod reader;
mod summary;
mod window;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use provost_core::Verb;
use provost_engine::Mode;
use provost_engine::lines::{Defaults, verb_of};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

use self::journal::{Finished, Heading, Journal};
use self::lanes::{Common, Lanes};
pub(super) use self::printer::Printer;
use self::reader::Fingerprint;
use crate::args::{BatchArgs, Format, Global};
use crate::commands::user;
use crate::config::Config;
use crate::interrupt::Interrupt;
use crate::output::{self, Hinted};

/// How many ends wait for the printer.
const ENDS: usize = 1024;

/// Runs the batch.
pub(crate) async fn run(global: &Global, arguments: BatchArgs) -> anyhow::Result<ExitCode> {
    let format = format(global)?;
    let verb = verb_of(&arguments.command).map_err(Hinted::new)?;
    let allow_enable = user::may_enable(&arguments.allow_enable);
    user::warn_of_reason(arguments.why.reason.as_deref());
    let config = Config::open(global.config.as_deref())?;
    let defaults = Defaults { verb, allow_enable, schema: Arc::clone(&config.schema) };
    let fingerprint = reader::fingerprint(&arguments.file)?;
    let total = fingerprint.as_ref().map(|fingerprint| fingerprint.lines);
    let lines = reader::start(&arguments.file, arguments.input_format(), defaults)?;

    let (ended, ends) = mpsc::channel(ENDS);
    let (stop, stopped) = watch::channel(false);
    let common = Common {
        config: Arc::new(config),
        mode: if arguments.dry_run { Mode::DryRun } else { Mode::Write },
        verbose: global.verbose,
        concurrency: arguments.concurrency.into(),
        ended,
        stopped,
        connecting: Arc::default(),
    };
    let connecting = Arc::clone(&common.connecting);
    let mut interrupt = Interrupt::listen();
    let lanes = Box::pin(Lanes::open(common, arguments.selection.clone().into(), verb)).await?;
    // Nothing is noted of a run that cannot begin.
    let (journal, finished) = journal(&arguments, verb, allow_enable, fingerprint)?;
    let lanes = lanes.without(finished);
    let printer = Printer::new(format, global.verbose, journal, verb, total, connecting);
    let handle = Handle::current();
    let printing = tokio::task::spawn_blocking(move || handle.block_on(printer.print_all(ends)));
    let work = async {
        let read = lanes.take_all(lines).await;
        (read, printing.await.context("this is a bug in Provost: the printer failed"))
    };
    tokio::pin!(work);
    let (read, printer) = loop {
        tokio::select! {
            done = &mut work => break done,
            () = interrupt.received() => {
                if stop.send_replace(true) {
                    return Ok(ended_at_once(&arguments));
                }
                output::tell("Stopping: what is begun is finished. Ctrl-C again ends at once.");
            }
        }
    };
    let is_interrupted = *stop.borrow();
    let is_good = printer??.finish(read.is_ok() && !is_interrupted)?;
    read?;
    if is_interrupted {
        tell_how_to_go_on(&arguments);
    }
    Ok(ExitCode::from(u8::from(!is_good || is_interrupted)))
}

/// The form of the records: people see them counted, programs get each.
pub(super) fn format(global: &Global) -> Result<Format, Hinted> {
    match global.output {
        Format::Table if global.is_output_chosen || std::io::stdout().is_terminal() => Ok(Format::Table),
        Format::Table | Format::Jsonl => Ok(Format::Jsonl),
        _ => Err(Hinted::new("a batch prints `table` or `jsonl`").hint("for example `--output jsonl`")),
    }
}

/// The journal to write and what earlier runs have finished. A dry run only reads it.
fn journal(
    arguments: &BatchArgs,
    verb: Verb,
    allow_enable: bool,
    fingerprint: Option<Fingerprint>,
) -> anyhow::Result<(Option<Journal>, Finished)> {
    let Some(Fingerprint { sha256, lines }) = fingerprint else {
        if arguments.resume || arguments.journal.is_some() {
            let message =
                format!("`{}` can be read only once, so that it has no journal", arguments.file.display());
            return Err(Hinted::new(message).hint("write it to a file first").into());
        }
        return Ok((None, Finished::default()));
    };
    let format = format!("{:?}", arguments.input_format()).to_lowercase();
    let heading = Heading { sha256, lines, command: verb.command(), allow_enable, format };
    let path = journal_path(arguments);
    match (arguments.resume, arguments.dry_run) {
        (true, is_dry) => {
            let (journal, finished) = Journal::resume(&path, &heading)?;
            Ok((Some(journal).filter(|_| !is_dry), finished))
        }
        (false, true) => Ok((None, Finished::default())),
        (false, false) => Ok((Some(Journal::begin(&path, &heading)?), Finished::default())),
    }
}

fn journal_path(arguments: &BatchArgs) -> PathBuf {
    arguments.journal.clone().unwrap_or_else(|| journal::beside(&arguments.file))
}

fn ended_at_once(arguments: &BatchArgs) -> ExitCode {
    output::warn("what was under way may have been carried out");
    tell_how_to_go_on(arguments);
    ExitCode::FAILURE
}

fn tell_how_to_go_on(arguments: &BatchArgs) {
    let file = arguments.file.display();
    if arguments.dry_run || !journal_path(arguments).is_file() {
        output::hint(&format!("lines of `{file}` are left"));
    } else {
        output::hint(&format!(
            "lines of `{file}` are left; the same command with `--resume` goes on with them"
        ));
    }
}
