//! Lines out of bytes that come piece by piece, each read as soon as its end is there.

use memchr::memchr_iter;
use provost_mapper::LONGEST_DOCUMENT;
use serde_json::Value;

use super::{Defaults, HeaderError, Table, Task, is_blank};

/// What some programs write before the first line.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// How much is kept of a line: enough to see that it is too long.
const KEPT: usize = LONGEST_DOCUMENT + MARK.len() + 1;

/// A line that was read: its number, from 1, and what it asks for or what is wrong with it.
pub type Asked = (u64, Result<Task, String>);

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object on each line.
    Jsonl,
    /// A table with a header.
    Csv,
}

/// Reads lines. However long they are, no more than [`LONGEST_DOCUMENT`] and a few bytes wait
/// for their end.
pub struct Reader {
    defaults: Defaults,
    table: Option<Table>,
    /// The beginning of a line whose end is still to come.
    open: Vec<u8>,
    /// The last line that has ended.
    number: u64,
}

impl Reader {
    /// A reader that has seen nothing.
    pub fn new(format: Format, defaults: Defaults) -> Self {
        let table = (format == Format::Csv).then(Table::default);
        Self { defaults, table, open: Vec::new(), number: 0 }
    }

    /// Whether the header of a table is still to come.
    pub fn wants_header(&self) -> bool {
        self.table.as_ref().is_some_and(|table| !table.has_header())
    }

    /// Takes the next piece; answered are the lines that end in it.
    ///
    /// # Errors
    /// A table whose header makes no sense, of which nothing more can be read.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<Asked>, HeaderError> {
        let (mut asked, mut start) = (Vec::new(), 0);
        for end in memchr_iter(b'\n', piece) {
            asked.extend(self.end_line(&piece[start..end])?);
            start = end + 1;
        }
        self.keep(&piece[start..]);
        Ok(asked)
    }

    /// Nothing more comes: the last line is answered, if it was still open.
    ///
    /// # Errors
    /// A table without a header, or with one that makes no sense.
    pub fn finish(&mut self) -> Result<Option<Asked>, HeaderError> {
        let last = if self.open.is_empty() { None } else { self.end_line(b"")? };
        if self.wants_header() {
            return Err(HeaderError::absent());
        }
        let row = self.table.as_mut().and_then(Table::finish);
        Ok(last.or_else(|| row.map(|row| self.row(row))))
    }

    /// Keeps the beginning of a line, or what comes after it.
    fn keep(&mut self, part: &[u8]) {
        let room = KEPT - self.open.len();
        self.open.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn end_line(&mut self, rest: &[u8]) -> Result<Option<Asked>, HeaderError> {
        if self.open.is_empty() {
            // Most lines are whole, and are read where they are.
            return self.line(rest);
        }
        self.keep(rest);
        let mut line = std::mem::take(&mut self.open);
        let asked = self.line(&line);
        line.clear();
        self.open = line;
        asked
    }

    fn line(&mut self, line: &[u8]) -> Result<Option<Asked>, HeaderError> {
        self.number += 1;
        let line = if self.number == 1 { line.strip_prefix(MARK).unwrap_or(line) } else { line };
        match &mut self.table {
            Some(table) if table.has_header() => {
                let row = table.take(self.number, line);
                Ok(row.map(|row| self.row(row)))
            }
            Some(table) => table.head(self.number, line).map(|()| None),
            None if is_blank(line) => Ok(None),
            None => Ok(Some((self.number, self.defaults.parse(line)))),
        }
    }

    fn row(&self, (number, value): (u64, Result<Value, String>)) -> Asked {
        (number, value.and_then(|value| self.defaults.task(value)))
    }
}

#[cfg(test)]
mod tests {
    use provost_core::{Schema, Verb};

    use super::*;

    fn reader(format: Format) -> Reader {
        let schema = Schema::built_in();
        Reader::new(format, Defaults { verb: Verb::Create, allow_enable: true, schema })
    }

