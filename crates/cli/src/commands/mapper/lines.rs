//! A document a line, on every core, the output in the order of the input.
//!
//! The reader deals blocks of lines out to the workers in turn, and the writer takes their
//! results back in the same turn, so that nothing has to be sorted and memory stays flat.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Context as _;
use provost_core::{Profile, Schema};
use provost_mapper::{Direction, Environment, Job, LONGEST_DOCUMENT, Mapper, Reads};
use serde_json::Value;

use crate::output;
use crate::streams::{Block, Blocks, Problems};

/// How many blocks wait for a worker, or for the writer.
const WAITING: usize = 2;

/// What a block became.
#[derive(Default)]
struct Done {
    text: Vec<u8>,
    problems: Vec<String>,
    /// The targets that wait for what a system knows, each once.
    open: Vec<String>,
}

/// How a line is read: of a profile, members in any spelling.
struct Reader {
    reads: Reads,
    profile: Option<Arc<Schema>>,
}

impl Reader {
    fn new(mapper: &Mapper, schema: Arc<Schema>) -> Self {
        match mapper.direction {
            Direction::Incoming => Self { reads: mapper.reads(), profile: None },
            Direction::Outgoing => Self { reads: mapper.reads().of_profile(&schema), profile: Some(schema) },
        }
    }

    /// Reads a line into the space of an earlier document.
    fn read(&self, line: &[u8], document: &mut Value) -> serde_json::Result<()> {
        self.reads.parse_into(line, document)?;
        if let (Reads::Everything, Some(schema)) = (&self.reads, &self.profile)
            && let Ok(profile) = Profile::from_value(document.take())
        {
            *document = Value::Object(profile.with_schema(schema.clone()).mapping_source());
        }
        Ok(())
    }
}

/// Maps every line of the input. A line that is no JSON becomes `null`; it and the fields
/// that fail are told on standard error.
pub(super) fn map(job: &Job<'_>, input: Option<&Path>, schema: Arc<Schema>) -> anyhow::Result<ExitCode> {
    let blocks = Blocks::open(input)?;
    let (environment, reader) = (super::environment(), Reader::new(job.mapper, schema));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let is_good = thread::scope(|scope| {
        let mut to_workers = Vec::with_capacity(workers);
        let mut from_workers = Vec::with_capacity(workers);
        for _ in 0..workers {
            let (sender, blocks) = sync_channel::<Block>(WAITING);
            let (done, receiver) = sync_channel::<Done>(WAITING);
            let (environment, reader) = (&environment, &reader);
            scope.spawn(move || work(job, reader, environment, &blocks, &done));
            to_workers.push(sender);
            from_workers.push(receiver);
        }
        let reading = scope.spawn(move || deal(blocks, &to_workers));
        let written = write(&from_workers);
        // Workers that find nobody to take their results stop, and so does the reader.
        drop(from_workers);
        let read = reading.join().map_err(|_| anyhow::anyhow!("the reader failed"))?;
        read?;
        written
    })?;
    Ok(ExitCode::from(u8::from(!is_good)))
}

/// Deals blocks of lines out in turn.
fn deal(mut blocks: Blocks, workers: &[SyncSender<Block>]) -> anyhow::Result<()> {
    for worker in workers.iter().cycle() {
        let Some(block) = blocks.next()? else { break };
        if worker.send(block).is_err() {
            break;
        }
    }
    Ok(())
}

fn work(
    job: &Job<'_>,
    reader: &Reader,
    environment: &Environment,
    blocks: &Receiver<Block>,
    done: &SyncSender<Done>,
) {
    let mut document = Value::Null;
    for block in blocks {
        let mut result = Done { text: Vec::with_capacity(block.text.len() / 2), ..Done::default() };
        for (number, line) in block.lines() {
            if !line.iter().all(u8::is_ascii_whitespace) {
                map_line(job, reader, environment, &mut document, (number, line), &mut result);
            }
        }
        if done.send(result).is_err() {
            return;
        }
    }
}

fn map_line(
    job: &Job<'_>,
    reader: &Reader,
    environment: &Environment,
    document: &mut Value,
    (number, line): (u64, &[u8]),
    result: &mut Done,
) {
    let read = if line.len() > LONGEST_DOCUMENT {
        Err(super::too_long())
    } else {
        reader.read(line, document).map_err(|error| format!("no JSON object: {error}"))
    };
    match read {
        Ok(()) => {
            let mapped = job.run(document, environment);
            // Writing to memory does not fail, and what was mapped is JSON.
            let _ = serde_json::to_writer(&mut result.text, &mapped.output);
            let problems = mapped.errors.iter().map(|error| format!("line {number}, {error}"));
            result.problems.extend(problems);
            note(&mut result.open, mapped.pending);
        }
        Err(error) => {
            result.text.extend(b"null");
            result.problems.push(format!("line {number}: {error}"));
        }
    }
    result.text.push(b'\n');
}

/// Adds the targets that are not noted yet.
fn note(open: &mut Vec<String>, targets: Vec<String>) {
    for target in targets {
        if !open.contains(&target) {
            open.push(target);
        }
    }
}

/// Writes the results in turn; answers whether there was no problem.
fn write(workers: &[Receiver<Done>]) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    let (mut problems, mut open) = (Problems::default(), Vec::new());
    for worker in workers.iter().cycle() {
        let Ok(done) = worker.recv() else { break };
        if let Err(error) = out.write_all(&done.text) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Ok(problems.is_none());
            }
            return Err(error).context("could not write the result");
        }
        note(&mut open, done.open);
        done.problems.iter().for_each(|problem| problems.tell("mapper", problem));
    }
    out.flush().context("could not write the result")?;
    let is_good = problems.finish();
    if !open.is_empty() {
        output::hint(&format!("left open until a write: `{}`", open.join("`, `")));
    }
    Ok(is_good)
}
