//! A table in CSV, read line by line: a row is a profile, or a command where the table has
//! columns for its parts.
//!
//! A row that cannot be read, or that is too long, is a flaw of that row alone.

use std::collections::HashSet;

use csv_core::{ReadRecordResult, Reader};
use provost_core::{cli_name, dashed};
use provost_mapper::LONGEST_DOCUMENT;
use serde_json::{Map, Value};

use super::task::{COMMAND_MEMBERS, PROFILE, too_long};
use crate::output::Hinted;

const OLD_USER_DATA: &str = "olduserdata";

/// What a column holds.
enum Column {
    /// A part of the command.
    OfCommand(String),
    /// A field of the profile.
    Field(String),
    /// A field of the profile before the change.
    OldField(String),
    /// Nothing: it has no heading.
    Nothing,
}

/// The rows of a table, and its columns once the header is read.
#[derive(Default)]
pub(super) struct Table {
    row: Row,
    columns: Vec<Column>,
}

impl Table {
    /// Whether the header was read.
    pub(super) fn has_header(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Takes the next line as a part of the header.
    ///
    /// # Errors
    /// A header that cannot be read, or that has a field twice.
    pub(super) fn head(&mut self, number: u64, line: &[u8]) -> Result<(), Hinted> {
        let Some((_, row)) = self.row.take(number, line) else { return Ok(()) };
        let cells = row.map_err(|flaw| Hinted::new(format!("the header of the table: {flaw}")))?;
        let mut seen = HashSet::new();
        for cell in &cells {
            let name = cli_name(cell);
            if !name.is_empty() && !seen.insert((cell.contains('.'), name)) {
                return Err(Hinted::new(format!("the table has two columns `{cell}`"))
                    .hint("headings are compared without capital letters, blanks and punctuation"));
            }
        }
        self.columns = cells.iter().map(|cell| column(cell)).collect();
        Ok(())
    }

    /// Takes the next line; a row that ends with it is answered with the number of its first.
    pub(super) fn take(&mut self, number: u64, line: &[u8]) -> Option<(u64, Result<Value, String>)> {
        let (first, row) = self.row.take(number, line)?;
        Some((first, row.and_then(|cells| self.value(cells))))
    }

    /// A row that is open at the end of the file.
    pub(super) fn finish(&mut self) -> Option<(u64, Result<Value, String>)> {
        let first = self.row.first.take()?;
        Some((first, Err("a quoted cell does not end".to_owned())))
    }

    fn value(&self, cells: Vec<String>) -> Result<Value, String> {
        if cells.len() != self.columns.len() {
            return Err(format!("the row has {} cells, the header {}", cells.len(), self.columns.len()));
        }
        let (mut command, mut profile, mut old) = (Map::new(), Map::new(), Map::new());
        for (column, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let (members, name) = match column {
                Column::OfCommand(name) => (&mut command, name),
                Column::Field(name) => (&mut profile, name),
                Column::OldField(name) => (&mut old, name),
                Column::Nothing => continue,
            };
            members.insert(name.clone(), Value::from(cell));
        }
        if !old.is_empty() {
            profile.insert(OLD_USER_DATA.to_owned(), Value::Object(old));
        }
        command.insert(PROFILE.to_owned(), Value::Object(profile));
        Ok(Value::Object(command))
    }
}

fn column(heading: &str) -> Column {
    let heading = heading.trim();
    let name = dashed(heading);
    match heading.split_once('.') {
        _ if heading.is_empty() => Column::Nothing,
        _ if COMMAND_MEMBERS.contains(&name.as_str()) => Column::OfCommand(name),
        Some((before, field)) if cli_name(before) == OLD_USER_DATA => Column::OldField(field.to_owned()),
        _ => Column::Field(heading.to_owned()),
    }
}

/// A row that may go over several lines.
struct Row {
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
    fn take(&mut self, number: u64, line: &[u8]) -> Option<(u64, Result<Vec<String>, String>)> {
        if self.first.is_none() && line.trim_ascii().is_empty() {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The rows of a text with the header `Email,Given Name`.
    fn rows(lines: &[&[u8]]) -> Vec<(u64, Result<Value, String>)> {
        let mut table = Table::default();
        table.head(1, b"Email,Given Name\r").unwrap();
        assert!(table.has_header());
        let mut rows: Vec<_> =
            (2..).zip(lines).filter_map(|(number, line)| table.take(number, line)).collect();
        rows.extend(table.finish());
        rows
    }

    fn ann(name: &str) -> Value {
        json!({"user-profile": {"Email": "ann@example.com", "Given Name": name}})
    }

    #[test]
    fn rows_are_read_as_csv_is_written() {
        let good = |number, name| (number, Ok(ann(name)));
        assert_eq!(
            rows(&[b"ann@example.com,Ann\r", b"", b"ann@example.com,\"Ann, B.\""]),
            [good(2, "Ann"), good(4, "Ann, B.")]
        );
        assert_eq!(
            rows(&[b"ann@example.com,\"A\r", b"n\"\"n\"\r", b"ann@example.com,12\" Ann"]),
            [good(2, "A\r\nn\"n"), good(4, "12\" Ann")]
        );
        assert_eq!(
            rows(&[b"ann@example.com,"]),
            [(2, Ok(json!({"user-profile": {"Email": "ann@example.com"}})))]
        );
    }

    #[test]
    fn a_flaw_is_the_row_s_own() {
        let long = vec![b'x'; LONGEST_DOCUMENT + 1];
        let good: &[u8] = b"ann@example.com,Ann";
        for (lines, expected) in [
            (vec![b"ann@example.com".as_slice(), good], "1 cells, the header 2"),
            (vec![b"\xff,Ann".as_slice(), good], "not UTF-8"),
            (vec![&long, good], "more than"),
            (vec![good, b"\"ann"], "does not end"),
        ] {
            let rows = rows(&lines);
            assert_eq!(rows.len(), 2, "{expected}");
            let flaws: Vec<&String> = rows.iter().filter_map(|(_, row)| row.as_ref().err()).collect();
            assert!(flaws.len() == 1 && flaws[0].contains(expected), "{expected}: {flaws:?}");
        }
    }

    #[test]
    fn headings_name_fields_and_parts_of_the_command() {
        let mut table = Table::default();
        table.head(1, b"command,using,allow_enable,email,Old User Data.email,").unwrap();
        let (_, row) =
            table.take(2, b"iam-update-user,crm,true,new@example.com,ann@example.com,note").unwrap();
        assert_eq!(
            row.unwrap(),
            json!({
                "command": "iam-update-user", "using": "crm", "allow-enable": "true",
                "user-profile": {"email": "new@example.com", "olduserdata": {"email": "ann@example.com"}}
            })
        );
        assert!(Table::default().head(1, b"Email,e-mail").is_err());
    }
}
