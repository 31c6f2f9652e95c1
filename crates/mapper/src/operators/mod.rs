//! The operator table: every filter and transformer, once, for XSOAR files and native
//! mappers alike. Each row has its names, arguments, null rule, a sentence and examples
//! that are tests.
//!
//! Families are modules of one table each; [`find`] looks in all of them.

mod apply;
mod call;
mod cast;
mod choices;
mod dates;
mod dt;
mod encoding;
mod filters;
mod lists;
mod networks;
mod numbers;
mod objects;
mod patterns;
mod templates;
mod text;

use std::collections::HashMap;
use std::sync::LazyLock;

use provost_core::{Flaw, did_you_mean};
use serde_json::Value;

pub(crate) use apply::{passes, transform};
pub use call::Environment;
pub(crate) use call::{Call, Failure, FailureKind};
pub(crate) use cast::text;
pub(crate) use dates::instant;

/// One operator.
#[derive(Debug)]
pub struct Operator {
    /// The name in XSOAR's files.
    pub name: &'static str,
    /// Other names under which it is found in files.
    pub aliases: &'static [&'static str],
    /// What it works on.
    pub kind: Kind,
    /// Its arguments. A filter has one, its right side.
    pub arguments: &'static [Argument],
    /// What it does with nothing.
    pub null: OnNull,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// What goes in and comes out.
    pub examples: &'static [Example],
    pub(crate) run: fn(&Call<'_>) -> Result<Value, Failure>,
}

/// What an operator works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One value; on a list, each of its items.
    Item,
    /// A whole list; a single value is a list of one.
    List,
    /// A whole value, list or not.
    Whole,
    /// One value with a yes or no; on a list, yes if any item passes.
    Filter,
    /// A whole value, list or not, with a yes or no.
    WholeFilter,
}

/// What an operator does with nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnNull {
    /// It is not called; nothing stays nothing.
    Stays,
    /// It is called: with null, or with an empty list if it works on lists.
    Called,
}

/// An argument of an operator.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it must be.
    pub kind: ArgumentKind,
    /// Its value where it is not given.
    pub default: Option<&'static str>,
}

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Any text.
    Text,
    /// A text that fills its own holes, so that `${...}` in it is left alone.
    Raw,
    /// A number, or a text that is one.
    Number,
    /// `true` or `false`, or a text that is one.
    Boolean,
    /// Anything.
    Any,
}

/// An example: the value (or left side), the arguments, and the result, all as JSON. A
/// result that begins with `!` is a failure.
#[derive(Debug)]
pub struct Example {
    /// What goes in.
    pub value: &'static str,
    /// The arguments by name.
    pub arguments: &'static [(&'static str, &'static str)],
    /// What comes out.
    pub gives: &'static str,
}

impl Argument {
    const fn of(name: &'static str, kind: ArgumentKind) -> Self {
        Self { name, kind, default: None }
    }

    /// The same argument with a value for where it is not given.
    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

impl Example {
    const fn of(
        value: &'static str,
        arguments: &'static [(&'static str, &'static str)],
        gives: &'static str,
    ) -> Self {
        Self { value, arguments, gives }
    }
}

/// The operators that look at the whole document, where they fill holes.
const SEE_DOCUMENT: [&str; 3] = ["ConcatFormat", "FormatTemplate", "replaceMatch"];

/// The operators whose result depends on the moment or on chance.
const SEE_MOMENT: [&str; 9] = [
    "AfterRelativeDate",
    "BeforeRelativeDate",
    "BetweenDates",
    "BetweenHours",
    "DT",
    "DateStringToISOFormat",
    "FormattedDateToEpoch",
    "ModifyDateTime",
    "TimeComponents",
];

/// Scripts of the product that are no operators here, and why.
const LEFT_OUT: [(&str, &str); 1] =
    [("JsonToTable", "tables in Markdown are not made: no attribute of an account is one")];

/// Families that run patterns and scripts.
const COSTLY: [&[Operator]; 3] = [patterns::OPERATORS, choices::OPERATORS, dt::OPERATORS];

/// All families.
const FAMILIES: [&[Operator]; 12] = [
    text::OPERATORS,
    patterns::OPERATORS,
    encoding::OPERATORS,
    lists::OPERATORS,
    objects::OPERATORS,
    numbers::OPERATORS,
    dates::OPERATORS,
    choices::OPERATORS,
    templates::OPERATORS,
    filters::OPERATORS,
    networks::OPERATORS,
    dt::OPERATORS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Operator>> = LazyLock::new(|| {
    let names = |operator: &'static Operator| {
        std::iter::once(operator.name)
            .chain(operator.aliases.iter().copied())
            .map(move |name| (name, operator))
    };
    all().flat_map(names).collect()
});

/// Every operator, family by family.
pub fn all() -> impl Iterator<Item = &'static Operator> {
    FAMILIES.into_iter().flatten()
}

/// The operator of a name as files write it: with or without an old category before a
/// point, such as `string.concat`.
///
/// # Errors
/// An unknown name; the text names operators that are near.
pub fn find(name: &str) -> Result<&'static Operator, String> {
    known(name).map_err(|flaw| flaw.to_string())
}

