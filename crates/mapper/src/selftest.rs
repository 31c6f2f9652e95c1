//! The examples in a mapper's own file, and what they leave untried.

use std::collections::HashSet;

use provost_core::{Profile, Verb};
use serde_json::{Map, Value};

use crate::Path;
use crate::effects::{Answers, ROUNDS, Request};
use crate::evaluate::Evaluation;
use crate::operators::Environment;
use crate::plan::{COMMON_TYPE, Direction, Field, Mapper, Rule, SelfTest};
use crate::run::{Mapped, Purpose, Which};

/// What stands for a secret in `expect`.
const GENERATED: &str = "[generated]";

impl Mapper {
    /// Runs the examples and says of each that fails what came out instead.
    pub fn failing_tests(&self) -> Vec<String> {
        let numbered = self.tests.iter().enumerate();
        numbered
            .filter_map(|(index, test)| self.failure(test).map(|why| format!("test {}: {why}", index + 1)))
            .collect()
    }

    /// The fields that no example sets, and the rules that none takes.
    pub fn untested(&self) -> Vec<String> {
        let mut touched: HashSet<*const Rule> = HashSet::new();
        for test in &self.tests {
            let document = Value::Object(self.source(&test.given));
            let (environment, answers) = (Environment::fixed(), Answers::default());
            let evaluation = Evaluation::new(&document, &environment, &answers);
            let rules = self.touched(self.which(test), evaluation);
            touched.extend(rules.into_iter().map(std::ptr::from_ref));
        }
        let is_touched = |rule: &Rule| touched.contains(&std::ptr::from_ref(rule));
        let fields =
            self.types.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (name, field)));
        fields.flat_map(|(name, field)| untouched(name, field, is_touched)).collect()
    }

    fn failure(&self, test: &SelfTest) -> Option<String> {
        let mapped = match self.settled(test) {
            Ok(mapped) => mapped,
            Err(problem) => return Some(problem),
        };
        if let Some(error) = mapped.errors.first() {
            return Some(error.to_string());
        }
        difference(&test.expect, &mapped.output)
    }

    fn which<'a>(&self, test: &'a SelfTest) -> Which<'a> {
        match (&test.type_name, self.direction) {
            (Some(name), _) => Which::OfType(name),
            (None, Direction::Incoming) => Which::For(Purpose::Incoming),
            (None, Direction::Outgoing) => Which::For(Purpose::Outgoing(test.on.unwrap_or(Verb::Update))),
        }
    }

    /// What the mapper reads: a profile has its members in any spelling, as in a command.
    fn source(&self, given: &Map<String, Value>) -> Map<String, Value> {
        match (self.direction, Profile::from_value(Value::Object(given.clone()))) {
            (Direction::Outgoing, Ok(profile)) => profile.mapping_source(),
            _ => given.clone(),
        }
    }

    /// The mapping with every request answered from the test's accounts.
    fn settled(&self, test: &SelfTest) -> Result<Mapped, String> {
        let document = Value::Object(self.source(&test.given));
        let environment = Environment::fixed();
        let mut answers = Answers::default();
        for _ in 0..ROUNDS {
            let mapped = self.run_which(self.which(test), Evaluation::new(&document, &environment, &answers));
            if mapped.requests.is_empty() {
                return Ok(mapped);
            }
            for request in mapped.requests {
                let answer = answer(&request, &test.accounts)?;
                answers.add(request, answer);
            }
        }
        Err("there is no end to what it asks".to_owned())
    }
}

