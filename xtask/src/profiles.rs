//! Made-up user profiles, a line each, for the bench: about 800 bytes and 30 fields. The
//! same count gives the same bytes on every machine. Nobody in them is real.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};

const USAGE: &str = "usage: cargo xtask profiles COUNT [--out FILE]";

/// How a field's value is made.
enum Make {
    /// One of these.
    Word(&'static [&'static str]),
    /// A mark, and digits.
    Code(&'static str, u64),
    /// A number below this.
    Number(u64),
    Flag,
    /// A day, as reports of personnel systems write it.
    Day,
    /// A mark, the profile's own number, and what follows it.
    Own(&'static str, &'static str),
}

const GIVEN: &[&str] = &["Ann", "Bo", "Ånn", "Bø", "Anñ", "Αnn", "Бо", "安"];
const SURNAMES: &[&str] = &["Example", "Sample", "Exåmple", "Sämple", "Éxample", "Пример", "例"];
const TITLES: &[&str] = &["Senior Platform Engineer", "Account Manager", "Head of Støtte", "Analyst II"];
const DEPARTMENTS: &[&str] =
    &["Research & Development", "Sales EMEA", "Økonomi", "Customer Success", "Facilities"];
const CITIES: &[&str] = &["Oslo", "Tromsø", "Zürich", "Lisboa", "Springfield"];
const STREETS: &[&str] = &["Example Street 12", "Storgata 1 B", "Beispielweg 7", "Rua do Exemplo 40"];
const EMPLOYEE_TYPES: &[&str] = &["Regular Full-Time", "Contractor", "Intern"];

/// Each field: its name, how often of a hundred it is not there or null, and how it is made.
const FIELDS: [(&str, u64, Make); 31] = [
    ("email", 0, Make::Own("ann.", "@example.com")),
    ("username", 0, Make::Own("ann.", "@corp.example.com")),
    ("givenname", 0, Make::Word(GIVEN)),
    ("surname", 0, Make::Word(SURNAMES)),
    ("displayname", 4, Make::Own("Ann Example ", "")),
    ("title", 6, Make::Word(TITLES)),
    ("employeeid", 0, Make::Own("E", "")),
    ("employeenumber", 3, Make::Code("N", 1_000_000)),
    ("department", 3, Make::Word(DEPARTMENTS)),
    ("division", 5, Make::Word(&["Northern Europe", "Corporate", "Región Sur"])),
    ("organization", 2, Make::Word(&["Example Corporation", "Example Holding AS"])),
    ("leadership", 40, Make::Word(&["Yes", "No"])),
    ("costcenter", 4, Make::Code("Cost Center ", 900)),
    ("costcentercode", 4, Make::Code("CC-", 9_000)),
    ("jobcode", 5, Make::Code("J", 400)),
    ("jobfamily", 10, Make::Word(&["Engineering", "Finance", "Operations"])),
    ("jobfunction", 12, Make::Word(&["Individual Contributor", "Management"])),
    ("employeetype", 2, Make::Word(EMPLOYEE_TYPES)),
    ("peoplemanagerflag", 5, Make::Word(&["Y", "N"])),
    ("manageremailaddress", 8, Make::Own("bo.", "@example.com")),
    ("location", 4, Make::Word(CITIES)),
    ("locationregion", 4, Make::Word(&["EMEA", "Americas", "APAC"])),
    ("streetaddress", 6, Make::Word(STREETS)),
    ("zipcode", 6, Make::Code("0", 9_999)),
    ("countryname", 3, Make::Word(&["Norway", "Schweiz", "Portugal"])),
    ("countrycodenumber", 5, Make::Code("", 999)),
    ("mobilephone", 10, Make::Code("+47 555 01 ", 9_999)),
    ("hiredate", 1, Make::Day),
    ("employmentstatus", 0, Make::Word(&["Active", "Active", "Leave of Absence"])),
    ("sourcepriority", 1, Make::Number(4)),
    ("isprocessed", 1, Make::Flag),
];

/// Writes profiles as the arguments of the program ask for.
pub(crate) fn write() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (count, file) = match words.as_slice() {
        [count] => (count, None),
        [count, "--out", file] => (count, Some(*file)),
        _ => bail!(USAGE),
    };
    let count: u64 = count.parse().with_context(|| format!("`{count}` is no number; {USAGE}"))?;
    let out: Box<dyn Write> = match file {
        Some(file) => Box::new(File::create(file).with_context(|| format!("could not write `{file}`"))?),
        None => Box::new(io::stdout().lock()),
    };
    write_to(&mut BufWriter::new(out), count).context("could not write the profiles")
}

fn write_to(out: &mut impl Write, count: u64) -> io::Result<()> {
    let mut draw = Draw(1);
    for number in 0..count {
        serde_json::to_writer(&mut *out, &profile(number, &mut draw))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// A person. Of the values that are missing, one in three is null.
fn profile(number: u64, draw: &mut Draw) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, missing, make) in &FIELDS {
        let value = make.value(number, draw);
        if draw.below(100) >= *missing {
            members.insert((*name).to_owned(), value);
        } else if draw.below(3) == 0 {
            members.insert((*name).to_owned(), Value::Null);
        }
    }
    members
}

impl Make {
    fn value(&self, number: u64, draw: &mut Draw) -> Value {
        let random = draw.next();
        match self {
            Self::Word(words) => {
                Value::from(words[usize::try_from(random).unwrap_or_default() % words.len()])
            }
            Self::Code(mark, below) => Value::from(format!("{mark}{:04}", random % below)),
            Self::Number(below) => Value::from(random % below),
            Self::Flag => Value::from(random.is_multiple_of(2)),
            Self::Day => Value::from(format!(
                "{:02}/{:02}/20{:02}",
                random % 12 + 1,
                random / 12 % 28 + 1,
                random / 336 % 26
            )),
            Self::Own(mark, after) => Value::from(format!("{mark}{number:07}{after}")),
        }
    }
}

/// Numbers that look random and are the same every time: a linear congruence, of which the
/// upper half is taken.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_have_the_size_of_real_ones_and_are_always_the_same() {
        let text = |count| {
            let mut out = Vec::new();
            write_to(&mut out, count).map(|()| String::from_utf8(out).unwrap_or_default())
        };
        let (first, more) = (text(1_000).expect("memory"), text(1_001).expect("memory"));
        assert!(more.starts_with(&first));
        assert!((750..850).contains(&(first.len() / 1_000)), "{}", first.len());
        let members: usize = first
            .lines()
            .map(|line| serde_json::from_str::<Map<_, Value>>(line).expect("an object").len())
            .sum();
        assert!((29..=31).contains(&(members / 1_000)), "{members}");
        assert!(first.contains("null") && first.contains('ø'));
    }
}
