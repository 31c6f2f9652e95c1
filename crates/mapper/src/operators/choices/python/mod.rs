//! Values as Python sees them, and the expressions that `If-Elif` is written in.
//!
//! An expression is evaluated while it is read, all of it. Its holes, `#{path}`, are read
//! from a document. There is nothing in it that could repeat or reach anything else.

mod literals;
#[cfg(test)]
mod tests;
mod values;

use serde_json::{Map, Value};

use super::super::{Failure, FailureKind, cast};
use super::patterns::finds;
use crate::Path;
pub(super) use values::{Comparing, is_true, text};
use values::{Comparison, add, compare, number};

/// How deep an expression may be nested.
const DEPTH: usize = 60;

/// The value of an expression.
pub(super) fn evaluate(text: &str, document: &Value, comparing: Comparing) -> Result<Value, Failure> {
    let mut reader = Reader { text, at: 0, depth: 0, document, comparing };
    let value = reader.expression()?;
    reader.blanks();
    if reader.rest().is_empty() { Ok(value) } else { Err(reader.wrong("nothing more is expected")) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    document: &'a Value,
    comparing: Comparing,
}

type Read = Result<Value, Failure>;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn wrong(&self, message: &str) -> Failure {
        let position = self.text[..self.at].chars().count() + 1;
        Failure::new(FailureKind::Argument, format!("at character {position}: {message}"))
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Whether a sign comes next, which is then read.
    fn sign(&mut self, sign: &str) -> bool {
        self.blanks();
        let comes = self.rest().starts_with(sign);
        self.at += if comes { sign.len() } else { 0 };
        comes
    }

    fn expect(&mut self, sign: &str) -> Result<(), Failure> {
        if self.sign(sign) { Ok(()) } else { Err(self.wrong(&format!("`{sign}` is expected"))) }
    }

    /// The name that comes next; empty where none does.
    fn name(&mut self) -> &'a str {
        self.blanks();
        let rest = self.rest();
        let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Whether a word comes next, which is then read.
    fn word(&mut self, word: &str) -> bool {
        let comes = self.name() == word;
        self.at += if comes { word.len() } else { 0 };
        comes
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Read) -> Read {
        if self.depth == DEPTH {
            return Err(Failure::new(FailureKind::Limit, "an expression is nested too deeply"));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn expression(&mut self) -> Read {
        self.deeper(|reader| {
            let mut value = reader.conjunction()?;
            while reader.word("or") {
                let other = reader.conjunction()?;
                value = if is_true(&value) { value } else { other };
            }
            Ok(value)
        })
    }

    fn conjunction(&mut self) -> Read {
        let mut value = self.negation()?;
        while self.word("and") {
            let other = self.negation()?;
            value = if is_true(&value) { other } else { value };
        }
        Ok(value)
    }

    fn negation(&mut self) -> Read {
        if self.word("not") {
            return self.deeper(Self::negation).map(|value| Value::from(!is_true(&value)));
        }
        self.comparisons()
    }

    /// A chain such as `1 < x <= 9`: each value is compared to the next.
    fn comparisons(&mut self) -> Read {
        let mut left = self.sum()?;
        let mut holds = None;
        while let Some(operator) = self.comparison() {
            let right = self.sum()?;
            let this = compare(operator, &left, &right, self.comparing);
            holds = Some(holds.unwrap_or(true) && this);
            left = right;
        }
        Ok(holds.map_or(left, Value::from))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let signs = [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        if let Some((_, found)) = signs.into_iter().find(|(sign, _)| self.sign(sign)) {
            return Some(found);
        }
        if self.word("in") {
            return Some(Comparison::In);
        }
        let before = self.at;
        if self.word("not") && self.word("in") {
            return Some(Comparison::NotIn);
        }
        self.at = before;
        None
    }

    fn sum(&mut self) -> Read {
        let mut value = self.signed()?;
        while self.sign("+") {
            value = add(&value, &self.signed()?);
        }
        Ok(value)
    }

    fn signed(&mut self) -> Read {
        if !self.sign("-") {
            return self.atom();
        }
        let value = self.deeper(Self::signed)?;
        number(&value)
            .map(|number| cast::json_number(-number))
            .ok_or_else(|| self.wrong("`-` needs a number"))
    }

    fn atom(&mut self) -> Read {
        self.blanks();
        match self.rest().chars().next() {
            Some('(') => {
                self.at += 1;
                let value = self.expression()?;
                self.expect(")").map(|()| value)
            }
            Some('[') => self.list(),
            Some('{') => self.object(),
            Some('#') => self.hole(),
            Some('\'' | '"') => self.texts(),
            Some('0'..='9' | '.') => self.number(),
            _ => self.named(),
        }
    }

    fn list(&mut self) -> Read {
        self.expect("[")?;
        let mut items = Vec::new();
        while !self.sign("]") {
            items.push(self.expression()?);
            if !self.sign(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(Value::Array(items))
    }

    fn object(&mut self) -> Read {
        self.expect("{")?;
        let mut members = Map::new();
        while !self.sign("}") {
            let name = text(&self.expression()?);
            self.expect(":")?;
            members.insert(name, self.expression()?);
            if !self.sign(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Value::Object(members))
    }

    /// `#{path}`, null where nothing is there.
    fn hole(&mut self) -> Read {
        self.expect("#{")?;
        let end = self.rest().find('}').ok_or_else(|| self.wrong("`}` is missing"))?;
        let written = &self.rest()[..end];
        let path = Path::parse(written).map_err(|error| self.wrong(&error.to_string()))?;
        let found = path.resolve(self.document);
        if found.is_none() && written.contains(['(', '=']) {
            return Err(self.wrong("a hole may hold a path only"));
        }
        self.at += end + 1;
        Ok(found.unwrap_or_default())
    }

    /// A constant, a raw text or the one function.
    fn named(&mut self) -> Read {
        let name = self.name();
        let constant = match name {
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            "null" | "None" => Value::Null,
            "regex_match" => return self.regex_match(),
            "r" | "R" => return self.raw_text(),
            "" => return Err(self.wrong("a value is expected")),
            other => return Err(self.wrong(&format!("there is no `{other}`"))),
        };
        self.at += name.len();
        Ok(constant)
    }

    fn regex_match(&mut self) -> Read {
        self.at += "regex_match".len();
        self.expect("(")?;
        let pattern = self.expression()?;
        self.expect(",")?;
        let text = self.expression()?;
        self.sign(",");
        self.expect(")")?;
        let Value::String(pattern) = pattern else { return Err(self.wrong("a pattern must be a text")) };
        // What is no text does not match, like all that cannot be compared.
        let Ok(text) = cast::text(&text) else { return Ok(Value::Bool(false)) };
        finds(&pattern, self.comparing.flags, self.comparing.whole, &text).map(Value::from)
    }
}