    /// The numbers of the lines with whom they are about or what is wrong, read in pieces.
    fn read(format: Format, text: &[u8], size: usize) -> Result<Vec<(u64, String)>, HeaderError> {
        let mut reader = reader(format);
        let mut asked = Vec::new();
        for piece in text.chunks(size) {
            asked.extend(reader.push(piece)?);
        }
        asked.extend(reader.finish()?);
        let shown = |task: Task| task.command.profile.email().unwrap_or_default().to_owned();
        Ok(asked.into_iter().map(|(number, task)| (number, task.map_or_else(|flaw| flaw, shown))).collect())
    }

    fn lines(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
        expected.iter().map(|(number, text)| (*number, (*text).to_owned())).collect()
    }

    #[test]
    fn lines_are_the_same_however_they_are_cut() {
        let jsonl = "\u{feff}{\"email\": \"a\"}\r\n\n  \n{\"email\": \"b\"}\n[]\n{\"email\": \"c\"}";
        let list = "a user profile is one JSON object, but this is a list";
        let csv = "\u{feff}\"e\nmail\",title\r\na,\"Sal\nes\"\n\nb,x\nc\n\"d";
        for size in 1..=jsonl.len().max(csv.len()) {
            let read = |format, text: &str| read(format, text.as_bytes(), size).unwrap();
            assert_eq!(read(Format::Jsonl, jsonl), lines(&[(1, "a"), (4, "b"), (5, list), (6, "c")]));
            assert_eq!(
                read(Format::Csv, csv),
                lines(&[
                    (3, "a"),
                    (6, "b"),
                    (7, "the row has 1 cells, the header 2"),
                    (8, "a quoted cell does not end")
                ])
            );
        }
    }

    #[test]
    fn a_line_is_answered_as_soon_as_it_ends() {
        let mut reader = reader(Format::Jsonl);
        assert!(reader.push(b"{\"email\": ").unwrap().is_empty());
        assert_eq!(reader.push(b"\"a\"}\n{").unwrap().len(), 1);
        assert!(reader.finish().unwrap().is_some_and(|(number, task)| number == 2 && task.is_err()));
        assert!(reader.finish().unwrap().is_none());
    }

    #[test]
    fn a_long_line_is_a_flaw_and_takes_no_more_than_its_room() {
        for (format, header) in [(Format::Jsonl, ""), (Format::Csv, "email\n")] {
            for byte in [b'x', b' '] {
                let mut reader = reader(format);
                reader.push(header.as_bytes()).unwrap();
                let piece = vec![byte; 100_000];
                for _ in 0..30 {
                    assert!(reader.push(&piece).unwrap().is_empty());
                    assert!(reader.open.len() <= KEPT);
                }
                let asked = reader.push(b"\n").unwrap();
                assert!(asked[0].1.as_ref().is_err_and(|flaw| flaw.contains("more than")), "{format:?}");
                assert!(reader.push(b"\n").unwrap().is_empty());
            }
        }
        let mut longest = b"{\"email\": \"a\"}".to_vec();
        longest.resize(LONGEST_DOCUMENT, b' ');
        let marked = [MARK, &longest].concat();
        assert_eq!(read(Format::Jsonl, &marked, 1000).unwrap(), lines(&[(1, "a")]));
    }

    #[test]
    fn a_table_has_a_header() {
        let message = |text: &str| read(Format::Csv, text.as_bytes(), 4).unwrap_err().message;
        assert_eq!(message(" \n"), "the table has no header");
        assert_eq!(message("\"email"), "the table has no header");
        assert_eq!(message("email,E-Mail\nann"), "the table has two columns `E-Mail`");
        assert_eq!(read(Format::Csv, b"email", 4).unwrap(), []);
        let mut table = reader(Format::Csv);
        assert!(table.wants_header() && table.push(b"email\n").is_ok() && !table.wants_header());
        assert!(!reader(Format::Jsonl).wants_header());
    }
}
