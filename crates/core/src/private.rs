//! Attributes that an operator declared private: what is kept of a command shows that they
//! were there, not what they were.

use std::cmp::Reverse;

use serde_json::Value;

use crate::redact::add_forms;
use crate::{Attributes, cli_name};

/// What stands in a private value's place.
const MASK: &str = "[private]";

/// Shorter values would take innocent text with them.
const SHORTEST: usize = 4;

/// The names of private attributes, compared as cli names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Private {
    names: Vec<String>,
}

/// Private values that were seen, which are masked in texts too.
#[derive(Clone, Default)]
pub struct PrivateValues {
    private: Private,
    /// In lower case, in every form in which they may travel.
    known: Vec<String>,
}

impl Private {
    /// What stands in a private value's place.
    pub const MASK: &str = MASK;

    /// The attributes of these names, in any spelling. What has no letter and no digit is no name.
    pub fn new(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let names = names.into_iter().map(|name| cli_name(name.as_ref()));
        Self { names: names.filter(|name| !name.is_empty()).collect() }
    }

    /// Whether nothing is private.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Their names, as cli names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether the values of a member of this name are private.
    pub fn hides(&self, member: &str) -> bool {
        // Compared letter by letter, since every member of every object is asked about.
        let spelled = || member.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        self.names.iter().any(|name| name.chars().eq(spelled()))
    }

    /// Masks the values of private members, at any depth.
    pub fn mask(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    if self.hides(name) && !member.is_null() {
                        *member = Value::from(MASK);
                    } else {
                        self.mask(member);
                    }
                }
            }
            _ => {}
        }
    }

    /// What learns their values.
    pub fn values(&self) -> PrivateValues {
        PrivateValues { private: self.clone(), known: Vec::new() }
    }
}

impl PrivateValues {
    /// Learns the values of private members, at any depth.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => self.learn_members(members),
            _ => {}
        }
    }

    /// The same for the members of an object.
    pub fn learn_members(&mut self, members: &Attributes) {
        if self.private.is_empty() {
            return;
        }
        for (name, member) in members {
            if self.private.hides(name) { self.add(member) } else { self.learn(member) }
        }
    }

    /// Learns a value that is private, whatever it is called, with all that is in it.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add_text(text),
            Value::Number(number) => self.add_text(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => members.values().for_each(|member| self.add(member)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        let text = text.trim().to_ascii_lowercase();
        if text.chars().count() >= SHORTEST && !self.known.contains(&text) {
            add_forms(&mut self.known, &text);
            self.known.iter_mut().for_each(|form| form.make_ascii_lowercase());
        }
    }

    /// The text with every known value masked, in whatever case it is written. The masks
    /// themselves are not searched.
    pub fn text(&self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        let (mut masked, mut done) = (String::new(), 0);
        while let Some((start, end)) = self.next(&lower, done) {
            masked.push_str(&text[done..start]);
            masked.push_str(MASK);
            done = end;
        }
        masked.push_str(&text[done..]);
        masked
    }

    /// Where the next known value is; of those that begin there, the longest.
    fn next(&self, lower: &str, from: usize) -> Option<(usize, usize)> {
        let found = self.known.iter().filter_map(|known| {
            let start = from + lower[from..].find(known.as_str())?;
            Some((start, Reverse(start + known.len())))
        });
        found.min().map(|(start, Reverse(end))| (start, end))
    }

    /// Masks private members, and known values in all others, at any depth.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Number(number) => {
                if self.known.contains(&number.to_string()) {
                    *value = Value::from(MASK);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    if self.private.hides(name) && !member.is_null() {
                        *member = Value::from(MASK);
                    } else {
                        self.value(member);
                    }
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn private() -> Private {
        Private::new(["ssn", "Home Phone", " "])
    }

    #[test]
    fn members_are_private_in_any_spelling_and_at_any_depth() {
        let mut value = json!({
            "SSN": 123_456_789, "ssn_last": "6789", "home_phone": null,
            "list": [{"homePhone": {"area": "030"}}], "mail": "ann@example.com",
        });
        private().mask(&mut value);
        let expected = json!({
            "SSN": "[private]", "ssn_last": "6789", "home_phone": null,
            "list": [{"homePhone": "[private]"}], "mail": "ann@example.com",
        });
        assert_eq!(value, expected);
        assert_eq!(private().names(), ["ssn", "homephone"]);
        assert!(Private::default().is_empty() && !private().is_empty());
    }

    #[test]
    fn values_are_masked_in_texts_and_under_other_names() {
        let mut values = private().values();
        values.learn(&json!({"ssn": 123_456_789, "old": [{"Home Phone": "+49 30 AB"}], "mail": "ann"}));
        assert_eq!(
            values.text("123456789, +49 30 ab, %2B49%2030%20ab and +49 30 AC"),
            "[private], [private], [private] and +49 30 AC"
        );
        let mut value = json!({"custom1": 123_456_789, "custom2": ["x123456789"], "ssn": "7", "n": 5});
        values.value(&mut value);
        let expected = json!({"custom1": "[private]", "custom2": ["x[private]"], "ssn": "[private]", "n": 5});
        assert_eq!(value, expected);
    }

    #[test]
    fn short_values_are_not_sought_and_masks_stay_whole() {
        let mut values = private().values();
        values.learn(&json!({"ssn": ["äöü", "ab", true, "priv", "private", "secret"]}));
        assert_eq!(
            values.text("äöü ab true privat private [secret]"),
            "äöü ab true [private]at [private] [[private]]"
        );
        assert_eq!(Private::default().values().text("private"), "private");
    }

    #[test]
    fn letters_that_are_longer_in_lower_case_do_no_harm() {
        let mut values = private().values();
        values.learn(&json!({"ssn": "İstanbul"}));
        assert_eq!(values.text("İİ İSTANBUL ẞ"), "İİ [private] ẞ");
    }
}
