//! What a request writes into a row.

use serde_json::{Map, Value};

use super::columns::{Column, Kind};
use super::instance::Instance;
use super::record::Record;

/// Writes names and values. Columns that there are not, and those that only the instance
/// sets, are passed over in silence, as there.
pub(super) fn write(instance: &Instance, record: &mut Record, sent: &Map<String, Value>, by_display: bool) {
    for (name, value) in sent {
        let column = record.table.columns.iter().find(|column| column.name == name && !column.is_read_only);
        if let (Some(column), Some(text)) = (column, text(value)) {
            record.set(name, &stored(instance, column, &text, by_display));
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value as it is stored. A reference that is written as people see it and leads to
/// nothing is left empty.
fn stored(instance: &Instance, column: &Column, text: &str, by_display: bool) -> String {
    match column.kind {
        Kind::Boolean => if ["true", "1"].contains(&text) { "true" } else { "false" }.to_owned(),
        Kind::Reference(table) if by_display && !text.is_empty() => {
            let found = instance.displayed(table, text).or_else(|| instance.referenced(column.kind, text));
            found.map_or_else(String::new, |record| record.id().to_owned())
        }
        _ => text.to_owned(),
    }
}
