//! Replacing what matches.

use fancy_regex::Captures;
use serde_json::Value;

use super::super::templates::document_text;
use super::super::text::bounded;
use super::compile::{self, Flags};
use super::dialect::Dialect;
use super::expand::Template;
use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, wrong};

pub(super) const REPLACE_MATCH: Operator = Operator {
    name: "replaceMatch",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("regex", ArgumentKind::Text), Argument::of("replaceWith", ArgumentKind::Raw)],
    null: OnNull::Stays,
    about: "Replaces each match of a Go pattern; $1 and ${1} are its groups, $1x is the group named 1x, \
            and any other ${place} is taken from the document.",
    examples: &[
        Example::of(r#""x.y.csv""#, &[("regex", r#"".*\\.""#)], r#""csv""#),
        Example::of(
            r#""CORP\\ann""#,
            &[("regex", r#""^(\\w+)\\\\(.*)$""#), ("replaceWith", r#""${2}@$1""#)],
            r#""ann@CORP""#,
        ),
        Example::of(r#""abc""#, &[("regex", r#""(b)""#), ("replaceWith", r#""[$1x]$$""#)], r#""a[]$c""#),
        Example::of(r#""abc""#, &[("regex", r#""(""#)], "!the pattern cannot be read"),
    ],
    run: replace_match,
};

pub(super) const REGEX_REPLACE: Operator = Operator {
    name: "RegexReplace",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("regex", ArgumentKind::Text),
        Argument::of("output_format", ArgumentKind::Text),
        Argument::of("ignore_case", ArgumentKind::Boolean).or("false"),
        Argument::of("multi_line", ArgumentKind::Boolean).or("false"),
        Argument::of("period_matches_newline", ArgumentKind::Boolean).or("false"),
        Argument::of("action_dt", ArgumentKind::Raw),
    ],
    null: OnNull::Stays,
    about: "Replaces each match of a Python pattern by a text in which \\1 is a group, \\g<name> a named \
            one and \\0 the whole; `action_dt` is refused.",
    examples: &[
        Example::of(
            r#""team=ann""#,
            &[("regex", r#""team=(.*)""#), ("output_format", r#""group=\\1""#)],
            r#""group=ann""#,
        ),
        Example::of(
            r#""room=7""#,
            &[("regex", r#""team=(.*)""#), ("output_format", r#""x""#)],
            r#""room=7""#,
        ),
        Example::of(
            r#""Ann ANN""#,
            &[("regex", r#""(?<= )ann""#), ("output_format", r#""<\\0>""#), ("ignore_case", "true")],
            r#""Ann <ANN>""#,
        ),
        Example::of(
            r#""ann""#,
            &[("regex", r#""n""#), ("output_format", r#""\\1""#)],
            "!the pattern has no group 1",
        ),
    ],
    run: regex_replace,
};

pub(super) const REPLACE_MATCH_GROUP: Operator = Operator {
    name: "ReplaceMatchGroup",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("regex", ArgumentKind::Text), Argument::of("replace_with", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Replaces what the groups of a Python pattern match and leaves the rest of each match.",
    examples: &[
        Example::of(
            r#""tel:12 tel:34""#,
            &[("regex", r#""tel:(\\d+)""#), ("replace_with", r#""x""#)],
            r#""tel:x tel:x""#,
        ),
        Example::of(r#""ann""#, &[("regex", r#""n""#), ("replace_with", r#""x""#)], r#""ann""#),
        Example::of(r#""ac""#, &[("regex", r#""(a)(b)?(c)""#), ("replace_with", r#""x""#)], r#""xx""#),
    ],
    run: replace_match_group,
};

fn replace_match(call: &Call<'_>) -> Result<Value, Failure> {
    let (text, pattern) = (call.text()?, compile::linear(&call.required("regex")?, false)?);
    let replacement = with_places(&call.argument_or_empty("replaceWith")?, &pattern, call.document)?;
    compile::searchable(&text)?;
    let (mut out, mut from) = (String::new(), 0);
    for (number, captures) in pattern.captures_iter(&text).enumerate() {
        compile::countable(number + 1)?;
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(&text[from..whole.start()]);
        captures.expand(&replacement, &mut out);
        bounded(out.len())?;
        from = whole.end();
    }
    out.push_str(&text[from..]);
    Ok(Value::from(out))
}

/// A replacement whose `${...}` are groups only: all others are filled from the document.
fn with_places(replacement: &str, pattern: &regex::Regex, document: &Value) -> Result<String, Failure> {
    let is_group = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_digit())
            || pattern.capture_names().any(|known| known == Some(name))
    };
    let (mut out, mut rest) = (String::new(), replacement);
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let (inside, end) = (&rest[start + 2..start + length], start + length + 1);
        if is_group(inside) {
            out.push_str(&rest[..end]);
        } else {
            out.push_str(&rest[..start]);
            out.push_str(&document_text(inside, document)?.replace('$', "$$"));
        }
        rest = &rest[end..];
    }
    Ok(out + rest)
}

fn regex_replace(call: &Call<'_>) -> Result<Value, Failure> {
    if !call.argument_or_empty("action_dt")?.is_empty() {
        return Err(wrong("`action_dt` is not supported; write a step of its own"));
    }
    let flags = Flags::of_arguments(call)?;
    let pattern = compile::backtracking(&call.required("regex")?, Dialect::Python, flags)?;
    let template = Template::parse(&call.argument_or_empty("output_format")?, &pattern)?;
    let text = call.text()?;
    replaced(&text, &compile::matches(&pattern, &text, None)?, |captures, out, from| {
        let Some(whole) = captures.get(0) else { return from };
        out.push_str(&text[from..whole.start()]);
        template.expand(captures, out);
        whole.end()
    })
}

fn replace_match_group(call: &Call<'_>) -> Result<Value, Failure> {
    let pattern = compile::backtracking(&call.required("regex")?, Dialect::Python, Flags::default())?;
    let (text, replacement) = (call.text()?, call.argument_or_empty("replace_with")?);
    replaced(&text, &compile::matches(&pattern, &text, None)?, |captures, out, mut from| {
        for group in captures.iter().skip(1).flatten() {
            // A group within one that is replaced already has gone with it.
            if let Some(before) = text.get(from..group.start()) {
                out.push_str(before);
                out.push_str(&replacement);
                from = group.end();
            }
        }
        from
    })
}

/// A text whose matches are written anew: `write` is given the end of what is written
/// already, and gives it.
fn replaced(
    text: &str,
    matches: &[Captures<'_, str>],
    mut write: impl FnMut(&Captures<'_, str>, &mut String, usize) -> usize,
) -> Result<Value, Failure> {
    let (mut out, mut from) = (String::new(), 0);
    for captures in matches {
        from = write(captures, &mut out, from);
        bounded(out.len())?;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Ok(Value::from(out))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn holes_of_a_replacement_are_groups_first_and_places_second() {
        let pattern = compile::linear(r"(?P<user>\w+)@.*", false).unwrap();
        let document = json!({"domain": "x.example", "user": "no", "price": "$1", "a": {"b": 7}});
        let cases = [
            ("${user}@${domain}", "${user}@x.example"),
            ("${1}$1${a.b}", "${1}$17"),
            ("${price}", "$$1"),
            ("${none}|${open", "|${open"),
        ];
        for (replacement, expected) in cases {
            assert_eq!(with_places(replacement, &pattern, &document), Ok(expected.to_owned()));
        }
    }
}
