//! Texts and numbers as Python writes them.

use serde_json::{Number, Value};

use super::{Read, Reader};
use crate::operators::Failure;

impl Reader<'_> {
    /// A text; several in a row are one.
    pub(super) fn texts(&mut self) -> Read {
        let mut all = String::new();
        while let Some(quote @ ('\'' | '"')) = self.rest().chars().next() {
            self.text_to(quote, false, &mut all)?;
            self.blanks();
        }
        Ok(Value::from(all))
    }

    fn text_to(&mut self, quote: char, raw: bool, all: &mut String) -> Result<(), Failure> {
        let mut characters = self.rest()[1..].chars();
        loop {
            match characters.next() {
                Some(c) if c == quote => break,
                Some('\\') if raw => {
                    all.push('\\');
                    all.extend(characters.next());
                }
                Some('\\') => characters = escape(characters.as_str(), all).chars(),
                Some(c) => all.push(c),
                None => return Err(self.wrong("a quote is not closed")),
            }
        }
        self.at = self.text.len() - characters.as_str().len();
        Ok(())
    }

    pub(super) fn number(&mut self) -> Read {
        let rest = self.rest();
        let is_exponent = |at: usize| rest[..at].ends_with(['e', 'E']);
        let end = rest
            .char_indices()
            .find(|(at, c)| {
                !(c.is_ascii_alphanumeric() || *c == '.' || (*c == '+' || *c == '-') && is_exponent(*at))
            })
            .map_or(rest.len(), |(at, _)| at);
        let written = &rest[..end];
        let whole = written.parse::<i64>().ok().map(Value::from);
        let value =
            whole.or_else(|| written.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number));
        let value = value.ok_or_else(|| self.wrong("this is no number"))?;
        self.at += end;
        Ok(value)
    }

    pub(super) fn raw_text(&mut self) -> Read {
        self.at += 1;
        match self.rest().chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let mut all = String::new();
                self.text_to(quote, true, &mut all)?;
                Ok(Value::from(all))
            }
            _ => Err(self.wrong("a text is expected")),
        }
    }
}

/// Reads what follows a backslash; gives the rest.
fn escape<'a>(rest: &'a str, all: &mut String) -> &'a str {
    let mut characters = rest.chars();
    let plain = match characters.next() {
        Some('\n') => return characters.as_str(),
        Some(c @ ('\\' | '\'' | '"')) => c,
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('a') => '\u{7}',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('v') => '\u{b}',
        Some('x') => return coded(rest, 2, all),
        Some('u') => return coded(rest, 4, all),
        Some('U') => return coded(rest, 8, all),
        _ => {
            // Python leaves alone what it does not know, such as `\d`.
            all.push('\\');
            return rest;
        }
    };
    all.push(plain);
    characters.as_str()
}

/// Reads a letter and the code of a character in so many digits.
fn coded<'a>(rest: &'a str, digits: usize, all: &mut String) -> &'a str {
    let code = rest.get(1..=digits).and_then(|code| u32::from_str_radix(code, 16).ok());
    let Some(code) = code else {
        all.push('\\');
        return rest;
    };
    all.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    &rest[digits + 1..]
}
