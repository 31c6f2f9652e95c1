//! Lines in and lines out, one at a time, so that memory stays flat.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, StdoutLock, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::output;

/// How many problems are shown; the rest is counted.
const SHOWN: u64 = 100;

/// The lines of a file or of standard input.
pub(super) struct Lines {
    input: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn open(input: Option<&Path>) -> anyhow::Result<Self> {
        let input: Box<dyn BufRead> = match input.filter(|file| *file != Path::new("-")) {
            Some(file) => Box::new(BufReader::new(
                File::open(file).with_context(|| format!("could not read `{}`", file.display()))?,
            )),
            None => Box::new(BufReader::new(io::stdin())),
        };
        Ok(Self { input, line: Vec::new(), number: 0 })
    }

    /// The next line with its number, without its end.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<(u64, &[u8])>> {
        self.line.clear();
        if self.input.read_until(b'\n', &mut self.line).context("could not read the input")? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let line = if self.number == 1 { self.line.strip_prefix("\u{feff}".as_bytes()) } else { None };
        Ok(Some((self.number, line.unwrap_or(&self.line).trim_ascii())))
    }
}

/// Standard output, for many lines.
pub(super) struct Out {
    out: BufWriter<StdoutLock<'static>>,
}

impl Out {
    pub(super) fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()) }
    }

    /// Writes a text as it is; false when nobody reads it any longer.
    pub(super) fn write(&mut self, text: &str) -> anyhow::Result<bool> {
        let written = self.out.write_all(text.as_bytes());
        is_read(written)
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> anyhow::Result<bool> {
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
pub(super) struct Problems {
    count: u64,
}

impl Problems {
    pub(super) fn tell(&mut self, problem: &str) {
        self.count += 1;
        if self.count <= SHOWN {
            output::complain("mapper", problem);
        }
    }

    /// Whether there was none.
    pub(super) fn finish(&self) -> bool {
        if self.count > SHOWN {
            output::hint(&format!("{} more problems are not shown", self.count - SHOWN));
        }
        self.count == 0
    }
}
