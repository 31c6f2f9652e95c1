//! JSON values as YAML that people would have written: what is short stands on one line,
//! and quotes stand only where a reader of YAML 1.1 or 1.2 needs them.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// How long a line with braces or brackets may become.
const WIDTH: usize = 100;

/// How long a key may be that stands before its point on one line; YAML allows 1024 bytes.
const SIMPLE_KEY: usize = 1000;

/// Words that some readers take for something else than a text.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Block,
    /// Between braces or brackets, where commas mean something.
    Flow,
}

/// A value as a YAML document. Objects down to `open` levels are always written line by line.
pub(super) fn document(value: &Value, open: usize) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => block_object(&mut text, members, 0, open),
        Value::Array(items) if !items.is_empty() => block_list(&mut text, items, 0, open),
        other => text = flow(other) + "\n",
    }
    text
}

fn block_object(text: &mut String, members: &Map<String, Value>, indent: usize, open: usize) {
    for (at, (key, value)) in members.iter().enumerate() {
        // The first line of an object in a list stands behind the list's dash.
        if at > 0 || text.is_empty() || text.ends_with('\n') {
            text.push_str(&" ".repeat(indent));
        }
        let key = name(key, Place::Block);
        if key.len() > SIMPLE_KEY {
            let _ = write!(text, "? {key}\n{}", " ".repeat(indent));
            text.push(':');
        } else {
            let _ = write!(text, "{key}:");
        }
        behind(text, value, indent, open.saturating_sub(1));
    }
}

fn block_list(text: &mut String, items: &[Value], indent: usize, open: usize) {
    for item in items {
        let _ = write!(text, "{}-", " ".repeat(indent));
        match item {
            Value::Object(members) if !members.is_empty() && !fits(text, item) => {
                text.push(' ');
                block_object(text, members, indent + 2, open.saturating_sub(1));
            }
            other => behind(text, other, indent, 0),
        }
    }
}

/// What stands behind a key or a dash: on the same line if it fits, else below.
fn behind(text: &mut String, value: &Value, indent: usize, open: usize) {
    let is_open = open > 0 || !fits(text, value);
    match value {
        Value::Object(members) if is_open && !members.is_empty() => {
            text.push('\n');
            block_object(text, members, indent + 2, open);
        }
        Value::Array(items) if is_open && !items.is_empty() => {
            text.push('\n');
            block_list(text, items, indent + 2, open);
        }
        Value::String(word) => drop(writeln!(text, " {}", scalar(word, Place::Block))),
        other => drop(writeln!(text, " {}", flow(other))),
    }
}

/// Whether a value fits on the last line.
fn fits(text: &str, value: &Value) -> bool {
    let begun = text.rsplit('\n').next().unwrap_or_default().chars().count();
    begun + 1 + flow(value).chars().count() <= WIDTH
}

/// A value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text, Place::Flow),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{}: {}", name(key, Place::Flow), flow(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Number(number) => float(&number.to_string()),
        other => other.to_string(),
    }
}

/// A number with an exponent gets a point and a sign, which readers of YAML 1.1 ask for.
fn float(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once('e') else { return number.to_owned() };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

/// A key. `on` is one of ours, and is written as people write it.
fn name(key: &str, place: Place) -> String {
    if key == "on" { key.to_owned() } else { scalar(key, place) }
}

/// A text, in quotes where it needs them.
fn scalar(text: &str, place: Place) -> String {
    if is_plain(text, place) {
        text.to_owned()
    } else if !text.chars().all(is_printable) || (text.contains('\'') && !text.contains(['"', '\\'])) {
        double_quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether a text can stand without quotes: it begins with a letter, is no word with a
/// meaning, and nothing in it is a mark.
fn is_plain(text: &str, place: Place) -> bool {
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let has_mark = text.chars().any(|c| is_mark(c, place)) || text.contains(": ") || text.contains(" #");
    begins && !is_word && !has_mark && !text.ends_with([' ', ':'])
}

/// Whether a character may mean something. On a line of its own, fewer do.
fn is_mark(c: char, place: Place) -> bool {
    match c {
        ',' | '[' | ']' | '{' | '}' | ':' | '"' | '\'' => place == Place::Flow,
        c => !c.is_alphanumeric() && !" _-./@+|()~=<>$!*&%;?\\^#".contains(c),
    }
}

/// Whether a character may stand in a text in single quotes.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => drop(write!(quoted, "\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        provost_core::yaml::parse(Path::new("t.yaml"), text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    const TEXT: &str = r#"(\PC|[a-zA-Z0-9 _.:#'"\\,\[\]{}|>&*!%@`~<=+?^$-]|: | #|- |---|\n|\t|\r|true|No|null|<<|0x1|1e3|2001-01-01|\x00|\x7f|\u{85}|\u{feff}|\u{2028}|\u{e000}|\u{1f600}){0,10}"#;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
            TEXT.prop_map(Value::from),
            ".{80,200}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(TEXT, inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_comes_back(value in any_value(), open in 0_usize..4) {
            prop_assert_eq!(read(&document(&value, open)), value);
        }
    }

    #[test]
    fn it_looks_as_people_write_it() {
        let value = json!({
            "mapper": "My App (Outgoing)", "fields": {
                "mail": "email | lower", "phone": {"value": "mobilephone", "on": "create"},
                "source": "'HR'", "country": "no", "id": "007", "since": "2001-01-01", "note": "a: b", "tab": "a\tb",
                "long": {"from": "emails", "then": [{"concat": {"prefix": "x".repeat(60), "suffix": "y".repeat(60)}}]},
            },
        });
        let expected = "\
mapper: My App (Outgoing)
fields:
  mail: email | lower
  phone: {value: mobilephone, on: create}
  source: \"'HR'\"
  country: 'no'
  id: '007'
  since: '2001-01-01'
  note: 'a: b'
  tab: \"a\\tb\"
  long:
    from: emails
    then:
      - concat:
          prefix: XX
          suffix: YY
";
        let expected = expected.replace("XX", &"x".repeat(60)).replace("YY", &"y".repeat(60));
        assert_eq!(document(&value, 2), expected);
    }

    #[test]
    fn odd_keys_come_back() {
        for key in ["<<", "k".repeat(5000).as_str(), "é: ".repeat(600).as_str(), "? a", "", "on", "~"] {
            let value = json!({"deep": {key: {"a": [1, {key: 2}]}}});
            assert_eq!(read(&document(&value, 1)), value, "{key}");
        }
    }
}
