//! Texts made of a match: Python's templates, in which `\1` is a group.

use fancy_regex::{Captures, Regex};
use serde_json::Value;

use super::super::{cast, text::bounded};
use super::compile::{self, Flags};
use super::dialect::Dialect;
use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, wrong};

/// The most values that are made of matches.
const MOST_RESULTS: usize = 10_000;

pub(super) const REGEX_EXPAND: Operator = Operator {
    name: "RegexExpand",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument::of("regex", ArgumentKind::Any),
        Argument::of("text", ArgumentKind::Any),
        Argument::of("template", ArgumentKind::Any),
        Argument::of("template_type", ArgumentKind::Text).or("text"),
        Argument::of("value_takes", ArgumentKind::Text).or("text"),
        Argument::of("flags", ArgumentKind::Text),
        Argument::of("search_limit", ArgumentKind::Number).or("0"),
    ],
    null: OnNull::Called,
    about: "Fills a template, in which \\1 is a group, from each match of Python patterns in texts; the \
            value holds the texts, or the patterns if `value_takes` is regex, and the template may be a \
            text, a list or JSON.",
    examples: &[
        Example::of(
            r#"["a=1, b=2", "c=3"]"#,
            &[("regex", r#""(\\w)=(\\d)""#), ("template", r#""\\2\\1""#)],
            r#"["1a", "2b", "3c"]"#,
        ),
        Example::of(
            r#""a=1, b=2""#,
            &[
                ("regex", r#""(?P<key>\\w)=(\\d)""#),
                ("template", r#""{\"\\\\g<key>\": \"\\\\2\"}""#),
                ("template_type", r#""json""#),
                ("search_limit", "1"),
            ],
            r#"[{"a": "1"}]"#,
        ),
        Example::of(
            r#"["\\d", "[a-z]+"]"#,
            &[("text", r#""ann 7""#), ("value_takes", r#""regex""#)],
            r#"["7", "ann"]"#,
        ),
        Example::of("null", &[("regex", r#""a""#)], "[]"),
    ],
    run: regex_expand,
};

/// A text with places for groups.
pub(in super::super) struct Template(Vec<Piece>);

enum Piece {
    Text(String),
    Group(usize),
}

impl Template {
    /// Reads a template as Python does.
    ///
    /// # Errors
    /// A group that the pattern does not have, or an escape that means nothing.
    pub(in super::super) fn parse(template: &str, pattern: &Regex) -> Result<Self, Failure> {
        let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), template);
        while let Some((before, after)) = rest.split_once('\\') {
            literal.push_str(before);
            let (escape, length) = escape(after, pattern)?;
            rest = &after[length..];
            match escape {
                Piece::Text(text) => literal.push_str(&text),
                group @ Piece::Group(_) => {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    pieces.push(group);
                }
            }
        }
        pieces.push(Piece::Text(literal + rest));
        Ok(Self(pieces))
    }

    /// The template's text for a match.
    pub(in super::super) fn of(&self, captures: &Captures<'_, str>) -> String {
        let mut out = String::new();
        self.expand(captures, &mut out);
        out
    }

    /// Adds the template's text for a match; a group that has no part in it adds nothing.
    pub(super) fn expand(&self, captures: &Captures<'_, str>, out: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Group(number) => out.extend(captures.get(*number).map(|group| group.as_str())),
            }
        }
    }
}

/// What follows a backslash, and how long it is.
fn escape(after: &str, pattern: &Regex) -> Result<(Piece, usize), Failure> {
    let text = |text: &str| Piece::Text(text.to_owned());
    let Some(c) = after.chars().next() else { return Err(wrong("the template ends in a backslash")) };
    Ok(match c {
        'g' => {
            let name = after[1..].strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let (name, _) =
                name.ok_or_else(|| wrong("`\\g` in the template needs a name, as in `\\g<1>`"))?;
            (Piece::Group(group(name, pattern)?), name.len() + 3)
        }
        // After the whole match, digits are digits; other groups may have two.
        '0' => (Piece::Group(0), 1),
        '1'..='9' => {
            let two = after.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_digit()));
            let digits = two.unwrap_or(&after[..1]);
            (Piece::Group(group(digits, pattern)?), digits.len())
        }
        'n' => (text("\n"), 1),
        't' => (text("\t"), 1),
        'r' => (text("\r"), 1),
        'a' => (text("\u{7}"), 1),
        'b' => (text("\u{8}"), 1),
        'f' => (text("\u{c}"), 1),
        'v' => (text("\u{b}"), 1),
        '\\' => (text("\\"), 1),
        letter if letter.is_ascii_alphabetic() => {
            return Err(wrong(format!("`\\{letter}` in the template means nothing")));
        }
        // Anything else keeps its backslash.
        other => (Piece::Text(format!("\\{other}")), other.len_utf8()),
    })
}

/// The number of a group that a template names.
fn group(name: &str, pattern: &Regex) -> Result<usize, Failure> {
    let number = match name.parse() {
        Ok(number) => Some(number).filter(|number| *number < pattern.captures_len()),
        Err(_) => pattern.capture_names().position(|known| known == Some(name)),
    };
    number.ok_or_else(|| wrong(format!("the pattern has no group {name}")))
}

fn regex_expand(call: &Call<'_>) -> Result<Value, Failure> {
    let template = template(call)?;
    let flags = Flags::of_words(&call.argument_or_empty("flags")?)?;
    let limit = usize::try_from(call.argument_integer("search_limit")?.unwrap_or(0))
        .map_err(|_| wrong("`search_limit` must not be negative"))?;
    let limit = Some(limit).filter(|limit| *limit > 0);
    let list = |name: &str| call.given(name).map(items).unwrap_or_default();
    let with_value =
        |name: &str| call.list().iter().filter(|item| !item.is_null()).chain(list(name)).collect();
    let (mut results, mut length) = (Vec::new(), 0);
    let mut expand = |pattern: &Value, text: &Value| -> Result<(), Failure> {
        // As in the original, only texts and numbers are patterns.
        let Ok(pattern) = cast::text(pattern) else { return Ok(()) };
        let pattern = compile::backtracking(&pattern, Dialect::Python, flags)?;
        let text = cast::text(text)?;
        for captures in compile::matches(&pattern, &text, limit)? {
            add(&mut results, expanded(&template, &pattern, &captures, &mut length)?);
            if results.len() > MOST_RESULTS {
                return Err(Failure::new(FailureKind::Limit, format!("more than {MOST_RESULTS} results")));
            }
        }
        Ok(())
    };
    match call.argument_text("value_takes")?.as_deref() {
        None | Some("" | "text") => {
            let (patterns, texts): (Vec<&Value>, Vec<&Value>) = (list("regex"), with_value("text"));
            for text in texts {
                patterns.iter().try_for_each(|pattern| expand(pattern, text))?;
            }
        }
        Some("regex") => {
            let (patterns, texts): (Vec<&Value>, Vec<&Value>) = (with_value("regex"), list("text"));
            for pattern in patterns {
                texts.iter().try_for_each(|text| expand(pattern, text))?;
            }
        }
        Some(_) => return Err(wrong("`value_takes` must be text or regex")),
    }
    Ok(Value::from(results))
}

/// The template as a value whose texts are templates; null for the whole match.
fn template(call: &Call<'_>) -> Result<Value, Failure> {
    let Some(given) = call.given("template") else { return Ok(Value::Null) };
    match (call.argument_text("template_type")?.as_deref(), given) {
        (None | Some("text"), _) | (Some("json" | "list"), Value::Array(_) | Value::Object(_)) => {
            Ok(given.clone())
        }
        (Some("json"), _) => serde_json::from_str(&cast::text(given)?)
            .map_err(|error| Failure::new(FailureKind::Json, format!("`template` is no JSON: {error}"))),
        (Some("list"), _) => {
            let text = cast::text(given)?;
            let json = Some(&text).filter(|text| text.starts_with('['));
            Ok(json
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_else(|| text.split(',').map(|item| Value::from(item.trim())).collect()))
        }
        (Some(_), _) => Err(wrong("`template_type` must be text, json or list")),
    }
}

/// A template's value for a match; `length` counts what all of them hold.
fn expanded(
    template: &Value,
    pattern: &Regex,
    captures: &Captures<'_, str>,
    length: &mut usize,
) -> Result<Value, Failure> {
    let mut fill = |template: &str| -> Result<String, Failure> {
        let out = Template::parse(template, pattern)?.of(captures);
        *length += out.len();
        bounded(*length)?;
        Ok(out)
    };
    match template {
        Value::Null => fill(r"\0").map(Value::from),
        Value::String(text) => fill(text).map(Value::from),
        Value::Array(items) => items.iter().map(|item| expanded(item, pattern, captures, length)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| Ok((fill(name)?, member)))
            .collect::<Result<Vec<_>, Failure>>()?
            .into_iter()
            .map(|(name, member)| Ok((name, expanded(member, pattern, captures, length)?)))
            .collect(),
        other => Ok(other.clone()),
    }
}

/// A list's items, or a single value as the only one, without nothing.
fn items(value: &Value) -> Vec<&Value> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter(|item| !item.is_null()).collect()
}

/// Adds a result: the items of a list, and no empty values.
fn add(results: &mut Vec<Value>, result: Value) {
    match result {
        Value::Array(items) => results.extend(items.into_iter().filter(|item| !item.is_null())),
        Value::Null | Value::Bool(false) => {}
        Value::String(text) if text.is_empty() => {}
        Value::Object(members) if members.is_empty() => {}
        other => results.push(other),
    }
}
