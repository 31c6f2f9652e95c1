//! People whose profiles were seen.

use jiff::Timestamp;
use serde_json::Value;

use crate::db::{Row, Sql, Tx};
use crate::{Store, StoreError};

/// A person, as the newest command about them had them.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// An id of the store's own.
    pub id: String,
    /// What commands call them: the mail address or, without one, the user name or another id.
    /// In lower case.
    pub person: String,
    /// What people call them.
    pub name: String,
    /// The profile, without secrets.
    pub profile: Value,
    /// When it was seen.
    pub updated: Timestamp,
}

impl Person {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(0)?,
            person: row.text(1)?,
            name: row.text(2)?,
            profile: row.json(3)?,
            updated: row.time(4)?,
        })
    }
}

const QUESTION: &str = "SELECT id, person, name, profile, updated FROM people";

/// Keeps a person; what was known before stays where the new profile does not say it.
pub(crate) async fn keep(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let known =
        Sql::new("SELECT profile, name FROM people").with(" WHERE person = ", person.person.as_str(), "");
    let (mut profile, mut name) = match tx.row(&known).await? {
        Some(row) => (row.json::<Value>(0)?, row.text(1)?),
        None => (Value::Object(serde_json::Map::new()), String::new()),
    };
    if let (Some(profile), Some(new)) = (profile.as_object_mut(), person.profile.as_object()) {
        profile.extend(new.clone());
    }
    if !person.name.is_empty() {
        name.clone_from(&person.name);
    }
    let sql = Sql::new(
        "INSERT INTO people (id, person, name, profile, updated) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (person) DO UPDATE SET name = excluded.name, profile = excluded.profile, \
         updated = excluded.updated",
    );
    let sql = sql.bind(person.id.as_str()).bind(person.person.as_str()).bind(name);
    tx.run(&sql.bind(profile.to_string()).bind(person.updated)).await?;
    Ok(())
}

impl Store {
    /// A new id for somebody who may not be known yet.
    pub fn new_person_id(&self) -> String {
        self.new_id()
    }

    /// Somebody by the store's id, or by what commands call them.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn person(&self, id: &str) -> Result<Option<Person>, StoreError> {
        let sql =
            Sql::new(QUESTION).with(" WHERE id = ", id, "").with(" OR person = ", id.to_lowercase(), "");
        self.database.row(&sql).await?.as_ref().map(Person::read).transpose()
    }

    /// A page of the people whose address or name begins so, in the order of their addresses.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn people(
        &self,
        search: &str,
        after: Option<&str>,
        size: u64,
    ) -> Result<Vec<Person>, StoreError> {
        let mut sql = Sql::new(QUESTION).add(" WHERE TRUE");
        if !search.is_empty() {
            let pattern = format!("{}%", escaped(&search.to_lowercase()));
            sql = sql.with(" AND (person LIKE ", pattern.clone(), " ESCAPE '!'");
            sql = sql.with(" OR LOWER(name) LIKE ", pattern, " ESCAPE '!')");
        }
        if let Some(after) = after {
            sql = sql.with(" AND person > ", after.to_owned(), "");
        }
        let sql = sql.with(" ORDER BY person LIMIT ", size, "");
        self.database.rows(&sql).await?.iter().map(Person::read).collect()
    }
}

/// A text of which `LIKE` takes nothing as a pattern.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if matches!(c, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(c);
        escaped
    })
}
