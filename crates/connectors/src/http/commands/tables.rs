//! What people see of a command's answer.

use provost_core::{Fault, Shown, ShownTable};
use provost_mapper::TemplateError;
use serde_json::Value;

use super::with_item;
use crate::http::HttpConnector;
use crate::http::answer::is_truthy;
use crate::http::names::Names;
use crate::manifest::VendorCommand;

impl HttpConnector {
    pub(super) fn title(
        &self,
        name: &str,
        command: &VendorCommand,
        seen: &Names,
        count: usize,
    ) -> Result<String, Fault> {
        let Some(title) = &command.title else { return Ok(name.to_owned()) };
        let mut names = seen.clone();
        names.insert("count".to_owned(), count.into());
        let view = self.view(&names);
        title.text(&view, str::to_owned).map_err(|error| self.unfilled(&error))
    }

    /// What people see, where it is not simply the objects.
    pub(super) fn for_people(
        &self,
        command: &VendorCommand,
        seen: &Names,
        title: &str,
        items: &[Value],
        rows: &[Value],
    ) -> Result<Option<Shown>, Fault> {
        if let (Some(text), true) = (&command.empty, rows.is_empty()) {
            return Ok(Some(Shown::Text(text.clone())));
        }
        if command.more.is_empty() && command.columns.iter().all(|(heading, place)| heading == place.source())
        {
            return Ok(None);
        }
        let mut tables = vec![table(command, title, rows)];
        for item in items {
            tables.extend(self.more(command, seen, item)?);
        }
        Ok(Some(Shown::Tables(tables)))
    }

    /// The tables under the first one that have rows.
    fn more(&self, command: &VendorCommand, seen: &Names, item: &Value) -> Result<Vec<ShownTable>, Fault> {
        let names = with_item(seen, item);
        let view = self.view(&names);
        let mut tables = Vec::new();
        for (title, rows) in &command.more {
            let mut rows = match rows.value(&view) {
                Ok(Value::Array(rows)) => rows,
                Ok(row) if is_truthy(&row) => vec![row],
                Ok(_) | Err(TemplateError::Missing(_)) => continue,
                Err(error) => return Err(self.unfilled(&error)),
            };
            for row in &mut rows {
                self.client.redactor().value(row);
            }
            let first = rows.first().and_then(Value::as_object);
            let columns = first.map(|row| row.keys().cloned().collect()).unwrap_or_default();
            tables.push(ShownTable { title: title.clone(), columns, rows });
        }
        Ok(tables)
    }
}

/// The first table: the objects under their headings.
fn table(command: &VendorCommand, title: &str, rows: &[Value]) -> ShownTable {
    let row = |row: &Value| {
        let cells = command.columns.iter();
        Value::Object(
            cells.map(|(heading, place)| (heading.clone(), place.resolve(row).unwrap_or_default())).collect(),
        )
    };
    ShownTable {
        title: title.to_owned(),
        columns: command.columns.iter().map(|(heading, _)| heading.clone()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
