//! What commands answer that are not about one person: an object or a list of them under a
//! path of their own. The original calls it a command result.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::markdown_table;
use crate::Attributes;

/// An answer with its place in the context.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandResult {
    /// The path in the context, such as `GetGroup`; empty for an answer that has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The members that tell one object from another, such as `id`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// An object, or a list of them.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub outputs: Value,
    /// What stands above the table.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The members that people see, in order; all of the first object's where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What people see in the place of the objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
}

/// What people see of a result that is not its objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// A sentence.
    Text(String),
    /// Tables, one under the other.
    Tables(Vec<ShownTable>),
}

/// A table for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownTable {
    /// What stands above it.
    pub title: String,
    /// The headings, in order.
    pub columns: Vec<String>,
    /// Objects with the headings as names.
    pub rows: Vec<Value>,
}

impl CommandResult {
    /// The same without the objects: how they are printed.
    #[must_use]
    pub fn layout(&self) -> Self {
        let Self { prefix, keys, outputs: _, title, columns, shown } = self.clone();
        Self { prefix, keys, outputs: Value::Null, title, columns, shown }
    }

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let table = ShownTable {
            title: "Members".to_owned(),
            columns: vec!["value".to_owned()],
            rows: vec![json!({"value": "7"})],
        };
        let full = CommandResult {
            prefix: "GetGroup".to_owned(),
            keys: vec!["id".to_owned()],
            outputs: json!([{"id": "1"}]),
            title: "Groups".to_owned(),
            columns: vec!["id".to_owned()],
            shown: Some(Shown::Tables(vec![table])),
        };
        let text = CommandResult { shown: Some(Shown::Text("done".to_owned())), ..CommandResult::default() };
        for result in [full.clone(), full.layout(), text, CommandResult::default()] {
            let written = json!(result);
            assert_eq!(
                serde_json::from_value::<CommandResult>(written.clone()).unwrap(),
                result,
                "{written}"
            );
        }
        assert_eq!(json!(CommandResult::default()), json!({}), "what is empty is left out");
    }
}
