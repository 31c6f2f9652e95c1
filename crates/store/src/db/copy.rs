//! Every row of one database into another one of the same form.

use super::insert::insert_dynamic;
use super::{Database, Param, Row, Sql, Tx, open};
use crate::{Copied, Location, StoreError};

/// How many rows are read at once.
const PAGE: usize = 1000;

/// What belongs to the servers that are there, and to the library that migrates.
const LEFT_OUT: [&str; 3] = ["nodes", "sessions", "_sqlx_migrations"];

struct Form {
    table: String,
    columns: Vec<Column>,
    /// The columns of the key, by their places.
    key: Vec<usize>,
}

struct Column {
    name: String,
    holds: Holds,
}

#[derive(Clone, Copy)]
enum Holds {
    Number,
    Text,
    Bytes,
}

/// Copies what is there at one moment.
pub(crate) async fn copy(
    from: &Database,
    to: &Database,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Copied, StoreError> {
    let mut source = snapshot(from).await?;
    let mut target = to.begin().await?;
    let mut copied = Copied::default();
    for form in forms().await? {
        target.run(&Sql::with_all(format!("DELETE FROM {}", form.table), Vec::new())).await?;
        let mut last = None;
        loop {
            let rows = page(&mut source, &form, last.take()).await?;
            let count = rows.len();
            last = rows.last().cloned();
            let names: Vec<&str> = form.columns.iter().map(|column| column.name.as_str()).collect();
            insert_dynamic(&mut target, &form.table, &names, rows).await?;
            copied.rows += count as u64;
            progress(copied.rows);
            if count < PAGE {
                break;
            }
        }
        copied.tables += 1;
    }
    target.commit().await?;
    Ok(copied)
}

/// A transaction in which nothing changes.
async fn snapshot(database: &Database) -> Result<Tx, StoreError> {
    Ok(match database {
        Database::Sqlite { readers, .. } => Tx::Sqlite(readers.begin_with("BEGIN").await?),
        Database::Postgres(pool) => {
            Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
        }
    })
}

/// The tables as the migrations make them. They are read from a database of our own, so that no
/// name comes from a file that somebody gave us.
async fn forms() -> Result<Vec<Form>, StoreError> {
    let model = open(&Location::File(":memory:".into())).await?;
    let mut tx = model.begin().await?;
    let tables =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut forms = Vec::new();
    for row in tx.rows(&Sql::new(tables)).await? {
        let table = row.text(0)?;
        if !LEFT_OUT.contains(&table.as_str()) {
            forms.push(form(&mut tx, table).await?);
        }
    }
    drop(tx);
    model.close().await;
    Ok(forms)
}

async fn form(tx: &mut Tx, table: String) -> Result<Form, StoreError> {
    let question =
        Sql::new("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid").bind(table.clone());
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for (place, row) in tx.rows(&question).await?.iter().enumerate() {
        let holds = match row.text(1)?.as_str() {
            "TEXT" => Holds::Text,
            "BLOB" => Holds::Bytes,
            _ => Holds::Number,
        };
        columns.push(Column { name: row.text(0)?, holds });
        if row.int(2)? > 0 {
            key.push((row.int(2)?, place));
        }
    }
    key.sort_unstable();
    Ok(Form { table, columns, key: key.into_iter().map(|(_, place)| place).collect() })
}

type Values = Vec<Param<'static>>;

/// The rows behind the last one.
async fn page(source: &mut Tx, form: &Form, last: Option<Values>) -> Result<Vec<Values>, StoreError> {
    let names = |places: &mut dyn Iterator<Item = &Column>| {
        places.map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (all, key) =
        (names(&mut form.columns.iter()), names(&mut form.key.iter().map(|&place| &form.columns[place])));
    let mut behind = String::new();
    let mut params = Vec::new();
    if let Some(last) = last {
        params = form.key.iter().map(|&place| last[place].clone()).collect::<Vec<_>>();
        let marks: Vec<String> = (1..=params.len()).map(|number| format!("${number}")).collect();
        behind = format!(" WHERE ({key}) > ({})", marks.join(", "));
    }
    let text = format!("SELECT {all} FROM {}{behind} ORDER BY {key} LIMIT {PAGE}", form.table);
    let rows = source.rows(&Sql::with_all(text, params)).await?;
    rows.iter().map(|row| values(row, form)).collect()
}

fn values(row: &Row, form: &Form) -> Result<Values, StoreError> {
    let value = |(place, column): (usize, &Column)| {
        Ok(match column.holds {
            Holds::Number => row.int_if_any(place)?.into(),
            Holds::Text => row.text_if_any(place)?.into(),
            Holds::Bytes => row.bytes(place)?.into(),
        })
    };
    form.columns.iter().enumerate().map(value).collect()
}