/// The same, for readers of files.
pub(crate) fn known(name: &str) -> Result<&'static Operator, Flaw> {
    let short = name.rsplit('.').next().unwrap_or(name);
    // The two pairs that the old category tells apart are aliases of their own.
    let found = BY_NAME.get(name).or_else(|| BY_NAME.get(short));
    found.copied().ok_or_else(|| {
        if name.is_empty() {
            return Flaw::new("this needs an `operator`");
        }
        let near = || {
            did_you_mean(short, all().map(|operator| operator.name)).filter(|hint| hint.starts_with("did"))
        };
        let left_out = LEFT_OUT.iter().find(|(name, _)| *name == short).map(|(_, why)| (*why).to_owned());
        Flaw::new(format!("there is no operator `{name}`")).with_optional_hint(left_out.or_else(near))
    })
}

/// The nearest of many names as the end of a message; nothing if none is near.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = did_you_mean(name, known).filter(|hint| hint.starts_with("did"));
    near.map(|hint| format!("; {hint}")).unwrap_or_default()
}

impl Operator {
    /// Whether it answers yes or no.
    pub fn is_filter(&self) -> bool {
        matches!(self.kind, Kind::Filter | Kind::WholeFilter)
    }

    /// Whether it may look at any member of the document.
    pub(crate) fn sees_document(&self) -> bool {
        SEE_DOCUMENT.contains(&self.name)
    }

    /// Whether it needs to know the moment.
    pub(crate) fn sees_moment(&self) -> bool {
        SEE_MOMENT.contains(&self.name)
    }

    /// Whether one call may take long.
    pub(crate) fn is_costly(&self) -> bool {
        COSTLY.into_iter().flatten().any(|costly| costly.name == self.name) || self.name.ends_with("atch")
    }

    /// Where an argument stands.
    pub fn position(&self, argument: &str) -> Option<usize> {
        self.arguments.iter().position(|known| known.name.eq_ignore_ascii_case(argument))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// What an example gives, with `!` and the reason for a failure.
    fn outcome(operator: &'static Operator, example: &Example) -> String {
        let mut arguments = vec![None; operator.arguments.len()];
        for (name, value) in example.arguments {
            let position = operator.position(name).unwrap_or_else(|| panic!("{}: {name}", operator.name));
            arguments[position] = Some(json(value));
        }
        let (value, environment) =
            (Some(json(example.value)).filter(|value| !value.is_null()), Environment::fixed());
        let result = if operator.is_filter() {
            passes(operator, value.as_ref(), &arguments, false, &environment)
                .map(|passes| Some(Value::from(passes)))
        } else {
            transform(operator, value, &arguments, &Value::Null, &environment)
        };
        match result {
            Ok(value) => value.unwrap_or_default().to_string(),
            Err(failure) => format!("!{}", failure.message),
        }
    }

    #[test]
    fn every_example_is_true() {
        for operator in all() {
            assert!(!operator.examples.is_empty(), "{} has no example", operator.name);
            for example in operator.examples {
                let got = outcome(operator, example);
                match example.gives.strip_prefix('!') {
                    Some(reason) => assert!(
                        got.starts_with('!') && got.contains(reason),
                        "{} {example:?}: {got}",
                        operator.name
                    ),
                    None => assert_eq!(
                        json(got.trim_start_matches('!')),
                        json(example.gives),
                        "{} {example:?}",
                        operator.name
                    ),
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_sentences_are_sentences() {
        let mut names = BTreeSet::new();
        for operator in all() {
            for name in std::iter::once(&operator.name).chain(operator.aliases) {
                assert!(names.insert(*name), "{name} is there twice");
            }
            assert!(operator.about.ends_with('.'), "{}: {}", operator.name, operator.about);
        }
    }

    #[test]
    fn what_looks_at_the_document_or_the_moment_is_listed() {
        let (now, later) = (Environment::fixed(), Environment { now: jiff::Timestamp::UNIX_EPOCH, seed: 1 });
        let (one, other) = (serde_json::json!({"x": "1"}), serde_json::json!({"x": "2"}));
        for row in all() {
            for (value, argument) in
                [("today", None), ("10:00", None), ("1999-01-01", Some("1 day ago")), ("${x}", Some("${x}"))]
            {
                let arguments = vec![argument.map(Value::from); row.arguments.len()];
                let run = |document, environment| {
                    let value = Value::from(value);
                    if row.is_filter() {
                        passes(row, Some(&value), &arguments, false, environment)
                            .map(|passes| Some(Value::from(passes)))
                    } else {
                        transform(row, Some(value), &arguments, document, environment)
                    }
                };
                assert!(row.sees_moment() || run(&one, &now) == run(&one, &later), "{}", row.name);
                assert!(row.sees_document() || run(&one, &now) == run(&other, &now), "{}", row.name);
            }
        }
        for name in SEE_DOCUMENT.iter().chain(&SEE_MOMENT) {
            assert_eq!(find(name).map(|row| row.name), Ok(*name));
        }
    }

    #[test]
    fn old_categories_and_near_names() {
        assert_eq!(find("string.concat").map(|found| found.name), Ok("concat"));
        assert_eq!(find("string.isEqual").map(|found| found.name), Ok("isEqualString"));
        assert_eq!(find("conct").unwrap_err(), "there is no operator `conct`; did you mean `concat`?");
        assert!(find("JsonToTable").unwrap_err().contains("tables in Markdown are not made"));
        assert_eq!(find("").unwrap_err(), "this needs an `operator`");
    }
}
