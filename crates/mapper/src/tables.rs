//! The tables of a mapper, which `lookup` looks in: written in its file, or beside it as
//! CSV. Files are read by the caller.

use std::collections::HashMap;
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{Serde, Value as Jinja};
use provost_core::did_you_mean;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Reads a file whole, as text.
pub type ReadFile<'a> = dyn Fn(&Path) -> io::Result<String> + 'a;

/// The largest file that is read as a table, in bytes.
pub const LARGEST_TABLE: usize = 10 << 20;

/// Tables by name.
#[derive(Debug, Clone, Default)]
pub struct Tables(Arc<IndexMap<String, Table>>);

/// Values by key.
pub(crate) type Table = HashMap<String, Jinja>;

/// A table as it is written.
#[derive(Debug)]
pub(crate) enum Written {
    /// Keys and values.
    Here(IndexMap<String, Value>),
    /// A file.
    Csv(Csv),
}

/// A file of rows; its first line names the columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Csv {
    /// Its path from the mapper's folder.
    #[serde(rename = "csv")]
    file: String,
    /// The column of the keys.
    key: String,
    /// The column of the values; without it, a value is the row as an object.
    #[serde(default)]
    take: Option<String>,
}

type Result<T> = std::result::Result<T, String>;

impl Tables {
    pub(crate) fn new(tables: IndexMap<String, Table>) -> Self {
        Self(Arc::new(tables))
    }

    /// The table of a name.
    ///
    /// # Errors
    /// A name that none has.
    pub(crate) fn get(&self, name: &str) -> Result<&Table> {
        self.0.get(name).ok_or_else(|| {
            let hint = did_you_mean(name, self.0.keys().map(String::as_str));
            let hint =
                hint.map_or_else(|| "; tables stand under `tables`".to_owned(), |hint| format!("; {hint}"));
            format!("there is no table `{name}`{hint}")
        })
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let members = IndexMap::<String, Value>::deserialize(deserializer)?;
        if !members.contains_key("csv") {
            return Ok(Self::Here(members));
        }
        let members: Map<String, Value> = members.into_iter().collect();
        Csv::deserialize(Value::Object(members)).map(Self::Csv).map_err(serde::de::Error::custom)
    }
}

impl Written {
    /// The table; `folder` is the mapper's.
    ///
    /// # Errors
    /// A file that is not there or is no table.
    pub(crate) fn read(self, folder: &Path, read: &ReadFile<'_>) -> Result<Table> {
        match self {
            Self::Here(members) => {
                let values = members.into_iter().filter(|(_, value)| !value.is_null());
                Ok(values.map(|(key, value)| (key, Jinja::from(Serde(&value)))).collect())
            }
            Self::Csv(csv) => csv.read(folder, read),
        }
    }
}

impl Csv {
    fn read(&self, folder: &Path, read: &ReadFile<'_>) -> Result<Table> {
        let file = Path::new(&self.file);
        let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !file.components().all(is_below) {
            return Err(format!("`{}` must lie in the mapper's folder or below", self.file));
        }
        let text =
            read(&folder.join(file)).map_err(|error| format!("could not read `{}`: {error}", self.file))?;
        if text.len() > LARGEST_TABLE {
            return Err(format!("`{}` is larger than {} MB", self.file, LARGEST_TABLE >> 20));
        }
        self.table(&text).map_err(|problem| format!("`{}`: {problem}", self.file))
    }

    fn table(&self, text: &str) -> Result<Table> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = reader.headers().map_err(|error| flaw(&error))?.clone();
        let key = column(&columns, &self.key)?;
        let take = self.take.as_deref().map(|name| column(&columns, name)).transpose()?;
        let mut table = Table::new();
        for row in reader.records() {
            let row = row.map_err(|error| flaw(&error))?;
            let line = row.position().map_or(0, csv::Position::line);
            let name = row.get(key).filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| format!("line {line}: there is no `{}`", self.key))?;
            let value = match take {
                Some(take) => cell(row.get(take)),
                None => Some(whole(&columns, &row)),
            };
            // A key without a value is kept, so that it cannot be there twice.
            let value = value.map_or(Jinja::UNDEFINED, |value| Jinja::from(Serde(&value)));
            if table.insert(name.to_owned(), value).is_some() {
                return Err(format!("line {line}: `{name}` is there twice"));
            }
        }
        table.retain(|_, value| !value.is_undefined());
        Ok(table)
    }
}

