//! Reads the text of a DN (RFC 4514, section 3, and the older RFC 2253, section 4).

use thiserror::Error;

use super::{Dn, Pair, Rdn, Value};
use crate::ldap::filter::{AttributeName, AttributeNameError};

/// Why a text is no DN.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{wrong}, at character {at} of the DN `{dn}`")]
pub(crate) struct DnError {
    wrong: Wrong,
    /// Counted from 1.
    at: usize,
    dn: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Wrong {
    #[error("`=` and a value are missing")]
    NoValue,
    #[error(transparent)]
    Attribute(#[from] AttributeNameError),
    #[error("`{0}` must be escaped in a value as `\\{0}`")]
    Bare(char),
    #[error("NUL must be escaped in a value as `\\00`")]
    Null,
    #[error("after `\\` two hexadecimal digits or one of ` \"#+,;<=>\\` must follow")]
    Escape,
    #[error("the quote is not closed")]
    Unclosed,
    #[error("after a quoted or hexadecimal value `,` or `+` must follow")]
    Trailing,
    #[error("`#` must be followed by pairs of hexadecimal digits; it is escaped as `\\#`")]
    Hexadecimal,
    #[error("the escaped bytes of the value are no UTF-8")]
    Utf8,
}

/// Reads a whole DN.
pub(super) fn dn(text: &str) -> Result<Dn, DnError> {
    let mut reader = Reader { rest: text };
    reader.dn().map_err(|(wrong, rest)| {
        let at = text[..text.len() - rest.len()].chars().count() + 1;
        DnError { wrong, at, dn: text.to_owned() }
    })
}

/// What is wrong with the first of the text that remains.
type Failure<'a> = (Wrong, &'a str);

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn dn(&mut self) -> Result<Dn, Failure<'a>> {
        self.spaces();
        let mut rdns = Vec::new();
        if self.rest.is_empty() {
            return Ok(Dn(rdns));
        }
        loop {
            rdns.push(self.rdn()?);
            if !self.sign(&[',', ';']) {
                return Ok(Dn(rdns));
            }
        }
    }

    fn rdn(&mut self) -> Result<Rdn, Failure<'a>> {
        let mut rdn = Rdn { first: self.pair()?, others: Vec::new() };
        while self.sign(&['+']) {
            rdn.others.push(self.pair()?);
        }
        Ok(rdn)
    }

    fn pair(&mut self) -> Result<Pair, Failure<'a>> {
        self.spaces();
        let (name, value) = self.rest.split_once('=').ok_or((Wrong::NoValue, self.rest))?;
        let attribute = AttributeName::parse(name.trim_matches(' ')).map_err(|e| (e.into(), self.rest))?;
        self.rest = value;
        self.spaces();
        Ok(Pair { attribute, value: self.value()? })
    }

    fn value(&mut self) -> Result<Value, Failure<'a>> {
        match self.rest.chars().next() {
            Some('#') => self.encoded().map(Value::Encoded),
            Some('"') => self.quoted().map(Value::Text),
            _ => self.bare().map(Value::Text),
        }
    }

    fn encoded(&mut self) -> Result<String, Failure<'a>> {
        let start = self.rest;
        let digits = start[1..].chars().take_while(char::is_ascii_hexdigit).count();
        if digits == 0 || digits % 2 == 1 {
            return Err((Wrong::Hexadecimal, start));
        }
        let (text, rest) = start.split_at(1 + digits);
        self.rest = rest;
        self.end()?;
        Ok(text.to_owned())
    }

    fn quoted(&mut self) -> Result<String, Failure<'a>> {
        let start = self.rest;
        self.rest = &start[1..];
        let mut bytes = Vec::new();
        loop {
            match self.rest.chars().next() {
                None => return Err((Wrong::Unclosed, start)),
                Some('"') => break,
                Some('\\') => bytes.push(self.escape()?),
                Some(c) => self.take(c, &mut bytes),
            }
        }
        self.rest = &self.rest[1..];
        self.end()?;
        utf8(bytes, start)
    }

    fn bare(&mut self) -> Result<String, Failure<'a>> {
        let start = self.rest;
        let mut bytes = Vec::new();
        // Spaces at the end are not part of it, unless escaped.
        let mut length = 0;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ',' | ';' | '+' => break,
                '"' => return Err((Wrong::Bare(c), self.rest)),
                '\0' => return Err((Wrong::Null, self.rest)),
                '\\' => bytes.push(self.escape()?),
                c => self.take(c, &mut bytes),
            }
            if c != ' ' {
                length = bytes.len();
            }
        }
        bytes.truncate(length);
        utf8(bytes, start)
    }

    /// One byte that is escaped: by two digits, or as itself.
    fn escape(&mut self) -> Result<u8, Failure<'a>> {
        let failure = (Wrong::Escape, self.rest);
        let after = &self.rest.as_bytes()[1..];
        let (byte, length) = match *after {
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (digit(high) << 4 | digit(low), 3)
            }
            [byte, ..] if b" \"#+,;<=>\\".contains(&byte) => (byte, 2),
            _ => return Err(failure),
        };
        self.rest = &self.rest[length..];
        Ok(byte)
    }

    fn take(&mut self, c: char, bytes: &mut Vec<u8>) {
        let (taken, rest) = self.rest.split_at(c.len_utf8());
        bytes.extend(taken.bytes());
        self.rest = rest;
    }

    fn sign(&mut self, signs: &[char]) -> bool {
        let after = self.rest.strip_prefix(signs);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// Holds that a value ends here.
    fn end(&mut self) -> Result<(), Failure<'a>> {
        self.spaces();
        let is_end = self.rest.is_empty() || self.rest.starts_with([',', ';', '+']);
        if is_end { Ok(()) } else { Err((Wrong::Trailing, self.rest)) }
    }
}

fn digit(hexadecimal: u8) -> u8 {
    match hexadecimal {
        b'0'..=b'9' => hexadecimal - b'0',
        letter => letter.to_ascii_lowercase() - b'a' + 10,
    }
}

fn utf8(bytes: Vec<u8>, start: &str) -> Result<String, Failure<'_>> {
    String::from_utf8(bytes).map_err(|_| (Wrong::Utf8, start))
}
