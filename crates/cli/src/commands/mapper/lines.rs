//! A document a line, on every core, the output in the order of the input.
//!
//! The reader deals blocks of lines out to the workers in turn, and the writer takes their
//! results back in the same turn, so that nothing has to be sorted and memory stays flat.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Context as _;
use provost_mapper::{Environment, Reads};

use super::Job;
use crate::output;

/// About how many bytes a block of lines has.
const BLOCK: usize = 256 * 1024;
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
}

/// Maps every line of the input. A line that is no JSON becomes `null`; it and the fields
/// that fail are told on standard error.
pub(super) fn map(job: &Job<'_>, input: Option<&Path>) -> anyhow::Result<ExitCode> {
    let input: Box<dyn Read + Send> = match input.filter(|file| *file != Path::new("-")) {
        Some(file) => {
            Box::new(File::open(file).with_context(|| format!("could not read `{}`", file.display()))?)
        }
        None => Box::new(io::stdin()),
    };
    let (environment, reads) = (super::environment(), job.mapper.reads());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let problems = thread::scope(|scope| {
        let mut to_workers = Vec::with_capacity(workers);
        let mut from_workers = Vec::with_capacity(workers);
        for _ in 0..workers {
            let (sender, blocks) = sync_channel::<Block>(WAITING);
            let (done, receiver) = sync_channel::<Done>(WAITING);
            let (environment, reads) = (&environment, &reads);
            scope.spawn(move || work(job, reads, environment, &blocks, &done));
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
    let mut first = 1;
    for worker in workers.iter().cycle() {
        let mut text = Vec::with_capacity(BLOCK + BLOCK / 8);
        input.by_ref().take(BLOCK as u64).read_to_end(&mut text)?;
        if text.last().is_some_and(|last| *last != b'\n') {
            input.read_until(b'\n', &mut text)?;
        }
        let lines = text.split(|byte| *byte == b'\n').count() as u64 - 1;
        if text.is_empty() || worker.send(Block { first, text }).is_err() {
            break;
        }
        first += lines;
    }
    Ok(())
}

fn work(
    job: &Job<'_>,
    reads: &Reads,
    environment: &Environment,
    blocks: &Receiver<Block>,
    done: &SyncSender<Done>,
) {
    for block in blocks {
        let mut result = Done { text: Vec::with_capacity(block.text.len() / 2), problems: Vec::new() };
        for (line, number) in block.text.split(|byte| *byte == b'\n').zip(block.first..) {
            if !line.iter().all(u8::is_ascii_whitespace) {
                map_line(job, reads, environment, line, number, &mut result);
            }
        }
        if done.send(result).is_err() {
            return;
        }
    }
}

fn map_line(
    job: &Job<'_>,
    reads: &Reads,
    environment: &Environment,
    line: &[u8],
    number: u64,
    result: &mut Done,
) {
    match reads.parse(line) {
        Ok(source) => {
            let mapped = job.run(&source, environment);
            // Writing to memory does not fail, and what was mapped is JSON.
            let _ = serde_json::to_writer(&mut result.text, &mapped.output);
            let problems = mapped.errors.iter().map(|error| format!("line {number}, {error}"));
            result.problems.extend(problems);
        }
        Err(error) => {
            result.text.extend(b"null");
            result.problems.push(format!("line {number}: no JSON object: {error}"));
        }
    }
    result.text.push(b'\n');
}

/// Writes the results in turn; answers how many problems there were.
fn write(workers: &[Receiver<Done>]) -> anyhow::Result<u64> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut problems = 0;
    for worker in workers.iter().cycle() {
        let Ok(done) = worker.recv() else { break };
        if let Err(error) = out.write_all(&done.text) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Ok(problems);
            }
            return Err(error).context("could not write the result");
        }
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
    Ok(problems)
}
