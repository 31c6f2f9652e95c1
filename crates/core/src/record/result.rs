//! What commands answer that are not about one person: an object or a list of them under a
//! path of their own. The original calls it a command result.

use serde_json::{Map, Value};

use super::markdown_table;
use crate::Attributes;

/// An answer with its place in the context.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CommandResult {
    /// The path in the context, such as `GetGroup`; empty for an answer that has none.
    pub prefix: String,
    /// The members that tell one object from another, such as `id`.
    pub keys: Vec<String>,
    /// An object, or a list of them.
    pub outputs: Value,
    /// What stands above the table.
    pub title: String,
    /// The members that people see, in order; all of the first object's where there are none.
    pub columns: Vec<String>,
    /// What people see in the place of the objects.
    pub shown: Option<Shown>,
}

/// What people see of a result that is not its objects.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A sentence.
    Text(String),
    /// Tables, one under the other.
    Tables(Vec<ShownTable>),
}

/// A table for people.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownTable {
    /// What stands above it.
    pub title: String,
    /// The headings, in order.
    pub columns: Vec<String>,
    /// Objects with the headings as names.
    pub rows: Vec<Value>,
}

impl CommandResult {
    /// The path with its merge condition: the same object later takes the place of this one.
    pub fn context_key(&self) -> String {
        let same = |key: &String| format!("val.{key} && val.{key} == obj.{key}");
        let conditions: Vec<String> = self.keys.iter().map(same).collect();
        match conditions.as_slice() {
            [] => self.prefix.clone(),
            _ => format!("{}({})", self.prefix, conditions.join(" && ")),
        }
    }

    /// The objects, one or several.
    pub fn rows(&self) -> &[Value] {
        match &self.outputs {
            Value::Array(rows) => rows,
            Value::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// The columns of the table.
    pub fn columns(&self) -> Vec<&str> {
        if !self.columns.is_empty() {
            return self.columns.iter().map(String::as_str).collect();
        }
        let first = self.rows().first().and_then(Value::as_object);
        first.map(|row| row.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// The result for people, as markdown.
    pub(super) fn markdown(&self) -> String {
        match &self.shown {
            None => markdown_table(&self.title, &self.columns(), self.rows()),
            Some(Shown::Text(text)) => text.clone(),
            Some(Shown::Tables(tables)) => {
                let tables = tables.iter().map(|table| {
                    let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
                    markdown_table(&table.title, &columns, &table.rows)
                });
                tables.collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// What is added to the context.
    pub(super) fn context(&self) -> Attributes {
        if self.prefix.is_empty() || self.rows().is_empty() {
            return Map::new();
        }
        Map::from_iter([(self.context_key(), self.outputs.clone())])
    }
}
