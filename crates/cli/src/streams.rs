//! Lines in and lines out. Input is read in blocks of whole lines, so that memory stays flat
//! however long a file or one of its lines is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, StdoutLock, Write as _};
use std::path::Path;

use anyhow::Context as _;
use memchr::{memchr, memchr_iter};
use provost_mapper::LONGEST_DOCUMENT;

use crate::output;

/// About how many bytes a block of lines has at the most.
pub(crate) const BLOCK: usize = 64 * 1024;
/// How many problems are shown; the rest is counted.
const SHOWN: u64 = 100;

/// Bytes of a file or of standard input.
pub(crate) type Input = Box<dyn Read + Send>;

/// Opens a file; without one, or for `-`, standard input.
pub(crate) fn open(input: Option<&Path>) -> anyhow::Result<Input> {
    Ok(match input.filter(|file| *file != Path::new("-")) {
        Some(file) => {
            Box::new(File::open(file).with_context(|| format!("could not read `{}`", file.display()))?)
        }
        None => Box::new(io::stdin()),
    })
}

/// Whole lines, and the number of the first.
pub(crate) struct Block {
    pub(crate) first: u64,
    pub(crate) text: Vec<u8>,
}

impl Block {
    /// The lines with their numbers, without their ends.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut start = 0;
        let ends = memchr_iter(b'\n', &self.text);
        (self.first..).zip(ends.map(move |end| &self.text[std::mem::replace(&mut start, end + 1)..end]))
    }
}

/// The lines of a file or of standard input, block by block.
pub(crate) struct Blocks {
    input: BufReader<Input>,
    next: u64,
}

impl Blocks {
    pub(crate) fn open(input: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self { input: BufReader::with_capacity(BLOCK, open(input)?), next: 1 })
    }

    /// The next block; `None` at the end.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Block>> {
        self.read().context("could not read the input")
    }

    fn read(&mut self) -> io::Result<Option<Block>> {
        if self.next == 1 && self.input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
            self.input.consume("\u{feff}".len());
        }
        let mut text = Vec::with_capacity(BLOCK + BLOCK / 8);
        // No more than is there: a line from a slow writer does not wait for the next.
        let ahead = self.input.fill_buf()?;
        text.extend_from_slice(ahead);
        let length = ahead.len();
        self.input.consume(length);
        if text.last().is_some_and(|last| *last != b'\n') {
            finish_line(&mut self.input, &mut text)?;
        }
        let block = Block { first: self.next, text };
        self.next += memchr_iter(b'\n', &block.text).count() as u64;
        Ok(Some(block).filter(|block| !block.text.is_empty()))
    }
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

/// The same lines one at a time.
pub(crate) struct Lines {
    blocks: Blocks,
    block: Block,
    /// Where the next line begins in the block.
    at: usize,
    number: u64,
}

impl Lines {
    pub(crate) fn open(input: Option<&Path>) -> anyhow::Result<Self> {
        let block = Block { first: 1, text: Vec::new() };
        Ok(Self { blocks: Blocks::open(input)?, block, at: 0, number: 0 })
    }

    /// The next line with its number, without its end.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<(u64, &[u8])>> {
        if self.at >= self.block.text.len() {
            let Some(block) = self.blocks.next()? else { return Ok(None) };
            (self.block, self.at) = (block, 0);
        }
        let rest = &self.block.text[self.at..];
        let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        self.at += line.len() + 1;
        self.number += 1;
        Ok(Some((self.number, line)))
    }
}

/// Standard output, for many lines.
pub(crate) struct Out {
    out: BufWriter<StdoutLock<'static>>,
}

impl Out {
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()) }
    }

    /// Writes a text as it is; false when nobody reads it any longer.
    pub(crate) fn write(&mut self, text: &str) -> anyhow::Result<bool> {
        let written = self.out.write_all(text.as_bytes());
        is_read(written)
    }

    /// Writes what is left.
    pub(crate) fn finish(mut self) -> anyhow::Result<bool> {
        is_read(self.out.flush())
    }
}

fn is_read(written: io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("could not write the result"),
    }
}

/// What went wrong with some lines, told as it happens.
#[derive(Default)]
pub(crate) struct Problems {
    count: u64,
}

impl Problems {
    /// Tells a problem, headed by where it is.
    pub(crate) fn tell(&mut self, place: &str, problem: &str) {
        self.count += 1;
        if self.count <= SHOWN {
            output::complain(place, problem);
        }
    }

    /// Whether there was none.
    pub(crate) fn is_none(&self) -> bool {
        self.count == 0
    }

    /// The same, after saying how many were not shown.
    pub(crate) fn finish(&self) -> bool {
        if self.count > SHOWN {
            output::hint(&format!("{} more problems are not shown", self.count - SHOWN));
        }
        self.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of an input and how long each is.
    fn lines(text: &[u8]) -> Vec<(u64, usize)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let mut lines = Lines::open(Some(file.path())).unwrap();
        let mut seen = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            seen.push((number, line.len()));
        }
        let mut blocks = Blocks::open(Some(file.path())).unwrap();
        let mut in_blocks = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            in_blocks.extend(block.lines().map(|(number, line)| (number, line.len())));
        }
        assert_eq!(in_blocks, seen, "both ways see the same lines");
        seen
    }

    #[test]
    fn lines_are_counted_however_they_end() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n"), [(1, 0)]);
        assert_eq!(lines("\u{feff}ab\n\nc".as_bytes()), [(1, 2), (2, 0), (3, 1)]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_read() {
        let mut text = vec![b'x'; 3 * LONGEST_DOCUMENT];
        text.extend(b"\nnext\n");
        let seen = lines(&text);
        assert!(seen[0].1 > LONGEST_DOCUMENT && seen[0].1 < 2 * LONGEST_DOCUMENT, "{seen:?}");
        assert_eq!(seen[1..], [(2, 4)]);
    }
}
