//! The examples in a mapper's own file, and what they leave untried.

use std::collections::HashSet;

use provost_core::Verb;
use serde_json::Value;

use crate::operators::Environment;
use crate::plan::{COMMON_TYPE, Direction, Field, Mapper, Rule, SelfTest};
use crate::run::Purpose;

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
            let given = Value::Object(test.given.clone());
            let (type_name, purpose) = (test.type_name.as_deref(), self.purpose_of(test));
            let rules = self.touched(&given, type_name, purpose, &Environment::fixed());
            touched.extend(rules.into_iter().map(std::ptr::from_ref));
        }
        let is_touched = |rule: &Rule| touched.contains(&std::ptr::from_ref(rule));
        let fields =
            self.types.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (name, field)));
        fields.flat_map(|(name, field)| untouched(name, field, is_touched)).collect()
    }

    fn failure(&self, test: &SelfTest) -> Option<String> {
        let given = Value::Object(test.given.clone());
        let environment = Environment::fixed();
        let mapped = match &test.type_name {
            Some(name) => self.run_type(name, &given, &environment),
            None => self.run(&given, self.purpose_of(test), &environment),
        };
        if let Some(error) = mapped.errors.first() {
            return Some(error.to_string());
        }
        let (got, expected) = (Value::Object(mapped.output), Value::Object(test.expect.clone()));
        (got != expected).then(|| format!("expected {expected}, got {got}"))
    }

    fn purpose_of(&self, test: &SelfTest) -> Purpose {
        match self.direction {
            Direction::Incoming => Purpose::Incoming,
            Direction::Outgoing => Purpose::Outgoing(test.on.unwrap_or(Verb::Update)),
        }
    }
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
