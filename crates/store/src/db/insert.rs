//! Many rows at once: as few statements as possible, of few different lengths, so that each is
//! prepared once.

use std::fmt::Write as _;

use super::{Param, Sql, Tx};
use crate::StoreError;

/// How many rows one statement has. PostgreSQL takes 65,535 parameters, SQLite 32,766.
const LENGTHS: [usize; 4] = [64, 16, 4, 1];

/// A table and the columns that are written.
pub(crate) struct Table<const N: usize> {
    pub(crate) name: &'static str,
    pub(crate) columns: [&'static str; N],
}

/// Writes the rows in their order.
pub(crate) async fn insert<const N: usize>(
    tx: &mut Tx,
    table: &Table<N>,
    rows: Vec<[Param<'_>; N]>,
) -> Result<(), StoreError> {
    insert_all(tx, table.name, &table.columns, rows).await
}

/// The same where the columns are found out. Names must be ours.
pub(super) async fn insert_dynamic(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Param<'_>>>,
) -> Result<(), StoreError> {
    insert_all(tx, table, columns, rows).await
}

async fn insert_all<'a>(
    tx: &mut Tx,
    table: &str,
    columns: &[&str],
    rows: Vec<impl IntoIterator<Item = Param<'a>>>,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter();
    for length in LENGTHS {
        while rows.len() >= length {
            let params = rows.by_ref().take(length).flatten().collect();
            tx.run(&Sql::with_all(statement(table, columns, length), params)).await?;
        }
    }
    Ok(())
}

fn statement(table: &str, columns: &[&str], length: usize) -> String {
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    for row in 0..length {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to memory does not fail.
            let _ = write!(text, "{comma}${}", row * columns.len() + column + 1);
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_own_parameters() {
        assert_eq!(statement("t", &["a", "b"], 2), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
    }
}