/// Why a line is no row.
fn flaw(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line}: {len} values, but {expected_len} columns")
        }
        _ => error.to_string(),
    }
}

fn column(columns: &csv::StringRecord, name: &str) -> Result<usize> {
    columns.iter().position(|column| column == name).ok_or_else(|| {
        let hint = did_you_mean(name, columns).map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("there is no column `{name}`{hint}")
    })
}

fn cell(text: Option<&str>) -> Option<Value> {
    text.filter(|text| !text.is_empty()).map(Value::from)
}

/// A row as an object, without its empty cells.
fn whole(columns: &csv::StringRecord, row: &csv::StringRecord) -> Value {
    let cells = columns.iter().zip(row);
    cells.filter_map(|(name, text)| cell(Some(text)).map(|value| (name.to_owned(), value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(written: Value, text: &str) -> Result<Table> {
        let written = Written::deserialize(written).map_err(|error| error.to_string())?;
        written.read(Path::new("folder"), &|file| {
            let is_there =
                ["folder/sites.csv", "folder/a/b.csv"].iter().any(|known| file == Path::new(known));
            if is_there { Ok(text.to_owned()) } else { Err(io::Error::other("no such file")) }
        })
    }

    fn json(table: &Table, key: &str) -> Value {
        table.get(key).map_or(Value::Null, |value| serde_json::to_value(value).unwrap())
    }

    #[test]
    fn files_are_read_by_column() {
        let sites = "\u{feff}code, region,name\nOSL,EMEA,\"Oslo, \"\"S\"\"\"\n\nNYC,AMER,\nX,,\n";
        let cases = [
            (json!({"csv": "sites.csv", "key": "code", "take": "region"}), "OSL", json!("EMEA")),
            (json!({"csv": "./a/b.csv", "key": "code", "take": "region"}), "NYC", json!("AMER")),
            (json!({"csv": "sites.csv", "key": "code", "take": "region"}), "X", json!(null)),
            (json!({"csv": "sites.csv", "key": "code", "take": "region"}), "osl", json!(null)),
            (json!({"csv": "sites.csv", "key": "region", "take": "name"}), "EMEA", json!("Oslo, \"S\"")),
            (json!({"csv": "sites.csv", "key": "code"}), "NYC", json!({"code": "NYC", "region": "AMER"})),
            (json!({"EMEA": 1, "b": {"c": [2]}}), "b", json!({"c": [2]})),
        ];
        for (written, key, expected) in cases {
            let text = if written["key"] == "region" { &sites[..sites.len() - 4] } else { sites };
            assert_eq!(
                table(written.clone(), text).map(|table| json(&table, key)),
                Ok(expected),
                "{written}"
            );
        }
    }

    #[test]
    fn files_that_are_no_tables_are_refused() {
        let large = "a".repeat(LARGEST_TABLE + 1);
        let cases = [
            ("sites.csv", "code", "code\nA\nB\nA\n", "line 4: `A` is there twice"),
            ("sites.csv", "code", "code,x\nA,1\n,2\n", "line 3: there is no `code`"),
            ("sites.csv", "cdoe", "code\nA\n", "there is no column `cdoe`; did you mean `code`?"),
            ("sites.csv", "code", "code,x\nA\n", "`sites.csv`: line 2: 1 values, but 2 columns"),
            ("sites.csv", "code", "", "there is no column `code`"),
            ("sites.csv", "code", &large, "is larger than 10 MB"),
            ("other.csv", "code", "", "could not read `other.csv`: no such file"),
            ("/etc/passwd", "code", "", "must lie in the mapper's folder"),
            ("../sites.csv", "code", "", "must lie in the mapper's folder"),
            ("a/../../sites.csv", "code", "", "must lie in the mapper's folder"),
        ];
        for (file, key, text, expected) in cases {
            let problem = table(json!({"csv": file, "key": key}), text).expect_err(expected);
            assert!(problem.contains(expected), "{file}: {problem}");
        }
        let problem = table(json!({"csv": "sites.csv", "key": "code", "tkae": "x"}), "").expect_err("a typo");
        assert!(problem.contains("tkae"), "{problem}");
    }
}
