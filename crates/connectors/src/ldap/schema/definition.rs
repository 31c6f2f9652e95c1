//! Reads one definition of a schema (RFC 4512, section 4.1), of whichever kind: all are an
//! OID and words with their values, in round brackets.
//!
//! Servers differ in what they quote, and in the words that they add, so nothing depends on
//! either.

use std::collections::HashMap;

/// What a definition says, by its words in upper case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Definition {
    /// The numeric OID, or what stands in its place.
    pub(super) oid: String,
    words: HashMap<String, Vec<String>>,
}

/// Words after which a value follows that may be without quotes and brackets. Any other
/// word has a value only if it is quoted or in brackets.
const WITH_VALUE: [&str; 13] = [
    "NAME", "DESC", "SUP", "EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "USAGE", "MUST", "MAY", "AUX", "NOT",
    "FORM",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Word(String),
    Quoted(String),
}

impl Definition {
    /// `None` for what is no definition, or ends too early.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut tokens = Tokens { rest: text };
        if tokens.next()? != Token::Open {
            return None;
        }
        let (Token::Word(oid) | Token::Quoted(oid)) = tokens.next()? else { return None };
        let mut words = HashMap::new();
        loop {
            match tokens.next()? {
                Token::Close => return Some(Self { oid, words }),
                Token::Word(word) => {
                    let word = word.to_ascii_uppercase();
                    let values = tokens.values(&word)?;
                    words.entry(word).or_insert(values);
                }
                Token::Open | Token::Quoted(_) => return None,
            }
        }
    }

    /// The values of a word; none if it does not stand there.
    pub(super) fn values(&self, word: &str) -> &[String] {
        self.words.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word stands there, with or without values.
    pub(super) fn has_flag(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The first name, or else the OID.
    pub(super) fn name(&self) -> &str {
        self.values("NAME").first().unwrap_or(&self.oid)
    }

    /// The description, if there is one that says something.
    pub(super) fn description(&self) -> Option<&str> {
        self.values("DESC").first().map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

struct Tokens<'a> {
    rest: &'a str,
}

impl Tokens<'_> {
    /// What belongs to a word; `None` if the text ends before it does.
    fn values(&mut self, word: &str) -> Option<Vec<String>> {
        let before = self.rest;
        match self.next()? {
            Token::Open => self.list(),
            Token::Quoted(value) => Some(vec![value]),
            Token::Word(value) if WITH_VALUE.contains(&word) => Some(vec![value]),
            Token::Word(_) | Token::Close => {
                self.rest = before;
                Some(Vec::new())
            }
        }
    }

    fn list(&mut self) -> Option<Vec<String>> {
        let mut values = Vec::new();
        loop {
            match self.next()? {
                Token::Word(value) | Token::Quoted(value) => values.push(value),
                Token::Close => return Some(values),
                Token::Open => return None,
            }
        }
    }

    fn next(&mut self) -> Option<Token> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '$');
        let first = self.rest.chars().next()?;
        match first {
            '(' => Some(self.taken(1, Token::Open)),
            ')' => Some(self.taken(1, Token::Close)),
            '\'' => {
                let length = closing_quote(&self.rest[1..])?;
                let value = unescaped(&self.rest[1..=length]);
                Some(self.taken(length + 2, Token::Quoted(value)))
            }
            _ => {
                let is_end = |c: char| c.is_whitespace() || "()$".contains(c);
                let length = self.rest.find(is_end).unwrap_or(self.rest.len());
                let word = self.rest[..length].to_owned();
                Some(self.taken(length, Token::Word(word)))
            }
        }
    }

    fn taken(&mut self, length: usize, token: Token) -> Token {
        self.rest = &self.rest[length..];
        token
    }
}

/// Where a quoted text ends. Some servers do not escape apostrophes, so it is where the text
/// could go on after it.
fn closing_quote(text: &str) -> Option<usize> {
    let goes_on = |at: usize| {
        let after = text[at + 1..].chars().next();
        after.is_none_or(|c| c.is_whitespace() || "()$".contains(c))
    };
    text.match_indices('\'').map(|(at, _)| at).find(|at| goes_on(*at))
}

