//! Lines out of pieces of a file, for whoever is handed the file piece by piece.

use provost_mapper::LONGEST_DOCUMENT;

use super::task::too_long;
use super::{Defaults, HeaderError, Table, Task};

/// How a file of lines is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object of JSON on each line.
    Jsonl,
    /// A table with a header, cells separated by commas (RFC 4180).
    Csv,
}

/// A line: its number from 1, and what it asks for or what is wrong with it.
pub type Numbered = (u64, Result<Task, String>);

/// Reads pieces as they come. No more than one line is kept.
pub struct Reader {
    defaults: Defaults,
    table: Option<Table>,
    /// The beginning of a line whose end is not there yet.
    open: Vec<u8>,
    /// Whether the line has become too long to be kept.
    is_overlong: bool,
    lines: u64,
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new(format: Format, defaults: Defaults) -> Self {
        let table = (format == Format::Csv).then(Table::default);
        Self { defaults, table, open: Vec::new(), is_overlong: false, lines: 0 }
    }

    /// Reads a piece: what its lines ask for, as far as they are whole.
    ///
    /// # Errors
    /// A table whose header makes no sense.
    pub fn push(&mut self, mut piece: &[u8]) -> Result<Vec<Numbered>, HeaderError> {
        let mut read = Vec::new();
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            self.keep(&piece[..end]);
            self.end_line(&mut read)?;
            piece = &piece[end + 1..];
        }
        self.keep(piece);
        Ok(read)
    }

    /// Ends reading: what the last line asks for, where it has no end of its own.
    ///
    /// # Errors
    /// As for [`Reader::push`]; a table without a header.
    pub fn finish(&mut self) -> Result<Vec<Numbered>, HeaderError> {
        let mut read = Vec::new();
        if !self.open.is_empty() || self.is_overlong {
            self.end_line(&mut read)?;
        }
        if let Some(table) = &mut self.table {
            if !table.has_header() {
                return Err(HeaderError::absent());
            }
            if let Some((number, value)) = table.finish() {
                read.push((number, value.and_then(|value| self.defaults.task(value))));
            }
        }
        Ok(read)
    }

    fn keep(&mut self, part: &[u8]) {
        if self.open.len() + part.len() > LONGEST_DOCUMENT + 1 {
            self.is_overlong = true;
        } else if !self.is_overlong {
            self.open.extend_from_slice(part);
        }
    }

    fn end_line(&mut self, read: &mut Vec<Numbered>) -> Result<(), HeaderError> {
        self.lines += 1;
        let number = self.lines;
        let line = std::mem::take(&mut self.open);
        if std::mem::take(&mut self.is_overlong) {
            read.push((number, Err(too_long())));
            return Ok(());
        }
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        match &mut self.table {
            Some(table) if !table.has_header() => table.head(number, line)?,
            Some(table) => {
                let row = table.take(number, line);
                read.extend(
                    row.map(|(number, value)| (number, value.and_then(|value| self.defaults.task(value)))),
                );
            }
            None if line.trim_ascii().is_empty() => {}
            None => read.push((number, self.defaults.parse(line))),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use provost_core::{Schema, Verb};

    use super::*;

    fn read(format: Format, text: &str, size: usize) -> Vec<(u64, Result<String, String>)> {
        let defaults = Defaults { verb: Verb::Create, allow_enable: true, schema: Schema::built_in() };
        let mut reader = Reader::new(format, defaults);
        let mut read = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            read.extend(reader.push(piece).unwrap());
        }
        read.extend(reader.finish().unwrap());
        let email = |task: Task| task.command.profile.email().unwrap_or_default().to_owned();
        read.into_iter().map(|(number, task)| (number, task.map(email))).collect()
    }

    #[test]
    fn pieces_of_any_size_are_the_same_lines() {
        let jsonl = "{\"email\": \"ann@example.com\"}\r\n\n{\"email\":\n{\"email\": \"bo@example.com\"}";
        let csv = "email,title\nann@example.com,\"Head, of\nSales\"\nbo@example.com,\n";
        for size in [1, 2, 7, 1000] {
            let lines = read(Format::Jsonl, jsonl, size);
            assert_eq!(lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3, 4], "{size}");
            assert_eq!(
                (lines[0].1.as_deref(), lines[2].1.as_deref()),
                (Ok("ann@example.com"), Ok("bo@example.com"))
            );
            assert!(lines[1].1.is_err());
            let rows = read(Format::Csv, csv, size);
            let expected = [(2, Ok("ann@example.com".to_owned())), (4, Ok("bo@example.com".to_owned()))];
            assert_eq!(rows, expected, "{size}");
        }
    }

    #[test]
    fn a_line_that_does_not_end_is_not_kept() {
        let long = format!("{}\n{{\"email\": \"ann@example.com\"}}", "x".repeat(LONGEST_DOCUMENT * 2));
        let lines = read(Format::Jsonl, &long, 1 << 16);
        assert!(lines[0].1.as_ref().unwrap_err().contains("bytes"));
        assert_eq!(lines[1].1.as_deref(), Ok("ann@example.com"));
    }
}
