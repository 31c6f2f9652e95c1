//! An instance's lines in `provost.yaml`.

use std::path::Path;

use indexmap::IndexMap;
use provost_connectors::{Manifest, ParameterType};
use provost_core::yaml;
use serde_json::Value;

use super::add::Settings;

/// The settings of every instance that are texts; the others are switches and numbers.
const TEXTS: [&str; 3] = ["mapper-in", "mapper-out", "ca-file"];

/// The instance's lines. JSON texts are YAML texts, so that no value can break out.
pub(super) fn block(integration: &str, manifest: &Manifest, settings: &Settings) -> String {
    let mut groups: IndexMap<&str, Vec<String>> = IndexMap::new();
    for (key, text) in settings {
        let (group, line) = match key.split_once('.') {
            Some((object, member)) => (object, format!("\n  {member}: {}", scalar(&text.as_str().into()))),
            None => (key.as_str(), format!(" {}", scalar(&value(manifest, key, text)))),
        };
        groups.entry(group).or_default().push(line);
    }
    let lines = groups.iter().map(|(name, parts)| format!("\n{name}:{}", parts.concat()));
    format!("integration: {}{}", scalar(&integration.into()), lines.collect::<String>())
}

/// What somebody wrote for a setting.
fn value(manifest: &Manifest, name: &str, text: &str) -> Value {
    match manifest.parameters.get(name) {
        Some(parameter) => typed(parameter.r#type, text),
        None if TEXTS.contains(&name) => text.into(),
        None => word(text),
    }
}

/// What somebody wrote for a parameter of this kind.
pub(super) fn typed(kind: ParameterType, text: &str) -> Value {
    match kind {
        ParameterType::Boolean | ParameterType::Number => word(text),
        ParameterType::Ldap | ParameterType::List => list(text),
        _ => text.into(),
    }
}

/// A list of what stands between spaces, or the one text that it is. A DN is never torn apart:
/// it may have spaces in it.
fn list(text: &str) -> Value {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 && !text.contains('=') { words.into() } else { text.into() }
}

/// A number or a switch, else a text.
fn word(text: &str) -> Value {
    let word = serde_json::from_str::<Value>(text.trim()).ok();
    word.filter(|word| word.is_boolean() || word.is_number()).unwrap_or_else(|| text.into())
}

/// Whether YAML takes the word as a text without quotes.
pub(super) fn is_word(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_plain)
        && yaml::parse::<Value>(Path::new(""), text).is_ok_and(|value| value == text)
}

/// A value as YAML: a text is plain where it is surely a word, else quoted.
fn scalar(value: &Value) -> String {
    match value.as_str().filter(|text| is_word(text)) {
        Some(word) => word.to_owned(),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_any_value_safely() {
        let package = provost_connectors::Catalogue::default().open("hello-iam-world").unwrap();
        let settings = [
            ("url", "https://h:1"),
            ("credentials.username", "a: b"),
            ("credentials.password", "env:X"),
            ("timeout", "5"),
            ("insecure", "true"),
            ("mapper-in", "none"),
        ];
        let settings =
            settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        assert_eq!(
            block("hello-iam-world", &package.manifest, &settings),
            "integration: hello-iam-world\nurl: \"https://h:1\"\ncredentials:\n  username: \"a: b\"\n  \
             password: \"env:X\"\ntimeout: 5\ninsecure: true\nmapper-in: none"
        );
    }

    #[test]
    fn only_words_go_without_quotes() {
        for word in ["app", "hello-iam-world", "mappers/out.yaml", "x12345", "user_1"] {
            assert!(is_word(word), "{word}");
        }
        for other in [
            "12345", "007", "1e5", "0x1f", "null", "Null", "true", "FALSE", "~", "-", ".", ".inf", "a: b", "",
        ] {
            assert!(!is_word(other), "{other}");
        }
    }
}
