//! What mapping is measured against: a program that only reads each line of JSON into a
//! `serde_json::Value` and prints it again, on one thread. See `bench/mapping.sh`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};

use serde_json::Value;

/// As much as `provost` reads at once.
const BUFFER: usize = 256 * 1024;

fn main() -> io::Result<()> {
    let file = std::env::args().nth(1).ok_or_else(|| io::Error::other("usage: reprint FILE"))?;
    let mut input = BufReader::with_capacity(BUFFER, File::open(file)?);
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let document: Value = serde_json::from_slice(&line)?;
        serde_json::to_writer(&mut out, &document)?;
        out.write_all(b"\n")?;
        line.clear();
    }
    out.flush()
}
