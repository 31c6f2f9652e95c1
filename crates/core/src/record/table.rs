//! The markdown table of an entry.

use std::fmt::Write as _;

use serde_json::Value;

use crate::is_empty;

/// Columns of a record that is not skipped.
const FULL: [&str; 10] = [
    "brand",
    "instanceName",
    "success",
    "active",
    "id",
    "username",
    "email",
    "errorCode",
    "errorMessage",
    "details",
];
/// Columns of a skipped record.
const SKIPPED: [&str; 4] = ["brand", "instanceName", "skipped", "reason"];

/// The title and the one-row table of a record, empty columns left out.
pub(super) fn of_record(record: &super::VendorRecord) -> String {
    let title = format!("{} User Results ({})", capitalised(record.action.as_str()), record.brand);
    let value = serde_json::to_value(record).unwrap_or_default();
    let columns: &[&str] = if record.skipped { &SKIPPED } else { &FULL };
    markdown_table(&title, columns, std::slice::from_ref(&value))
}

/// A markdown table of objects: one row each, the named members as columns. Columns that
/// are empty in every row are left out.
pub fn markdown_table(title: &str, columns: &[&str], rows: &[Value]) -> String {
    let columns: Vec<&str> =
        columns.iter().copied().filter(|column| rows.iter().any(|row| !is_empty(&row[*column]))).collect();
    let mut table = format!("### {title}\n");
    if columns.is_empty() {
        table.push_str("**No entries.**\n");
        return table;
    }
    let _ = writeln!(table, "|{}|", columns.join("|"));
    let _ = writeln!(table, "|{}", "---|".repeat(columns.len()));
    for row in rows {
        let cells = columns.iter().map(|column| cell(&row[*column]));
        let _ = writeln!(table, "| {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    table
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| format!("{name}: {}", inner(member)))
            .collect::<Vec<_>>()
            .join("\n"),
        Value::Array(items) => items.iter().map(inner).collect::<Vec<_>>().join(",\n"),
        other => other.to_string(),
    };
    text.replace('|', "\\|").replace("\r\n", "\n").replace(['\n', '\r'], "<br>")
}

fn inner(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_escaped_and_empty_columns_dropped() {
        let rows = [json!({"a": "x|y\nz", "b": "", "c": {"k": "v", "n": 1}, "d": false, "e": null})];
        assert_eq!(
            markdown_table("T", &["a", "b", "c", "d", "e"], &rows),
            "### T\n|a|c|d|\n|---|---|---|\n| x\\|y<br>z | k: v<br>n: 1 | false |\n"
        );
        assert_eq!(markdown_table("T", &["b"], &rows), "### T\n**No entries.**\n");
    }
}
