//! The rows of all tables.

use jiff::Timestamp;

use super::columns::{Definition, Kind, SYS_ID, TABLES, table};
use super::record::{Record, folded};
use super::refusal::Refusal;
use crate::moment::with_a_blank;
use crate::number::hexadecimal;
use crate::table::{Place, Table};

/// What there is from the start, by table.
const NAMES: [(&str, &[&str]); 4] = [
    ("cmn_department", &["Engineering", "Finance", "Sales"]),
    ("cmn_cost_center", &["Engineering", "Finance", "Sales"]),
    ("cmn_location", &["Oslo"]),
    ("core_company", &["Example"]),
];

/// The number of `sys_user` among the tables.
const USERS: usize = 0;
/// The number of `sys_user_grmember`.
const MEMBERS: usize = 2;
/// The number of `sys_dictionary`.
const DICTIONARY: usize = 3;

/// The instance.
pub(super) struct Instance {
    tables: Vec<Table<Record>>,
    /// How many rows were ever made: what ids are made of.
    made: u64,
}

impl Instance {
    /// An instance with so many people.
    pub(super) fn with_people(count: usize, now: Timestamp) -> Self {
        let tables = TABLES.iter().map(|table| Table::new(table.columns.len())).collect();
        let mut instance = Self { tables, made: 0 };
        for described in &TABLES {
            instance.describe(described, now);
        }
        for (name, rows) in NAMES {
            let number = table(name).expect("these tables are in the list");
            for row in rows {
                instance.seed(number, &[("name", row)], now);
            }
        }
        for number in 1..=count {
            instance.person(number, now);
        }
        instance
    }

    /// Puts a table's columns into the dictionary; the first row is the table itself.
    fn describe(&mut self, described: &Definition, now: Timestamp) {
        let whole =
            [("name", described.name), ("sys_name", described.label), ("internal_type", "collection")];
        self.seed(DICTIONARY, &whole, now);
        for column in described.columns {
            let reference = if let Kind::Reference(table) = column.kind { table } else { "" };
            let values = [
                ("name", described.name),
                ("element", column.name),
                ("column_label", column.label),
                ("sys_name", column.label),
                ("internal_type", column.kind.name()),
                ("reference", reference),
                ("max_length", if reference.is_empty() { "100" } else { "32" }),
                ("unique", if column.is_unique { "true" } else { "false" }),
                ("read_only", if column.is_read_only { "true" } else { "false" }),
            ];
            self.seed(DICTIONARY, &values, now);
        }
    }

    fn person(&mut self, number: usize, now: Timestamp) {
        let digits = format!("{number:04}");
        let email = format!("user{digits}@example.com");
        let values = [
            ("user_name", email.as_str()),
            ("email", &email),
            ("first_name", "User"),
            ("last_name", &digits),
            ("employee_number", &digits),
        ];
        self.seed(USERS, &values, now);
    }

    fn seed(&mut self, table: usize, values: &[(&str, &str)], now: Timestamp) {
        let mut record = Record::new(&TABLES[table]);
        for (name, value) in values {
            record.set(name, value);
        }
        self.add(table, record, now).expect("what is there from the start differs");
    }

    /// The rows of a table.
    pub(super) fn table(&self, table: usize) -> &Table<Record> {
        &self.tables[table]
    }

    /// The row of this id.
    pub(super) fn find(&self, table: usize, id: &str) -> Option<(Place, &Record)> {
        self.tables[table].found(SYS_ID, id).next()
    }

    /// The row that a reference leads to.
    pub(super) fn referenced(&self, kind: Kind, id: &str) -> Option<&Record> {
        let Kind::Reference(name) = kind else { return None };
        self.find(table(name)?, id).map(|(_, record)| record)
    }

    /// The first row of a table that people see as this.
    pub(super) fn displayed(&self, name: &str, display: &str) -> Option<&Record> {
        let number = table(name)?;
        let definition = &TABLES[number];
        let column = definition.column(definition.display)?;
        let found = self.tables[number].found(column, &folded(&definition.columns[column], display)).next();
        found.map(|(_, record)| record)
    }

    /// Puts a new row into a table.
    ///
    /// # Errors
    /// A value that another row has and only one may have.
    pub(super) fn add(
        &mut self,
        table: usize,
        mut record: Record,
        now: Timestamp,
    ) -> Result<&Record, Refusal> {
        self.made += 1;
        record.set("sys_id", &hexadecimal(self.made, 32));
        let moment = with_a_blank(now);
        for (name, value) in
            [("sys_created_on", moment.as_str()), ("sys_created_by", "admin"), ("sys_mod_count", "0")]
        {
            record.set(name, value);
        }
        stamp(&mut record, &moment);
        self.check(table, &record, None)?;
        let place = self.tables[table].add(record);
        Ok(self.tables[table].get(place).expect("it was just put there"))
    }

    /// Puts a row in the place of its old form.
    ///
    /// # Errors
    /// As with [`Instance::add`].
    pub(super) fn put(
        &mut self,
        table: usize,
        place: Place,
        mut record: Record,
        now: Timestamp,
    ) -> Result<&Record, Refusal> {
        self.check(table, &record, Some(place))?;
        let count = record.get("sys_mod_count").parse::<u64>().unwrap_or_default() + 1;
        record.set("sys_mod_count", &count.to_string());
        stamp(&mut record, &with_a_blank(now));
        self.tables[table].put(place, record);
        Ok(self.tables[table].get(place).expect("it was just put there"))
    }

    /// Takes a row away, and with a user or a group who is in it.
    pub(super) fn remove(&mut self, table: usize, place: Place) {
        let Some(gone) = self.tables[table].remove(place) else { return };
        for name in ["user", "group"] {
            let Some(column) = TABLES[MEMBERS].column(name) else { continue };
            let members = self.tables[MEMBERS].places(column, gone.id()).to_vec();
            for member in members {
                self.tables[MEMBERS].remove(member);
            }
        }
    }

    fn check(&self, table: usize, record: &Record, own: Option<Place>) -> Result<(), Refusal> {
        let definition = &TABLES[table];
        for (number, column) in definition.columns.iter().enumerate().filter(|(_, column)| column.is_unique) {
            let owner = self.tables[table].place(number, &folded(column, record.at(number)));
            if owner.is_some() && owner != own {
                return Err(Refusal::aborted(definition, column.name));
            }
        }
        Ok(())
    }
}

/// What the instance sets whenever a row is written.
fn stamp(record: &mut Record, moment: &str) {
    record.set("sys_updated_on", moment);
    record.set("sys_updated_by", "admin");
    let name = format!("{} {}", record.get("first_name"), record.get("last_name"));
    if !name.trim().is_empty() {
        record.set("name", name.trim());
    }
}
