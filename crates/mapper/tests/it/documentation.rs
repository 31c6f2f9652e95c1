//! The examples of the guide to mappers: every row of its tables of expressions and rules,
//! and every mapper in it.

use std::io;
use std::path::Path;

use provost_mapper::{Environment, Mapper};
use serde_json::{Map, Value};

/// The pages of the guide. The first tells the profile and the tables of the examples.
const PAGES: [&str; 5] =
    ["mappers/expressions.md", "mappers/native.md", "mappers.md", "mappers/bench.md", "mappers/xsoar.md"];

/// All pages, one after the other.
fn guide() -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let read = |page| std::fs::read_to_string(docs.join(page)).expect("the page is there");
    PAGES.map(read).join("\n")
}

/// The blocks of a language, in their order.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// The part of a page from one heading to the next of the same depth.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let depth = heading.split(' ').next().unwrap_or_default();
    let rest = page.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("{heading}"));
    rest.split(&format!("\n{depth} ")).next().unwrap_or_default()
}

/// What stands in backquotes in a cell.
fn codes(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(|code| code.replace("\\|", "|")).collect()
}

/// The rows of all tables whose first line begins so, as their first two cells.
fn rows(page: &str, head: &str) -> Vec<(Vec<String>, String)> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        inside = line.starts_with(head) || inside && line.starts_with('|');
        let hidden = line.replace("\\|", "\u{0}");
        let mut cells = hidden.trim_matches('|').split('|').map(|cell| cell.trim().replace('\u{0}', "|"));
        let (first, second) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if inside && !line.starts_with(head) && !first.starts_with("--") {
            rows.push((codes(&first), second));
        }
    }
    rows
}

struct Bench {
    profile: Value,
    tables: String,
    csv: String,
}

impl Bench {
    fn of(page: &str) -> Self {
        let profile = blocks(page, "json")[0];
        let tables = section(page, "## Tables");
        Self {
            profile: serde_json::from_str(profile).expect("the profile is JSON"),
            tables: blocks(tables, "yaml")[0].to_owned(),
            csv: blocks(tables, "csv")[0].to_owned(),
        }
    }

    fn load(&self, text: &str) -> Mapper {
        let read = |file: &Path| {
            let is_there = file.ends_with("sites.csv");
            if is_there { Ok(self.csv.clone()) } else { Err(io::Error::other("no such file")) }
        };
        Mapper::load_with(Path::new("docs.yaml"), text, &read)
            .unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// What an expression gives; nothing where its target is left out.
    fn value(&self, expression: &str, profile: &Value) -> Option<Value> {
        self.result(&format!("{{value: {}}}", Value::from(expression)), profile)
    }

    /// What a rule gives.
    fn result(&self, rule: &str, profile: &Value) -> Option<Value> {
        let tables = &self.tables;
        let mapper =
            self.load(&format!("mapper: Docs\ndirection: outgoing\nfields:\n  out: {rule}\n{tables}"));
        let mut mapped = mapper.run_type("Docs", profile, &Environment::fixed());
        assert_eq!(mapped.errors, [], "{rule}");
        mapped.output.shift_remove("out")
    }
}

#[test]
fn every_row_of_expressions_is_true() {
    let page = guide();
    let bench = Bench::of(&page);
    let rows = rows(&page, "| Expression | Gives |");
    assert!(rows.len() > 70, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (expressions, gives) in rows {
        let gives = codes(&gives);
        assert_eq!(expressions.len(), gives.len(), "{expressions:?}");
        for (expression, gives) in expressions.iter().zip(gives) {
            let expected: Value =
                serde_json::from_str(&gives).unwrap_or_else(|error| panic!("{gives}: {error}"));
            let got = bench.value(expression, &bench.profile);
            if got.as_ref() != Some(&expected) {
                wrong.push(format!("{expression}: {got:?} instead of {gives}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_rules_is_true() {
    let page = guide();
    let bench = Bench::of(&page);
    let rows = rows(&page, "| Rule | Gives |");
    assert!(rows.len() > 7, "{} rows", rows.len());
    for (rules, gives) in rows {
        assert_eq!(bench.result(&rules[0], &bench.profile), expected(&gives), "{rules:?}");
    }
}

/// What a cell says: a value in backquotes, or that there is none.
fn expected(cell: &str) -> Option<Value> {
    let code = (cell != "left out").then(|| cell.trim_matches('`'));
    code.map(|code| serde_json::from_str(code).expect(code))
}

#[test]
fn every_row_of_what_is_missing_is_true() {
    let page = guide();
    let bench = Bench::of(&page);
    let rows = rows(&page, "| Expression | `surname` missing or null |");
    assert!(rows.len() > 10, "{} rows", rows.len());
    let profiles = [Map::new(), Map::from_iter([("surname".to_owned(), Value::Null)])].map(Value::Object);
    for (expressions, gives) in rows {
        let results: Vec<&str> = gives.split(", ").collect();
        for (expression, gives) in expressions.iter().zip(results) {
            for profile in &profiles {
                assert_eq!(bench.value(expression, profile), expected(gives), "{expression} {profile}");
            }
        }
    }
}

#[test]
fn every_mapper_is_fine() {
    let page = guide();
    let bench = Bench::of(&page);
    let mappers = blocks(&page, "yaml");
    let mut found = 0;
    for block in mappers {
        let text = match block {
            whole if whole.starts_with("mapper:") => whole.to_owned(),
            fields if fields.starts_with("fields:") => format!("mapper: Docs\ndirection: outgoing\n{fields}"),
            _ => continue,
        };
        let failing = bench.load(&text).failing_tests();
        assert!(failing.is_empty(), "{failing:?}");
        found += 1;
    }
    assert!(found >= 10, "{found} mappers");
}
