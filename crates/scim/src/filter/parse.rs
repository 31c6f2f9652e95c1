//! Reads filters, by descent. How deep they nest is bounded.

use std::str::FromStr;

use serde_json::Value;

use super::{Filter, Operator, Test};
use crate::Path;

/// How deep filters may nest.
const DEPTH: usize = 32;
/// How many conditions a filter may have. Each is a step deeper for whoever tries it.
const LENGTH: usize = 500;

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// What was wanted.
    wanted: &'static str,
    /// What stands there, to the end.
    rest: String,
}

impl std::fmt::Display for FilterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.rest.as_str() {
            "" => write!(f, "the filter ends where {} should stand", self.wanted),
            rest => write!(f, "the filter has `{rest}` where {} should stand", self.wanted),
        }
    }
}

impl std::error::Error for FilterError {}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let mut reader = Reader { rest: text.trim(), depth: 0, conditions: 0 };
        let filter = reader.either()?;
        if reader.rest.is_empty() { Ok(filter) } else { Err(reader.wanted("`and`, `or` or the end")) }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    conditions: usize,
}

impl<'a> Reader<'a> {
    fn wanted(&self, wanted: &'static str) -> FilterError {
        FilterError { wanted, rest: self.rest.to_owned() }
    }

    fn either(&mut self) -> Result<Filter, FilterError> {
        let mut filter = self.both()?;
        while self.word("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.both()?));
        }
        Ok(filter)
    }

    fn both(&mut self) -> Result<Filter, FilterError> {
        let mut filter = self.one()?;
        while self.word("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.one()?));
        }
        Ok(filter)
    }

    fn one(&mut self) -> Result<Filter, FilterError> {
        self.conditions += 1;
        if self.conditions > LENGTH {
            return Err(self.wanted("nothing more, as it is too long,"));
        }
        if self.sign('(') {
            return self.nested(')');
        }
        if let Some(after) = self.after_word("not").map(str::trim_start).filter(|rest| rest.starts_with('('))
        {
            self.rest = after[1..].trim_start();
            return Ok(Filter::Not(Box::new(self.nested(')')?)));
        }
        let path = self.path()?;
        if self.sign('[') {
            return Ok(Filter::Element(path, Box::new(self.nested(']')?)));
        }
        self.test(path)
    }

    /// A filter within brackets that are open.
    fn nested(&mut self, close: char) -> Result<Filter, FilterError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.wanted("nothing more, as it nests too deep,"));
        }
        let filter = self.either()?;
        self.depth -= 1;
        if self.sign(close) { Ok(filter) } else { Err(self.wanted("a closing bracket")) }
    }

    fn path(&mut self) -> Result<Path, FilterError> {
        let text = self.until(|c| c.is_whitespace() || "()[]\"".contains(c));
        let path = Path::parse(text).ok_or_else(|| self.wanted("an attribute"))?;
        self.pass(text.len());
        Ok(path)
    }

    fn test(&mut self, path: Path) -> Result<Filter, FilterError> {
        let word = self.until(|c| !c.is_ascii_alphabetic());
        let operator = Operator::of(word).ok_or_else(|| self.wanted("an operator such as `eq`"))?;
        self.pass(word.len());
        let value = if operator == Operator::Present { Value::Null } else { self.value()? };
        Ok(Filter::Test(Test { path, operator, value, is_case_exact: false }))
    }

    /// A JSON text, number, truth value or null.
    fn value(&mut self) -> Result<Value, FilterError> {
        let mut values = serde_json::Deserializer::from_str(self.rest).into_iter::<Value>();
        let value = match values.next() {
            Some(Ok(value)) if !value.is_object() && !value.is_array() => value,
            _ => return self.bare_truth().ok_or_else(|| self.wanted("a value such as \"text\"")),
        };
        let length = values.byte_offset();
        self.pass(length);
        Ok(value)
    }

    /// Truth values in the case of letters of some other language.
    fn bare_truth(&mut self) -> Option<Value> {
        let truths = [("true", true), ("false", false)];
        truths.into_iter().find_map(|(word, truth)| self.word(word).then_some(Value::Bool(truth)))
    }

    fn until(&self, is_end: impl Fn(char) -> bool) -> &'a str {
        &self.rest[..self.rest.find(is_end).unwrap_or(self.rest.len())]
    }

    fn pass(&mut self, length: usize) {
        self.rest = self.rest[length..].trim_start();
    }

    fn sign(&mut self, sign: char) -> bool {
        let is_there = self.rest.starts_with(sign);
        if is_there {
            self.pass(sign.len_utf8());
        }
        is_there
    }

    fn word(&mut self, word: &str) -> bool {
        let after = self.after_word(word);
        if let Some(after) = after {
            self.rest = after.trim_start();
        }
        after.is_some()
    }

    /// What follows a word, in any case of letters, that ends here.
    fn after_word(&self, word: &str) -> Option<&'a str> {
        let (head, after) = self.rest.split_at_checked(word.len())?;
        let ends = after.chars().next().is_none_or(|next| next.is_whitespace() || "()[]".contains(next));
        (ends && head.eq_ignore_ascii_case(word)).then_some(after)
    }
}
