//! A table in CSV, read line by line: a row is a profile, or a command where the table has
//! columns for its parts.
//!
//! A row that cannot be read, or that is too long, is a flaw of that row alone.

use std::collections::HashSet;
use std::fmt;

use provost_core::{cli_name, dashed};
use serde_json::{Map, Value};

use super::row::Row;
use super::task::{COMMAND_MEMBERS, PROFILE};

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

/// Why a table cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderError {
    /// What is wrong with its header.
    pub message: String,
    /// What may help.
    pub hint: Option<&'static str>,
}

impl HeaderError {
    fn unreadable(flaw: &str) -> Self {
        Self { message: format!("the header of the table: {flaw}"), hint: None }
    }

    fn twice(heading: &str) -> Self {
        Self {
            message: format!("the table has two columns `{heading}`"),
            hint: Some("headings are compared without capital letters, blanks and punctuation"),
        }
    }

    /// The table ended before its header did.
    pub fn absent() -> Self {
        Self { message: "the table has no header".to_owned(), hint: Some("its first line names the fields") }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HeaderError {}

/// The rows of a table, and its columns once the header is read.
#[derive(Default)]
pub struct Table {
    row: Row,
    columns: Vec<Column>,
}

impl Table {
    /// Whether the header was read.
    pub fn has_header(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Takes the next line as a part of the header.
    ///
    /// # Errors
    /// A header that cannot be read, or that has a field twice.
    pub fn head(&mut self, number: u64, line: &[u8]) -> Result<(), HeaderError> {
        let Some((_, row)) = self.row.take(number, line) else { return Ok(()) };
        let cells = row.map_err(|flaw| HeaderError::unreadable(&flaw))?;
        let mut seen = HashSet::new();
        for cell in &cells {
            let name = cli_name(cell);
            if !name.is_empty() && !seen.insert((cell.contains('.'), name)) {
                return Err(HeaderError::twice(cell));
            }
        }
        self.columns = cells.iter().map(|cell| column(cell)).collect();
        Ok(())
    }

    /// Takes the next line; a row that ends with it is answered with the number of its first.
    pub fn take(&mut self, number: u64, line: &[u8]) -> Option<(u64, Result<Value, String>)> {
        let (first, row) = self.row.take(number, line)?;
        Some((first, row.and_then(|cells| self.value(cells))))
    }

    /// A row that is open at the end of the file.
    pub fn finish(&mut self) -> Option<(u64, Result<Value, String>)> {
        let first = self.row.give_up()?;
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

#[cfg(test)]
mod tests {
    use provost_mapper::LONGEST_DOCUMENT;
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
