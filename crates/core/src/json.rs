//! Where the values of a JSON text stand. Reading JSON is `serde_json`'s; this module
//! only finds again what that has read.

use std::ops::Range;

use crate::outline::{Content, Member, Outline};

/// The outline of a text that is known to be JSON; `None` where it is not.
pub fn outline(text: &str) -> Option<Outline> {
    let mut scan = Scan { text, at: text.len() - text.trim_start_matches('\u{feff}').len() };
    let outline = scan.value(0)?;
    Some(outline)
}

/// How deep `serde_json` goes, too.
const DEEPEST: usize = 128;

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn value(&mut self, depth: usize) -> Option<Outline> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.skip_space();
        let content = match self.peek()? {
            b'{' => Content::Object(self.members(depth)?),
            b'[' => Content::List(self.items(depth)?),
            b'"' => {
                self.string()?;
                Content::Scalar
            }
            _ => {
                let rest = &self.text[self.at..];
                let is_end = |c: char| c.is_whitespace() || ",]}".contains(c);
                self.at += rest.find(is_end).unwrap_or(rest.len());
                Content::Scalar
            }
        };
        Some(Outline { span: start..self.at, content })
    }

    fn members(&mut self, depth: usize) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.closes(b'}')? {
            let key = self.string()?;
            let name = serde_json::from_str(&self.text[key.clone()]).ok()?;
            self.skip_space();
            self.at += usize::from(self.peek()? == b':');
            members.push(Member { name, key, value: self.value(depth + 1)? });
        }
        Some(members)
    }

    fn items(&mut self, depth: usize) -> Option<Vec<Outline>> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.closes(b']')? {
            items.push(self.value(depth + 1)?);
        }
        Some(items)
    }

    /// Whether the object or list ends here; if not, the comma before what comes is passed.
    fn closes(&mut self, bracket: u8) -> Option<bool> {
        self.skip_space();
        if self.peek()? == b',' {
            self.at += 1;
            self.skip_space();
        }
        let closes = self.peek()? == bracket;
        self.at += usize::from(closes);
        Some(closes)
    }

    /// Passes a text and answers where it stood, with its quotes.
    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut is_escaped = false;
        for (offset, byte) in self.text.as_bytes().get(start + 1..)?.iter().enumerate() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => {
                    self.at = start + offset + 2;
                    return Some(start..self.at);
                }
                _ => {}
            }
        }
        None
    }

    fn skip_space(&mut self) -> usize {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{At as _, Flaw};

    const TEXT: &str = "\u{feff}{\n  \"a\": {\"b\": [1, \"tw\\\"o é\", {\"c\": null}]},\n  \"a\\u0062\": true, \"d\": 1, \"d\": 2\n}";

    #[test]
    fn every_value_is_found_again() {
        let outline = outline(TEXT).expect("an outline");
        let cases = [
            (Flaw::new("m").at(0).at("b").at("a"), (2, 15, 1)),
            (Flaw::new("m").at(1).at("b").at("a"), (2, 18, 9)),
            (Flaw::new("m").on_words("o é").at(1).at("b").at("a"), (2, 23, 3)),
            (Flaw::new("m").at("c").at(2).at("b").at("a"), (2, 35, 4)),
            (Flaw::new("m").on_key().at("c").at(2).at("b").at("a"), (2, 30, 3)),
            (Flaw::new("m").at("b").at("a"), (2, 9, 3)),
            (Flaw::new("m").at("ab"), (3, 14, 4)),
            (Flaw::new("m").at("d"), (3, 33, 1)),
            (Flaw::new("m").at("nowhere").at("ab"), (3, 14, 4)),
            (Flaw::new("m"), (1, 1, 1)),
        ];
        for (flaw, place) in cases {
            let found = outline.complain(Path::new("t.json"), TEXT, flaw.clone());
            assert_eq!((found.line, found.column, found.length), place, "{flaw:?}");
        }
        let hidden = outline.hidden(Path::new("t.json"), TEXT, &|name| Flaw::warning(name));
        let hidden: Vec<_> =
            hidden.iter().map(|found| (found.message.as_str(), found.line, found.column)).collect();
        assert_eq!(hidden, [("d", 3, 20)]);
        let nested = r#"{"a": {"ou": 1, "x": [1.5, "t", null, {"y": 1, "y": {}}], "ou": 2}, "b": {"ou": 1}}"#;
        let nested = super::outline(nested).expect("an outline");
        assert_eq!(nested.hidden_paths(), ["a.ou", "a.x.y"]);
    }

    #[test]
    fn broken_texts_do_no_harm() {
        for text in ["", "{", "[1", "{\"a\"", "{\"a\":", "\"", "{a}", "[,", &"[".repeat(1000), "{\"\\q\": 1}"]
        {
            let _ = outline(text);
        }
    }
}
