//! The other way to write a command: `!iam-get-user user-profile=... using="okta"`.
//!
//! Such a line becomes ordinary arguments, so that both forms are one command. How it is read is
//! said by [`CommandLine`].

use std::ffi::OsString;
use std::path::PathBuf;

use provost_core::{CommandLine, LineFlaw, line_argument};

use crate::output::Hinted;

/// The options before a command that have a value after them.
const WITH_VALUE: [&str; 5] = ["--config", "--output", "--server", "--api-key", "--ca-file"];

/// Turns a `!` line in the command's place into ordinary arguments, and underscores in
/// the names of the command and of options into dashes. The line is one word, or one word
/// for each argument, and ends before the next option.
///
/// # Errors
/// A line with an open quote or a value without a name.
pub(crate) fn expand(words: impl Iterator<Item = OsString>) -> Result<Vec<OsString>, Hinted> {
    let mut words: Vec<OsString> = words.collect();
    let Some(start) = command_place(&words) else {
        return Ok(words.into_iter().map(dashed_option).collect());
    };
    if words[start].to_str().is_some_and(|word| word.trim_start().starts_with('!')) {
        let is_option = |word: &OsString| word.to_str().is_some_and(|word| word.starts_with('-'));
        let end = words[start..].iter().position(is_option).map_or(words.len(), |length| start + length);
        let line: Vec<String> =
            words[start..end].iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let expanded = parse_words(&line)?;
        words.splice(start..end, expanded.into_iter().map(OsString::from));
    } else if let Some(name) = words[start].to_str().filter(|name| name.contains('_')) {
        words[start] = provost_core::dashed(name).into();
    }
    Ok(words.into_iter().map(dashed_option).collect())
}

/// Where the command stands: the first word that is no option and no option's value.
fn command_place(words: &[OsString]) -> Option<usize> {
    let mut is_value = false;
    let places = words.iter().enumerate().skip(1);
    places.map(|(place, word)| (place, word.to_str().unwrap_or_default())).find_map(|(place, word)| {
        let is_option = word.starts_with('-');
        let is_command = !is_option && !is_value;
        // `-o` may be the last of several letters: `-vo json`.
        let letters = is_option && !word.starts_with("--") && word.ends_with('o');
        is_value = is_option && !is_value && (letters || WITH_VALUE.contains(&word));
        is_command.then_some(place)
    })
}

/// The name of the command in ordinary arguments.
pub(crate) fn command_name(words: &[OsString]) -> Option<&str> {
    words[command_place(words)?].to_str()
}

/// The configuration that the words name.
pub(crate) fn configuration(words: &[OsString]) -> Option<PathBuf> {
    let mut after = words.iter().skip_while(|word| !is_configuration(word));
    let option = after.next()?;
    match option.to_str().and_then(|word| word.split_once('=')) {
        Some((_, file)) => Some(file.into()),
        None => after.next().map(PathBuf::from),
    }
}

fn is_configuration(word: &OsString) -> bool {
    word.to_str().is_some_and(|word| word.split('=').next() == Some(WITH_VALUE[0]))
}

/// The first word is a line; what a shell has split off after it is one argument each.
fn parse_words(words: &[String]) -> Result<Vec<String>, Hinted> {
    let Some((line, rest)) = words.split_first() else { return Ok(Vec::new()) };
    let CommandLine { command, mut arguments } = CommandLine::parse(line).map_err(hinted)?;
    for word in rest {
        arguments.push(line_argument(word).map_err(hinted)?);
    }
    let options = arguments.iter().map(|(name, value)| format!("--{name}={value}"));
    Ok(std::iter::once(command).chain(options).collect())
}

fn hinted(flaw: LineFlaw) -> Hinted {
    Hinted::new(flaw.message).hint(flaw.hint)
}

/// `--user_profile=x` means `--user-profile=x`.
fn dashed_option(word: OsString) -> OsString {
    let Some(text) = word.to_str() else { return word };
    let (name, rest) = text.split_once('=').map_or((text, None), |(name, rest)| (name, Some(rest)));
    if !name.starts_with("--") || !name.contains('_') || name.contains(char::is_whitespace) {
        return word;
    }
    let name = provost_core::dashed(name);
    match rest {
        Some(rest) => format!("{name}={rest}").into(),
        None => name.into(),
    }
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
    fn only_the_command_and_options_have_their_underscores_rewritten() {
        let cases: [(&[&str], &[&str]); 5] = [
            (&["--config", "iam_Conf.yaml", "iam_get_user"], &["--config", "iam_Conf.yaml", "iam-get-user"]),
            (&["-vo", "json", "test_module"], &["-vo", "json", "test-module"]),
            (&["instance", "add", "iam_hr"], &["instance", "add", "iam_hr"]),
            (&["iam-get-user", "--using_brand", "iam_hr"], &["iam-get-user", "--using-brand", "iam_hr"]),
            (&["instance", "show", "!odd"], &["instance", "show", "!odd"]),
        ];
        for (words, expected) in cases {
            let words = std::iter::once("provost").chain(words.iter().copied()).map(OsString::from);
            assert_eq!(expand(words).unwrap()[1..], *expected);
        }
    }

    #[test]
    fn the_options_with_a_value_are_those_of_every_command() {
        let command = crate::args::command();
        let everywhere = command.get_arguments().filter(|arg| arg.is_global_set());
        let with_value = everywhere.filter(|arg| arg.get_action().takes_values());
        let names: Vec<String> =
            with_value.filter_map(|arg| arg.get_long()).map(|name| format!("--{name}")).collect();
        assert_eq!(names, WITH_VALUE);
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
