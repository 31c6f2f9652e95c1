//! The other way to write a command: `!iam-get-user user-profile=... using="okta"`.
//!
//! Such a line becomes ordinary arguments, so that both forms are one command. Values are
//! bare, in double quotes (with `\"` and `\\`) or in back quotes (as they are).

use std::ffi::OsString;

use crate::output::Hinted;

/// Turns a `!` line among the arguments into ordinary ones, and underscores in names
/// into dashes. The line is one word, or one word for each argument, and ends before the
/// next option.
///
/// # Errors
/// A line with an open quote or a value without a name.
pub(crate) fn expand(words: impl Iterator<Item = OsString>) -> Result<Vec<OsString>, Hinted> {
    let mut words: Vec<OsString> = words.collect();
    let is_line = |word: &OsString| word.to_str().is_some_and(|word| word.trim_start().starts_with('!'));
    if let Some(start) = words.iter().skip(1).position(is_line).map(|position| position + 1) {
        let is_option = |word: &OsString| word.to_str().is_some_and(|word| word.starts_with('-'));
        let end = words[start..].iter().position(is_option).map_or(words.len(), |length| start + length);
        let line: Vec<String> =
            words[start..end].iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let expanded = parse_words(&line)?;
        words.splice(start..end, expanded.into_iter().map(OsString::from));
    }
    Ok(words.into_iter().map(dashed_flag).collect())
}

/// The first word is a line; what a shell has split off after it is one argument each.
fn parse_words(words: &[String]) -> Result<Vec<String>, Hinted> {
    let Some((line, rest)) = words.split_first() else { return Ok(Vec::new()) };
    let mut arguments = parse(line)?;
    for word in rest {
        let (name, text) = word.split_once('=').ok_or_else(|| no_name(word))?;
        let value = match text.chars().next() {
            Some('`' | '"') => value(text)?.0,
            _ => text.to_owned(),
        };
        arguments.push(argument(name, &value));
    }
    Ok(arguments)
}

/// `--user_profile=x` means `--user-profile=x`, and `iam_get_user` means `iam-get-user`.
fn dashed_flag(word: OsString) -> OsString {
    let Some(text) = word.to_str() else { return word };
    let (name, rest) = text.split_once('=').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let is_name = name.starts_with("--") || name.starts_with("iam_");
    if !is_name || !name.contains('_') || name.contains(char::is_whitespace) {
        return word;
    }
    let name = provost_core::dashed(name);
    match rest {
        Some(rest) => format!("{name}={rest}").into(),
        None => name.into(),
    }
}

/// The arguments of a line: the command's name, then `--name=value`.
fn parse(line: &str) -> Result<Vec<String>, Hinted> {
    let line = line.trim_start().trim_start_matches('!');
    let (command, mut rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
    if command.is_empty() {
        return Err(Hinted::new("after `!` comes a command").hint("for example !iam-get-user"));
    }
    let mut words = vec![provost_core::dashed(command)];
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(words);
        }
        let (name, after) = rest.split_once('=').ok_or_else(|| no_name(rest))?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(no_name(rest));
        }
        let (value, after) = value(after)?;
        words.push(argument(name, &value));
        rest = after;
    }
}

fn argument(name: &str, value: &str) -> String {
    format!("--{}={value}", provost_core::dashed(name))
}

/// A value at the start of the text, and what follows it.
fn value(text: &str) -> Result<(String, &str), Hinted> {
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

fn double_quoted(text: &str) -> Result<(String, &str), Hinted> {
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

fn open_quote(quote: char) -> Hinted {
    Hinted::new(format!("a value begins with {quote} but does not end with it"))
        .hint("inside double quotes, write a double quote as \\\"; back quotes take JSON as it is")
}

fn no_name(text: &str) -> Hinted {
    let word = text.split_whitespace().next().unwrap_or_default();
    Hinted::new(format!("`{word}` has no name; arguments are written name=value"))
        .hint("a value with blanks needs quotes: user-profile=`{\"email\": \"ann@example.com\"}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(line: &str) -> Vec<String> {
        let words = ["provost", line].map(OsString::from);
        expand(words.into_iter())
            .unwrap_or_else(|problem| panic!("{line}: {problem}"))
            .into_iter()
            .map(|word| word.into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_line_becomes_arguments() {
        let cases: [(&str, &[&str]); 6] = [
            ("!test-module", &["test-module"]),
            (
                r#"!iam-get-user user-profile=`{"email": "a@x"}`"#,
                &["iam-get-user", r#"--user-profile={"email": "a@x"}"#],
            ),
            (
                r#"!iam-get-user user-profile="{\"email\": \"a\\b\"}" using="okta-prod""#,
                &["iam-get-user", r#"--user-profile={"email": "a\b"}"#, "--using=okta-prod"],
            ),
            (
                r#"!iam-update-user user_profile={"email":"a"} allow-enable=true"#,
                &["iam-update-user", r#"--user-profile={"email":"a"}"#, "--allow-enable=true"],
            ),
            (
                "!iam_get_user  using=a\n user-profile=`{\n}`",
                &["iam-get-user", "--using=a", "--user-profile={\n}"],
            ),
            ("!x empty= other=``", &["x", "--empty=", "--other="]),
        ];
        for (line, expected) in cases {
            assert_eq!(expanded(line)[1..], *expected, "{line}");
        }
    }

    #[test]
    fn a_shell_may_have_split_the_line() {
        let words = [
            "provost",
            "-v",
            "!iam-get-user",
            "user-profile={\"a\": \"b c\"}",
            "using=`x`",
            "--output",
            "json",
        ];
        let expanded = expand(words.into_iter().map(OsString::from)).unwrap();
        let expected =
            ["-v", "iam-get-user", "--user-profile={\"a\": \"b c\"}", "--using=x", "--output", "json"];
        assert_eq!(expanded[1..], expected);
    }

    #[test]
    fn underscores_become_dashes_in_names_only() {
        let words = ["provost", "iam_get_user", "--user_profile={\"a_b\": 1}", "a_b", "{\"iam_x\": 1}"];
        let expanded = expand(words.into_iter().map(OsString::from)).unwrap();
        assert_eq!(expanded[1..], ["iam-get-user", "--user-profile={\"a_b\": 1}", "a_b", "{\"iam_x\": 1}"]);
    }

    #[test]
    fn a_line_that_cannot_be_read_says_why() {
        for (line, expected) in
            [("!x a=`b", "begins with `"), ("!x a=\"b", "begins with \""), ("!x {\"a\": 1}", "has no name")]
        {
            let words = ["provost", line].map(OsString::from);
            let problem = expand(words.into_iter()).expect_err(line).to_string();
            assert!(problem.contains(expected), "{line}: {problem}");
        }
    }
}
