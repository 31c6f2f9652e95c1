//! Reads the file on a thread of its own, as far ahead as somebody takes the lines.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::thread;

use anyhow::Context as _;
use provost_engine::lines::{Defaults, HeaderError, Table, Task};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::args::InputFormat;
use crate::output::Hinted;
use crate::streams::Lines;

/// How many blocks of lines wait to be taken.
const AHEAD: usize = 2;

/// A line: its number, and what it asks for or what is wrong with it.
pub(super) struct Asked {
    pub(super) number: u64,
    pub(super) task: Result<Task, String>,
}

/// The lines that were read at once, or why no more can be.
pub(super) type Read = anyhow::Result<Vec<Asked>>;

/// Begins to read. The header of a table is read before anything else.
///
/// # Errors
/// A file that cannot be read, a table without a header that makes sense.
pub(super) fn start(file: &Path, format: InputFormat, defaults: Defaults) -> anyhow::Result<Receiver<Read>> {
    let mut lines = Lines::open(Some(file))?;
    let table = match format {
        InputFormat::Jsonl => None,
        InputFormat::Csv => Some(headed(&mut lines)?),
    };
    let (sender, receiver) = channel(AHEAD);
    let reading = Reading { lines, table, defaults };
    thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || reading.send_all(&sender))
        .context("could not start a thread to read the input")?;
    Ok(receiver)
}

fn headed(lines: &mut Lines) -> anyhow::Result<Table> {
    let mut table = Table::default();
    while !table.has_header() {
        let Some((number, line)) = lines.next()? else {
            return Err(Hinted::from(HeaderError::absent()).into());
        };
        table.head(number, line).map_err(Hinted::from)?;
    }
    Ok(table)
}

impl From<HeaderError> for Hinted {
    fn from(error: HeaderError) -> Self {
        error.hint.into_iter().fold(Self::new(error.message), Self::hint)
    }
}

struct Reading {
    lines: Lines,
    table: Option<Table>,
    defaults: Defaults,
}

impl Reading {
    /// Sends all that can be read. Nobody who takes it is a reason to stop.
    fn send_all(mut self, sender: &Sender<Read>) {
        loop {
            let read = self.block();
            let is_last = !matches!(&read, Ok(asked) if !asked.is_empty());
            if sender.blocking_send(read).is_err() || is_last {
                return;
            }
        }
    }

    /// What can be read without waiting again; nothing at the end.
    fn block(&mut self) -> Read {
        let mut block = Vec::new();
        while block.is_empty() || !self.lines.may_wait() {
            let Some((number, line)) = self.lines.next()? else {
                let open = self.table.as_mut().and_then(Table::finish);
                block.extend(open.map(|(number, value)| self.asked(number, value)));
                break;
            };
            match &mut self.table {
                Some(table) => {
                    let row = table.take(number, line);
                    block.extend(row.map(|(number, value)| self.asked(number, value)));
                }
                None if line.trim_ascii().is_empty() => {}
                None => block.push(Asked { number, task: self.defaults.parse(line) }),
            }
        }
        Ok(block)
    }

    fn asked(&self, number: u64, value: Result<serde_json::Value, String>) -> Asked {
        Asked { number, task: value.and_then(|value| self.defaults.task(value)) }
    }
}

/// What a file is known by: its digest and how many lines it has.
pub(super) struct Fingerprint {
    pub(super) sha256: String,
    pub(super) lines: u64,
}

/// The fingerprint of a file; `None` for what can be read only once, such as a pipe.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn fingerprint(file: &Path) -> anyhow::Result<Option<Fingerprint>> {
    if file == Path::new("-") {
        return Ok(None);
    }
    let failed = || format!("could not read `{}`", file.display());
    let mut input = std::fs::File::open(file).with_context(failed)?;
    if !input.metadata().with_context(failed)?.is_file() {
        return Ok(None);
    }
    let mut digest = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let (mut block, mut lines, mut last) = (vec![0; crate::streams::BLOCK], 0, b'\n');
    loop {
        let length = input.read(&mut block).with_context(failed)?;
        let Some(end) = block[..length].last() else { break };
        last = *end;
        digest.update(&block[..length]);
        lines += memchr::memchr_iter(b'\n', &block[..length]).count() as u64;
    }
    let mut sha256 = String::new();
    for byte in digest.finish().as_ref() {
        // Writing to memory does not fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok(Some(Fingerprint { sha256, lines: lines + u64::from(last != b'\n') }))
}
