//! A row of a table.

use super::columns::{Column, Definition, Kind, SYS_ID};
use crate::table::Row;

/// A row: a text for each column.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) table: &'static Definition,
    values: Vec<Box<str>>,
}

impl Record {
    /// A row of defaults.
    pub(super) fn new(table: &'static Definition) -> Self {
        Self { table, values: table.columns.iter().map(|column| column.default.into()).collect() }
    }

    /// A value by the number of its column.
    pub(super) fn at(&self, column: usize) -> &str {
        &self.values[column]
    }

    /// A value by the name of its column; of one that there is not, the empty text.
    pub(super) fn get(&self, name: &str) -> &str {
        self.table.column(name).map_or("", |column| self.at(column))
    }

    /// The row's id.
    pub(super) fn id(&self) -> &str {
        self.at(SYS_ID)
    }

    /// What stands for the row where people see it.
    pub(super) fn display(&self) -> &str {
        self.get(self.table.display)
    }

    /// Sets a value by the name of its column.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        if let Some(column) = self.table.column(name) {
            self.values[column] = value.into();
        }
    }
}

/// The form in which a value stands in an index.
pub(super) fn folded(column: &Column, value: &str) -> String {
    match column.kind {
        Kind::Id | Kind::Reference(_) => value.to_owned(),
        _ => value.to_lowercase(),
    }
}

impl Row for Record {
    fn keys(&self) -> Vec<(usize, String)> {
        let columns = self.table.columns.iter().zip(&self.values).enumerate();
        let indexed = columns.filter(|(_, (column, value))| column.is_indexed && !value.is_empty());
        indexed.map(|(number, (column, value))| (number, folded(column, value))).collect()
    }
}
