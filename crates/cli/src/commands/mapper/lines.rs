//! A document a line, on every core, the output in the order of the input.
//!
//! The reader deals blocks of lines out to the workers in turn, and the writer takes their
//! results back in the same turn, so that nothing has to be sorted and memory stays flat.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Context as _;
use memchr::{memchr, memchr_iter};
use provost_core::{Profile, Schema};
use provost_mapper::{Direction, Environment, LONGEST_DOCUMENT, Mapper, Reads};
use serde_json::Value;

use super::Job;
use crate::output;

/// About how many bytes a block of lines has at the most.
const BLOCK: usize = 64 * 1024;
/// How many blocks wait for a worker, or for the writer.
const WAITING: usize = 2;
/// How many problems are shown; the rest is counted.
const SHOWN: u64 = 100;

/// Lines, and the number of the first.
struct Block {
    first: u64,
    text: Vec<u8>,
}

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
    let input: Box<dyn Read + Send> = match input.filter(|file| *file != Path::new("-")) {
        Some(file) => {
            Box::new(File::open(file).with_context(|| format!("could not read `{}`", file.display()))?)
        }
        None => Box::new(io::stdin()),
    };
    let (environment, reader) = (super::environment(), Reader::new(job.mapper, schema));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let problems = thread::scope(|scope| {
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
        let reading = scope.spawn(move || deal(input, &to_workers));
        let written = write(&from_workers);
        // Workers that find nobody to take their results stop, and so does the reader.
        drop(from_workers);
        let read = reading.join().map_err(|_| anyhow::anyhow!("the reader failed"))?;
        read.context("could not read the input")?;
        written
    })?;
    Ok(ExitCode::from(u8::from(problems > 0)))
}

/// Reads blocks of whole lines and deals them out in turn.
fn deal(input: impl Read, workers: &[SyncSender<Block>]) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BLOCK, input);
    if input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        input.consume("\u{feff}".len());
    }
    let mut first = 1;
    for worker in workers.iter().cycle() {
        let mut text = Vec::with_capacity(BLOCK + BLOCK / 8);
        // No more than is there: a line from a slow writer does not wait for the next.
        let ahead = input.fill_buf()?;
        text.extend_from_slice(ahead);
        let length = ahead.len();
        input.consume(length);
        if text.last().is_some_and(|last| *last != b'\n') {
            finish_line(&mut input, &mut text)?;
        }
        let lines = memchr_iter(b'\n', &text).count() as u64;
        if text.is_empty() || worker.send(Block { first, text }).is_err() {
            break;
        }
        first += lines;
    }
    Ok(())
}

/// Reads to the end of a line. Of a line that is too long, no more is kept than shows it.
fn finish_line(input: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<()> {
    let limit = LONGEST_DOCUMENT as u64 + 1;
    input.by_ref().take(limit).read_until(b'\n', text)?;
    if text.last() == Some(&b'\n') {
        return Ok(());
    }
    loop {
        let ahead = input.fill_buf()?;
        let (end, length) = (memchr(b'\n', ahead), ahead.len());
        input.consume(end.map_or(length, |end| end + 1));
        if end.is_some() || length == 0 {
            text.push(b'\n');
            return Ok(());
        }
    }
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
        for (number, line) in (block.first..).zip(lines(&block.text)) {
            if !line.iter().all(u8::is_ascii_whitespace) {
                map_line(job, reader, environment, &mut document, (number, line), &mut result);
            }
        }
        if done.send(result).is_err() {
            return;
        }
    }
}

/// The lines of a block, without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr_iter(b'\n', text).map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
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

/// Writes the results in turn; answers how many problems there were.
fn write(workers: &[Receiver<Done>]) -> anyhow::Result<u64> {
    let mut out = io::stdout().lock();
    let (mut problems, mut open) = (0, Vec::new());
    for worker in workers.iter().cycle() {
        let Ok(done) = worker.recv() else { break };
        if let Err(error) = out.write_all(&done.text) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Ok(problems);
            }
            return Err(error).context("could not write the result");
        }
        note(&mut open, done.open);
        for problem in done.problems {
            problems += 1;
            if problems <= SHOWN {
                output::complain("mapper", &problem);
            }
        }
    }
    out.flush().context("could not write the result")?;
    if problems > SHOWN {
        output::hint(&format!("{} more problems are not shown", problems - SHOWN));
    }
    if !open.is_empty() {
        output::hint(&format!("left open until a write: `{}`", open.join("`, `")));
    }
    Ok(problems)
}
