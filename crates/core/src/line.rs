//! A command as people write it in one line: `!iam-get-user user-profile=... using="okta"`.
//!
//! Values are bare, in double quotes (with `\"` and `\\`) or in back quotes (as they are).

use crate::dashed;

/// A line in its parts. Underscores in names are dashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The command's name.
    pub command: String,
    /// The arguments, in the order in which they were written.
    pub arguments: Vec<(String, String)>,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LineFlaw {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

impl CommandLine {
    /// Reads a line, which may begin with `!`.
    ///
    /// # Errors
    /// A line without a command, with an open quote, or with a value that has no name.
    pub fn parse(line: &str) -> Result<Self, LineFlaw> {
        let line = line.trim_start().trim_start_matches('!');
        let (command, mut rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
        if command.is_empty() {
            let message = "after `!` comes a command".to_owned();
            return Err(LineFlaw { message, hint: "for example !iam-get-user" });
        }
        let mut arguments = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Ok(Self { command: dashed(command), arguments });
            }
            let (name, after) = rest.split_once('=').ok_or_else(|| no_name(rest))?;
            if name.is_empty() || name.contains(char::is_whitespace) {
                return Err(no_name(rest));
            }
            let (value, after) = value(after)?;
            arguments.push((dashed(name), value));
            rest = after;
        }
    }
}

/// One argument of a line that a shell has split: `name=value`.
///
/// # Errors
/// A value without a name, or with an open quote.
pub fn line_argument(word: &str) -> Result<(String, String), LineFlaw> {
    let (name, text) = word.split_once('=').ok_or_else(|| no_name(word))?;
    let value = match text.chars().next() {
        Some('`' | '"') => value(text)?.0,
        _ => text.to_owned(),
    };
    Ok((dashed(name), value))
}

/// A value at the start of the text, and what follows it.
fn value(text: &str) -> Result<(String, &str), LineFlaw> {
    if let Some(quoted) = text.strip_prefix('`') {
        let (value, rest) = quoted.split_once('`').ok_or_else(|| open_quote('`'))?;
        return Ok((value.to_owned(), rest));
    }
    if let Some(quoted) = text.strip_prefix('"') {
        return double_quoted(quoted);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    Ok((text[..end].to_owned(), &text[end..]))
}

fn double_quoted(text: &str) -> Result<(String, &str), LineFlaw> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => break,
            },
            other => value.push(other),
        }
    }
    Err(open_quote('"'))
}

fn open_quote(quote: char) -> LineFlaw {
    LineFlaw {
        message: format!("a value begins with {quote} but does not end with it"),
        hint: "inside double quotes, write a double quote as \\\"; back quotes take JSON as it is",
    }
}

fn no_name(text: &str) -> LineFlaw {
    let word = text.split_whitespace().next().unwrap_or_default();
    LineFlaw {
        message: format!("`{word}` has no name; arguments are written name=value"),
        hint: "a value with blanks needs quotes: user-profile=`{\"email\": \"ann@example.com\"}`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);
        let cases: [Case<'_>; 7] = [
            ("!test-module", "test-module", &[]),
            (" test-module ", "test-module", &[]),
            (
                r#"!iam-get-user user-profile=`{"email": "a@x"}`"#,
                "iam-get-user",
                &[("user-profile", r#"{"email": "a@x"}"#)],
            ),
            (
                r#"!iam-get-user user-profile="{\"email\": \"a\\b\"}" using="okta-prod""#,
                "iam-get-user",
                &[("user-profile", r#"{"email": "a\b"}"#), ("using", "okta-prod")],
            ),
            (
                r#"!iam-update-user user_profile={"email":"a"} allow-enable=true"#,
                "iam-update-user",
                &[("user-profile", r#"{"email":"a"}"#), ("allow-enable", "true")],
            ),
            (
                "!iam_get_user  using=a\n user-profile=`{\n}`",
                "iam-get-user",
                &[("using", "a"), ("user-profile", "{\n}")],
            ),
            ("!x empty= other=``", "x", &[("empty", ""), ("other", "")]),
        ];
        for (line, command, arguments) in cases {
            let read = CommandLine::parse(line).unwrap_or_else(|flaw| panic!("{line}: {flaw}"));
            let expected: Vec<_> =
                arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!((read.command.as_str(), read.arguments), (command, expected), "{line}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_says_why() {
        for (line, expected) in [
            ("!", "comes a command"),
            ("!x a=`b", "begins with `"),
            ("!x a=\"b", "begins with \""),
            ("!x {\"a\": 1}", "has no name"),
            ("!x =1", "has no name"),
        ] {
            let flaw = CommandLine::parse(line).expect_err(line).to_string();
            assert!(flaw.contains(expected), "{line}: {flaw}");
        }
    }
}
