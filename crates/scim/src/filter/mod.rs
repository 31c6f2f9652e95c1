//! The filter language (RFC 7644, section 3.4.2.2): what a filter says.
//!
//! `parse` reads it, `holds` tries it on a resource. Other systems have borrowed the
//! language for their own names; [`Filter::all_tests`] lets them judge each test themselves.

mod holds;
mod parse;

use serde_json::Value;

pub use self::parse::FilterError;
use crate::{Path, ResourceType};

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// One of them holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// An attribute has such a value.
    Test(Test),
    /// One of an attribute's values is as the inner filter says.
    Element(Path, Box<Filter>),
}

/// A test of one attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The attribute.
    pub path: Path,
    /// How it is compared.
    pub operator: Operator,
    /// What it is compared with; null where the operator is [`Operator::Present`].
    pub value: Value,
    /// Whether the case of letters counts.
    pub is_case_exact: bool,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `co`
    Contains,
    /// `sw`
    StartsWith,
    /// `ew`
    EndsWith,
    /// `pr`
    Present,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

impl Operator {
    /// The operators with their words.
    const WORDS: [(&'static str, Self); 10] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("co", Self::Contains),
        ("sw", Self::StartsWith),
        ("ew", Self::EndsWith),
        ("pr", Self::Present),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
    ];

    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, operator)| *operator)
    }
}

impl Filter {
    /// The same with names as a resource's schemas write them, and with what they say about
    /// the case of letters. Names that no schema has stay as they are: nobody has them.
    #[must_use]
    pub fn named_by(self, resource: &ResourceType) -> Self {
        self.renamed(&|path| named(path, resource))
    }

    fn renamed(self, name: &dyn Fn(Path) -> (Path, bool)) -> Self {
        match self {
            Self::And(a, b) => Self::And(Box::new(a.renamed(name)), Box::new(b.renamed(name))),
            Self::Or(a, b) => Self::Or(Box::new(a.renamed(name)), Box::new(b.renamed(name))),
            Self::Not(inner) => Self::Not(Box::new(inner.renamed(name))),
            Self::Test(test) => {
                let (path, is_case_exact) = name(test.path);
                Self::Test(Test { path, is_case_exact, ..test })
            }
            Self::Element(path, inner) => {
                let (path, _) = name(path);
                let parent = path.clone();
                let inner = inner.renamed(&|path| name_within(&parent, path, name));
                Self::Element(path, Box::new(inner))
            }
        }
    }

    /// Whether the filter holds, when each test is judged by the caller.
    pub fn all_tests(&self, judge: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::And(a, b) => a.all_tests(judge) && b.all_tests(judge),
            Self::Or(a, b) => a.all_tests(judge) || b.all_tests(judge),
            Self::Not(inner) => !inner.all_tests(judge),
            Self::Test(test) => judge(test),
            Self::Element(_, inner) => inner.all_tests(judge),
        }
    }

    /// The first test that the caller finds wrong.
    pub fn first_wrong<'a>(&'a self, is_wrong: &impl Fn(&Test) -> bool) -> Option<&'a Test> {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.first_wrong(is_wrong).or_else(|| b.first_wrong(is_wrong)),
            Self::Not(inner) | Self::Element(_, inner) => inner.first_wrong(is_wrong),
            Self::Test(test) => is_wrong(test).then_some(test),
        }
    }

    /// A text that an attribute must be equal to wherever the filter holds: what an index
    /// can be asked for. The caller knows which attributes it has an index of.
    pub fn must_equal<K>(&self, key: &impl Fn(&Path) -> Option<K>) -> Option<(K, &str)> {
        match self {
            Self::And(a, b) => a.must_equal(key).or_else(|| b.must_equal(key)),
            Self::Test(Test { path, operator: Operator::Equal, value: Value::String(text), .. }) => {
                key(path).map(|key| (key, text.as_str()))
            }
            _ => None,
        }
    }
}

/// A path within the values of another: `type` in `emails[type eq "work"]`.
fn name_within(parent: &Path, path: Path, name: &dyn Fn(Path) -> (Path, bool)) -> (Path, bool) {
    let (whole, is_case_exact) = name(Path { sub: Some(path.attribute.clone()), ..parent.clone() });
    let attribute = whole.sub.unwrap_or(path.attribute);
    (Path { schema: None, attribute, sub: path.sub }, is_case_exact)
}

fn named(path: Path, resource: &ResourceType) -> (Path, bool) {
    let Some(found) = path.find(resource) else { return (path, false) };
    let compared = found.sub.or_else(|| found.attribute.sub_attribute("value")).unwrap_or(found.attribute);
    let named = Path {
        schema: found.extension.map(str::to_owned),
        attribute: found.attribute.name.to_owned(),
        sub: found.sub.map(|sub| sub.name.to_owned()),
    };
    (named, compared.is_case_exact)
}
