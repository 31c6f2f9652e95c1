//! Reads the file on a thread of its own, as far ahead as somebody takes the lines.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::thread;

use anyhow::Context as _;
use provost_engine::lines::{Asked, Defaults, HeaderError, Reader};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::args::InputFormat;
use crate::output::Hinted;
use crate::streams::{self, BLOCK, Input};

/// How many blocks of lines wait to be taken.
const AHEAD: usize = 2;

/// The lines that were read at once, or why no more can be.
pub(super) type Block = anyhow::Result<Vec<Asked>>;

impl From<HeaderError> for Hinted {
    fn from(error: HeaderError) -> Self {
        error.hint.into_iter().fold(Self::new(error.message), Self::hint)
    }
}

/// Begins to read. The header of a table is read before anything else.
///
/// # Errors
/// A file that cannot be read, a table without a header that makes sense.
pub(super) fn start(file: &Path, format: InputFormat, defaults: Defaults) -> anyhow::Result<Receiver<Block>> {
    let input = streams::open(Some(file))?;
    let mut reading =
        Reading { input: Some(input), bytes: vec![0; BLOCK], reader: Reader::new(format.into(), defaults) };
    let mut first = Vec::new();
    while reading.reader.wants_header()
        && let Some(block) = reading.next()
    {
        first.extend(block?);
    }
    let (sender, receiver) = channel(AHEAD);
    thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || send_all(std::iter::once(Ok(first)).chain(reading), &sender))
        .context("could not start a thread to read the input")?;
    Ok(receiver)
}

/// Sends all that can be read. Nobody who takes it is a reason to stop.
fn send_all(blocks: impl Iterator<Item = Block>, sender: &Sender<Block>) {
    for block in blocks {
        let is_last = block.is_err();
        if sender.blocking_send(block).is_err() || is_last {
            return;
        }
    }
}

/// Blocks of lines: what can be read without waiting again.
struct Reading {
    /// `None` after the end.
    input: Option<Input>,
    bytes: Vec<u8>,
    reader: Reader,
}

impl Reading {
    fn block(&mut self, length: usize) -> Result<Vec<Asked>, HeaderError> {
        if length == 0 {
            self.input = None;
            return Ok(self.reader.finish()?.into_iter().collect());
        }
        self.reader.push(&self.bytes[..length])
    }
}

impl Iterator for Reading {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let read = self.input.as_mut()?.read(&mut self.bytes).context("could not read the input");
        Some(read.and_then(|length| Ok(self.block(length).map_err(Hinted::from)?)))
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
    let (mut block, mut lines, mut last) = (vec![0; BLOCK], 0, b'\n');
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
