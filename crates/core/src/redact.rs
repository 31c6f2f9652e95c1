//! Keeps secrets out of everything that people read.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use crate::Attributes;

/// What stands in a secret's place.
const MASK: &str = "[secret]";

/// Shorter secrets would take innocent text with them.
const SHORTEST: usize = 4;

/// How many later secrets are kept.
const MOST_LATER: usize = 64;

/// What addresses leave as it is in a path, and in a query, besides letters and digits
/// (WHATWG URL, 1.3), where nobody encoded the secret before.
const KEPT_IN_PATHS: &str = "!$%&'()*+,-./:;=@[\\]^_|~";
const KEPT_IN_QUERIES: &str = "!$%&()*+,-./:;=?@[\\]^_`{|}~";

/// How the names of members end whose values are never shown, compared without case,
/// dashes and underscores.
const SECRET_ENDINGS: [&str; 7] = ["password", "passwd", "passwordhash", "pwd", "secret", "token", "apikey"];

/// Replaces an instance's secrets in texts and answers.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Vec<String>,
    /// What came to be known after the start, by any clone.
    later: Arc<RwLock<VecDeque<Vec<String>>>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// What stands in a secret's place.
    pub const MASK: &str = MASK;

    /// Whether the values of a member of this name are never shown.
    pub fn hides(member: &str) -> bool {
        is_secret(member)
    }

    /// Adds a secret to look for, in every form in which it may travel: as it is, inside
    /// JSON, in a path and in a query.
    pub fn add(&mut self, secret: &str) {
        add_forms(&mut self.secrets, secret);
    }

    /// Adds a secret that came to be known while the redactor is in use, such as a token.
    /// Every clone knows it too. The oldest of many are forgotten.
    pub fn add_later(&self, secret: &str) {
        let mut later = self.later.write().unwrap_or_else(PoisonError::into_inner);
        if later.iter().flatten().any(|known| known == secret) {
            return;
        }
        let mut forms = Vec::new();
        add_forms(&mut forms, secret);
        later.push_back(forms);
        if later.len() > MOST_LATER {
            later.pop_front();
        }
    }

    /// Adds the values of all members that are secret by their name, at any depth.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => self.learn_members(members),
            _ => {}
        }
    }

    /// The same for the members of an object.
    pub fn learn_members(&mut self, members: &Attributes) {
        for (name, member) in members {
            match member {
                Value::String(text) if is_secret(name) => self.add(text),
                other => self.learn(other),
            }
        }
    }

    /// The text with every known secret masked.
    pub fn text(&self, text: &str) -> String {
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        let secrets = self.secrets.iter().chain(later.iter().flatten());
        secrets.fold(text.to_owned(), |text, secret| {
            if text.contains(secret.as_str()) { text.replace(secret.as_str(), MASK) } else { text }
        })
    }

    /// Whether the text holds a known secret.
    fn is_held_by(&self, text: &str) -> bool {
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        self.secrets.iter().chain(later.iter().flatten()).any(|secret| text.contains(secret.as_str()))
    }

    /// Masks known secrets and the members that are secret by their name, at any depth.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if self.is_held_by(text) {
                    *text = self.text(text);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    if is_secret(name) && !member.is_null() {
                        *member = Value::from(MASK);
                    } else {
                        self.value(member);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Adds every form in which a secret may travel.
pub(crate) fn add_forms(secrets: &mut Vec<String>, secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let in_json = Value::from(secret).to_string();
    let in_path = percent_encoded(secret, "-._~");
    let in_query = percent_encoded(secret, "*-._ ").replace(' ', "+");
    let bare_in_path = percent_encoded(secret, KEPT_IN_PATHS);
    let bare_in_query = percent_encoded(secret, KEPT_IN_QUERIES);
    for form in [secret, in_json.trim_matches('"'), &in_path, &in_query, &bare_in_path, &bare_in_query] {
        if !secrets.iter().any(|known| known == form) {
            secrets.push(form.to_owned());
        }
    }
    // A secret that holds another one must be replaced first.
    secrets.sort_by_key(|known| std::cmp::Reverse(known.len()));
}

/// Percent-encodes all but letters, digits and the kept characters (RFC 3986, 2.1).
fn percent_encoded(text: &str, kept: &str) -> String {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(char::from(byte));
    text.bytes()
        .map(|byte| if is_kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn is_secret(member: &str) -> bool {
    SECRET_ENDINGS.iter().any(|ending| {
        let letters = member.bytes().rev().filter(u8::is_ascii_alphanumeric);
        let mut lower = letters.map(|letter| letter.to_ascii_lowercase());
        ending.bytes().rev().all(|wanted| lower.next() == Some(wanted))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_and_secret_members_are_masked() {
        let mut redactor = Redactor::default();
        redactor.add("hunter22");
        redactor.add("hunter22-longer");
        redactor.add("abc");
        assert_eq!(redactor.text("abc hunter22-longer, hunter22"), "abc [secret], [secret]");
        let mut answer =
            json!({"note": "got hunter22", "user_password": "x", "list": [{"pwd": 1}], "pwdlast": 3});
        redactor.value(&mut answer);
        assert_eq!(
            answer,
            json!({"note": "got [secret]", "user_password": "[secret]", "list": [{"pwd": "[secret]"}], "pwdlast": 3})
        );
        assert!(!format!("{redactor:?}").contains("hunter"));
    }

    #[test]
    fn a_clone_learns_what_comes_later() {
        let redactor = Redactor::default();
        let clone = redactor.clone();
        redactor.add_later("token-1");
        assert_eq!(clone.text("Bearer token-1"), "Bearer [secret]");
        let mut answer = json!({"echo": "token-1"});
        clone.value(&mut answer);
        assert_eq!(answer, json!({"echo": "[secret]"}));
    }

    #[test]
    fn of_many_that_come_later_the_oldest_are_forgotten() {
        let redactor = Redactor::default();
        (0..100).for_each(|number| redactor.add_later(&format!("token-{number:03}")));
        assert_eq!(redactor.text("token-000 token-036 token-099"), "token-000 [secret] [secret]");
    }

    #[test]
    fn secrets_are_found_in_the_forms_in_which_they_travel() {
        let mut redactor = Redactor::default();
        redactor.add("a b\"/ö");
        for text in ["a b\"/ö", "a b\\\"/ö", "a%20b%22%2F%C3%B6", "a+b%22%2F%C3%B6"] {
            assert_eq!(redactor.text(&format!("x={text}!")), "x=[secret]!");
        }
    }
}
