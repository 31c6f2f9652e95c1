//! A row of a table, which may go over several lines, cut into its cells.

use csv_core::{ReadRecordResult, Reader};
use provost_mapper::LONGEST_DOCUMENT;

use super::is_blank;
use super::task::too_long;

/// A row that is read line by line. Its space is used again for the next.
pub(super) struct Row {
    reader: Reader,
    /// The row's first line, while it is open.
    first: Option<u64>,
    /// How much of the input it has so far.
    size: usize,
    text: Vec<u8>,
    text_end: usize,
    ends: Vec<usize>,
    cells: usize,
}

impl Default for Row {
    fn default() -> Self {
        // Not the reader's own default, which knows no quotes and no commas.
        let reader = Reader::new();
        Self { reader, first: None, size: 0, text: Vec::new(), text_end: 0, ends: Vec::new(), cells: 0 }
    }
}

impl Row {
    /// Takes the next line; a row that ends with it is answered with the number of its first.
    pub(super) fn take(&mut self, number: u64, line: &[u8]) -> Option<(u64, Result<Vec<String>, String>)> {
        if self.first.is_none() && is_blank(line) {
            return None;
        }
        let first = *self.first.get_or_insert(number);
        self.size += line.len() + 1;
        let row = if self.size > LONGEST_DOCUMENT { Err(too_long()) } else { Ok(self.read(line)?) };
        let row = row.and_then(|()| self.cells());
        if row.is_err() {
            self.reader.reset();
        }
        (self.first, self.size, self.text_end, self.cells) = (None, 0, 0, 0);
        Some((first, row))
    }

    /// The first line of a row that is open, which is not gone on with.
    pub(super) fn give_up(&mut self) -> Option<u64> {
        self.first.take()
    }

    /// Reads a line; `None` if the row goes on after it.
    fn read(&mut self, line: &[u8]) -> Option<()> {
        // No cell is longer than what is read, and no row has more cells than bytes.
        let room = line.len() + 2;
        self.text.resize(self.text.len().max(self.text_end + room), 0);
        self.ends.resize(self.ends.len().max(self.cells + room), 0);
        for mut part in [line, b"\n"] {
            while !part.is_empty() {
                let (text, ends) = (&mut self.text[self.text_end..], &mut self.ends[self.cells..]);
                let (result, read, written, ended) = self.reader.read_record(part, text, ends);
                part = &part[read..];
                self.text_end += written;
                self.cells += ended;
                if result == ReadRecordResult::Record {
                    return Some(());
                }
            }
        }
        None
    }

    fn cells(&self) -> Result<Vec<String>, String> {
        let mut start = 0;
        let cells =
            self.ends[..self.cells].iter().map(|&end| &self.text[std::mem::replace(&mut start, end)..end]);
        let text = |cell| std::str::from_utf8(cell).map(str::to_owned);
        cells.map(text).collect::<Result<_, _>>().map_err(|_| "the row is not UTF-8".to_owned())
    }
}