/// Both escapes that there are (RFC 4512, section 4.1, `qdstring`).
fn unescaped(text: &str) -> String {
    text.replace("\\27", "'").replace("\\5c", "\\").replace("\\5C", "\\")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Definition {
        Definition::parse(text).expect(text)
    }

    #[test]
    fn values_are_read_in_every_form() {
        let rows: [(&str, &str, &[&str]); 15] = [
            ("( 1.2 NAME 'cn' )", "NAME", &["cn"]),
            ("(1.2 NAME('cn' 'commonName'))", "NAME", &["cn", "commonName"]),
            ("( 1.2 name ( 'cn' ) )", "NAME", &["cn"]),
            ("( 1.2 NAME cn )", "NAME", &["cn"]),
            ("( 1.2 SUP top MUST ( cn $ sn ) )", "MUST", &["cn", "sn"]),
            ("( 1.2 SUP top MUST (cn$sn) )", "MUST", &["cn", "sn"]),
            ("( 1.2 MAY ( ) )", "MAY", &[]),
            ("( 1.2 SINGLE-VALUE SYNTAX 1.3{64} )", "SYNTAX", &["1.3{64}"]),
            ("( 1.2 SYNTAX '1.3' SINGLE-VALUE )", "SYNTAX", &["1.3"]),
            (r"( 1.2 DESC 'Ann\27s \5C27' )", "DESC", &[r"Ann's \27"]),
            ("( 1.2 DESC 'Ann's (old) name' SUP top )", "DESC", &["Ann's (old) name"]),
            ("( 1.2 DESC '' SUP top )", "DESC", &[""]),
            ("( 1.2 X-ORIGIN ( 'RFC 1' 'RFC 2' ) SUP top )", "SUP", &["top"]),
            ("( 1.2 X-NEW 'a' X-FLAG SUP top )", "SUP", &["top"]),
            ("\t( 1.2\n  NAME 'cn'\n )  ", "NAME", &["cn"]),
        ];
        for (text, word, values) in rows {
            assert_eq!(parsed(text).values(word), values, "{text}");
        }
    }

    #[test]
    fn flags_have_no_value() {
        let definition = parsed("( 1.2 OBSOLETE SINGLE-VALUE NAME 'a' COLLECTIVE )");
        assert!(["OBSOLETE", "SINGLE-VALUE", "COLLECTIVE"].iter().all(|flag| definition.has_flag(flag)));
        assert_eq!(definition.name(), "a");
    }

    #[test]
    fn without_a_name_it_goes_by_its_oid() {
        assert_eq!(parsed("( 1.2 )").name(), "1.2");
        assert_eq!(parsed("( cn-oid DESC ' ' )").name(), "cn-oid");
        assert_eq!(parsed("( cn-oid DESC ' ' )").description(), None);
    }

    #[test]
    fn what_is_no_definition_is_none() {
        let texts = [
            "",
            "1.2",
            "( )",
            "( 1.2",
            "( 1.2 NAME",
            "( 1.2 NAME 'cn",
            "( 1.2 NAME 'cn' ",
            "( 1.2 NAME ( 'cn'",
            "( 1.2 NAME ( ( 'cn' ) ) )",
            "( ( 1.2 ) )",
        ];
        for text in texts {
            assert_eq!(Definition::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_description_comes_back(text in r"[a-z' é()$\\2757]{0,12}") {
            let escaped = text.replace('\\', "\\5C").replace('\'', "\\27");
            let definition = Definition::parse(&format!("( 1.2 DESC '{escaped}' SUP top )"));
            let definition = definition.expect("a definition");
            prop_assert_eq!(definition.values("DESC"), [text]);
            prop_assert_eq!(definition.values("SUP"), ["top"]);
        }

        #[test]
        fn any_text_is_read_or_left_out(text in r"\( ([()$'\\ é]|1\.2|NAME|MUST|'a'|\t){0,12}") {
            let _ = Definition::parse(&text);
        }
    }
}
