//! The sum of all people's changes, an attribute a line. Its size is that of the mappers,
//! not of the input.

use indexmap::IndexMap;
use provost_mapper::compare::{Kind, Person};

use crate::output::{self, Cell};

/// What changes, counted.
#[derive(Default)]
pub(super) struct Summary {
    /// How many people change.
    pub(super) people: u64,
    attributes: IndexMap<String, Attribute>,
}

/// An attribute's people, and what changes for the first of them.
struct Attribute {
    counts: [u64; Kind::ALL.len()],
    example: String,
}

impl Summary {
    pub(super) fn add(&mut self, person: &Person) {
        self.people += 1;
        for change in &person.changes {
            let attribute = self.attributes.entry(change.attribute.clone()).or_insert_with(|| {
                let (before, after) = change.shown();
                Attribute { counts: [0; Kind::ALL.len()], example: format!("{before} → {after}") }
            });
            let place = Kind::ALL.iter().position(|kind| *kind == change.kind());
            attribute.counts[place.expect("all kinds are listed")] += 1;
        }
    }

    /// The table, the attribute of the most people first.
    pub(super) fn table(&self) -> String {
        let mut rows: Vec<(u64, Vec<Cell>)> =
            self.attributes.iter().map(|(name, one)| row(name, one)).collect();
        rows.sort_by_key(|(people, _)| std::cmp::Reverse(*people));
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(|(_, row)| row).collect();
        let kinds = Kind::ALL.map(Kind::as_str);
        let headings: Vec<&str> =
            ["attribute", "people"].into_iter().chain(kinds).chain(["example"]).collect();
        output::table(&headings, &rows)
    }
}

fn row(name: &str, attribute: &Attribute) -> (u64, Vec<Cell>) {
    let people: u64 = attribute.counts.iter().sum();
    let count = |count: u64| if count == 0 { String::new() } else { count.to_string() };
    let mut row: Vec<Cell> = vec![name.into(), people.to_string().into()];
    row.extend(attribute.counts.iter().map(|number| Cell::from(count(*number))));
    row.push(attribute.example.as_str().into());
    (people, row)
}
