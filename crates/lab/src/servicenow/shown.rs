//! Rows as they are shown: actual values, values as people see them, or both.

use serde_json::{Map, Value, json};

use super::columns::{Column, Kind};
use super::holds::{seen, value_at};
use super::instance::Instance;
use super::query::path;
use super::record::Record;
use crate::serve::Asked;

/// Which values are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Actual,
    Seen,
    Both,
}

/// How one request wants rows.
pub(super) struct Shower<'a> {
    instance: &'a Instance,
    origin: String,
    values: Values,
    has_links: bool,
    fields: Option<Vec<String>>,
}

impl<'a> Shower<'a> {
    /// Reads how rows are wanted.
    pub(super) fn of(asked: &Asked, instance: &'a Instance) -> Self {
        let fields = asked.get("sysparm_fields").filter(|fields| !fields.is_empty());
        Self {
            instance,
            origin: asked.origin(),
            values: match asked.get("sysparm_display_value") {
                Some("true") => Values::Seen,
                Some("all") => Values::Both,
                _ => Values::Actual,
            },
            has_links: !asked.is_true("sysparm_exclude_reference_link"),
            fields: fields.map(|fields| fields.split(',').map(|field| field.trim().to_owned()).collect()),
        }
    }

    /// The row.
    pub(super) fn show(&self, record: &Record) -> Value {
        let mut shown = Map::new();
        match &self.fields {
            None => {
                for (number, column) in record.table.columns.iter().enumerate() {
                    shown.insert(column.name.to_owned(), self.of_column(column, record.at(number)));
                }
            }
            Some(fields) => {
                for field in fields {
                    let Some(path) = path(field, record.table) else { continue };
                    let (value, kind) = value_at(self.instance, record, &path).unwrap_or(("", Kind::Text));
                    shown.insert(field.clone(), self.value(value, kind));
                }
            }
        }
        Value::Object(shown)
    }

    /// A password is never shown.
    fn of_column(&self, column: &Column, value: &str) -> Value {
        if column.name == "user_password" {
            return self.value("", column.kind);
        }
        self.value(value, column.kind)
    }

    fn value(&self, value: &str, kind: Kind) -> Value {
        let display = || seen(self.instance, value, kind);
        let link = self.link(value, kind);
        match (self.values, link) {
            (Values::Actual, None) => value.into(),
            (Values::Actual, Some(link)) => json!({"link": link, "value": value}),
            (Values::Seen, None) => display().into(),
            (Values::Seen, Some(link)) => json!({"display_value": display(), "link": link}),
            (Values::Both, None) => json!({"display_value": display(), "value": value}),
            (Values::Both, Some(link)) => json!({"display_value": display(), "link": link, "value": value}),
        }
    }

    fn link(&self, value: &str, kind: Kind) -> Option<String> {
        let Kind::Reference(table) = kind else { return None };
        let is_shown = self.has_links && !value.is_empty();
        is_shown.then(|| format!("{}/api/now/table/{table}/{value}", self.origin))
    }
}
