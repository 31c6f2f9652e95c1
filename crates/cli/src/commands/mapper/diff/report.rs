//! What is printed of a comparison, and when: the first people after the sum, or all of
//! them as they come.

use provost_mapper::compare::{Change, Person};

use super::summary::Summary;
use crate::args::Format;
use crate::output::{self, Cell};
use crate::streams::Out;

/// How people are printed.
enum Form {
    /// As many, when all are counted.
    First(usize),
    /// Each at once.
    All(Out),
    Jsonl(Out),
    /// A list, an element at once.
    Json(Out),
}

/// A comparison as it is printed.
pub(super) struct Report {
    form: Form,
    first: Vec<Person>,
    pub(super) summary: Summary,
}

impl Report {
    /// For people: the first `limit`, or all where there is none.
    pub(super) fn new(format: Format, limit: Option<usize>) -> Self {
        let form = match (format, limit) {
            (Format::Json, _) => Form::Json(Out::new()),
            (Format::Jsonl, _) => Form::Jsonl(Out::new()),
            (_, Some(limit)) => Form::First(limit),
            (_, None) => Form::All(Out::new()),
        };
        Self { form, first: Vec::new(), summary: Summary::default() }
    }

    /// Whether people are printed before the end.
    pub(super) fn streams(&self) -> bool {
        !matches!(self.form, Form::First(_))
    }

    /// Takes a person; false when nobody reads on.
    pub(super) fn take(&mut self, person: Person) -> anyhow::Result<bool> {
        self.summary.add(&person);
        match &mut self.form {
            Form::First(limit) if self.first.len() < *limit => self.first.push(person),
            Form::First(_) => {}
            Form::All(out) => {
                for change in &person.changes {
                    if !out.write(&line(&person.name, change))? {
                        return Ok(false);
                    }
                }
            }
            Form::Jsonl(out) => return out.write(&format!("{}\n", person.as_json())),
            Form::Json(out) => {
                let before = if self.summary.people == 1 { "[\n" } else { ",\n" };
                return out.write(&format!("{before}{}", person.as_json()));
            }
        }
        Ok(true)
    }

    /// Prints what is left, after `compared` people.
    pub(super) fn finish(self, compared: u64) -> anyhow::Result<()> {
        let people = self.summary.people;
        match self.form {
            Form::Jsonl(out) => drop(out.finish()?),
            Form::Json(mut out) => {
                let end = if people == 0 { "[]\n" } else { "\n]\n" };
                let _ = out.write(end)? && out.finish()?;
            }
            Form::All(out) => {
                if out.finish()? {
                    output::say(&format!(
                        "{}{}",
                        if people == 0 { "" } else { "\n" },
                        sum(&self.summary, compared)
                    ));
                }
            }
            Form::First(_) => {
                output::say(&sum(&self.summary, compared));
                if !self.first.is_empty() {
                    output::say(&format!("\n{}", table(&self.first)));
                }
                let more = people - self.first.len() as u64;
                if more > 0 {
                    output::hint(&format!("{more} more people change; `--all` shows everybody"));
                }
            }
        }
        Ok(())
    }
}

fn sum(summary: &Summary, compared: u64) -> String {
    let of = if compared == 1 { "person" } else { "people" };
    match summary.people {
        0 => format!("nothing changes for {compared} {of}"),
        1 => format!("1 of {compared} {of} changes\n\n{}", summary.table()),
        people => format!("{people} of {compared} {of} change\n\n{}", summary.table()),
    }
}

fn table(people: &[Person]) -> String {
    let rows: Vec<Vec<Cell>> = people.iter().flat_map(rows).collect();
    output::table(&["person", "attribute", "before", "after"], &rows)
}

/// The person's name stands in the first row only.
fn rows(person: &Person) -> Vec<Vec<Cell>> {
    let row = |(place, change): (usize, &Change)| {
        let (before, after) = change.shown();
        let name = if place == 0 { person.name.as_str() } else { "" };
        vec![name.into(), change.attribute.as_str().into(), before.into(), after.into()]
    };
    person.changes.iter().enumerate().map(row).collect()
}

fn line(name: &str, change: &Change) -> String {
    let (before, after) = change.shown();
    let line = format!("{name}  {}: {before} → {after}", change.attribute);
    output::clean(&line).replace('\n', " ") + "\n"
}