/// What a system with these accounts would answer. Texts are compared without case, as
/// systems do.
fn answer(request: &Request, accounts: &[Map<String, Value>]) -> Result<Option<Value>, String> {
    let with = |attribute: &str, value: &str| {
        accounts.iter().find(|account| {
            let shown = account.get(attribute).and_then(Value::as_str);
            shown.is_some_and(|shown| shown.to_lowercase() == value.to_lowercase())
        })
    };
    match request {
        Request::Unique { by, candidates } => match candidates.iter().find(|value| with(by, value).is_none())
        {
            Some(free) => Ok(Some(Value::from(free.as_str()))),
            None => Err(format!("every value for `{by}` is taken")),
        },
        Request::Reference { find, take, must_exist } => {
            match find.iter().find_map(|(attribute, value)| with(attribute, value)) {
                None if *must_exist => Err(format!("nobody has {}", find_in_words(find))),
                found => Ok(found
                    .and_then(|account| Path::parse(take).ok()?.resolve(&Value::Object(account.clone())))),
            }
        }
        Request::Secret { .. } => Ok(Some(Value::from(GENERATED))),
    }
}

fn find_in_words(find: &[(String, String)]) -> String {
    find.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", nor ")
}

/// The members in which two objects differ, in words.
fn difference(expected: &Map<String, Value>, got: &Map<String, Value>) -> Option<String> {
    let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    let unexpected = got.keys().filter(|name| !expected.contains_key(*name));
    let differing: Vec<String> = expected
        .keys()
        .chain(unexpected)
        .map(|name| (name, expected.get(name), got.get(name)))
        .filter(|(_, expected, got)| expected != got)
        .map(|(name, expected, got)| format!("`{name}`: expected {}, got {}", shown(expected), shown(got)))
        .collect();
    (!differing.is_empty()).then(|| differing.join("; "))
}

/// What of a field is untouched: all of it, or some of its rules.
fn untouched(type_name: &str, field: &Field, is_touched: impl Fn(&Rule) -> bool) -> Vec<String> {
    let name = match type_name {
        COMMON_TYPE => format!("`{}`", field.target),
        _ => format!("`{}` of `{type_name}`", field.target),
    };
    let rules: Vec<usize> =
        field.rules.iter().enumerate().filter(|(_, rule)| !is_touched(rule)).map(|(at, _)| at + 1).collect();
    if rules.len() == field.rules.len() {
        return vec![name];
    }
    rules.iter().map(|rule| format!("rule {rule} of {name}")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_no_test_touches_is_named() {
        let text = "mapper: T\ndirection: outgoing\nfields:\n  a: x\n  b: y\n  c: {value: x, on: create}\n  \
                    d: {rules: [{value: x, when: y}, {value: z, when: x}, \"'n'\"]}\n  \
                    e: {rules: [{value: x, when: y}, {value: x, when: y}]}\n\
                    types: {User Profile - Create: {f: x}, User Profile - Disable: {g: x}}\n";
        let cases = [
            (
                "tests: []",
                vec![
                    "`a`",
                    "`b`",
                    "`c`",
                    "`d`",
                    "`e`",
                    "`f` of `User Profile - Create`",
                    "`g` of `User Profile - Disable`",
                ],
            ),
            (
                "tests: [{given: {x: 1}, expect: {a: 1}}, {given: {}, expect: {}, on: create}]",
                vec![
                    "`b`",
                    "`c`",
                    "rule 1 of `d`",
                    "`e`",
                    "`f` of `User Profile - Create`",
                    "`g` of `User Profile - Disable`",
                ],
            ),
            (
                "tests: [{given: {x: 1, y: 2}, expect: {}, on: create}]",
                vec!["rule 2 of `d`", "rule 3 of `d`", "rule 2 of `e`", "`g` of `User Profile - Disable`"],
            ),
            (
                "tests: [{given: {x: 1, y: 2}, expect: {}, type: User Profile - Disable}]",
                vec![
                    "`c`",
                    "rule 2 of `d`",
                    "rule 3 of `d`",
                    "rule 2 of `e`",
                    "`f` of `User Profile - Create`",
                ],
            ),
        ];
        for (tests, expected) in cases {
            let mapper = Mapper::load(Path::new("t.yaml"), &format!("{text}{tests}")).expect(tests);
            assert_eq!(mapper.untested(), expected, "{tests}");
        }
    }
}
