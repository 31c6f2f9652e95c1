//! Taking what matches, or its groups.

use fancy_regex::Captures;
use serde_json::{Map, Value};

use super::compile::{self, Flags};
use super::dialect::Dialect;
use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, wrong};

pub(super) const REGEX_EXTRACT_ALL: Operator = Operator {
    name: "RegexExtractAll",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("regex", ArgumentKind::Text),
        Argument::of("multi_line", ArgumentKind::Boolean).or("false"),
        Argument::of("ignore_case", ArgumentKind::Boolean).or("false"),
        Argument::of("period_matches_newline", ArgumentKind::Boolean).or("false"),
        Argument::of("error_if_no_match", ArgumentKind::Boolean).or("false"),
        Argument::of("unpack_matches", ArgumentKind::Boolean).or("false"),
    ],
    null: OnNull::Stays,
    about: "Lists all matches of a Python pattern: the group of each if there is one, lists of the groups \
            if there are several.",
    examples: &[
        Example::of(r#""OU=a,OU=b""#, &[("regex", r#""OU=([^,]*)""#)], r#"["a", "b"]"#),
        Example::of(
            r#""X7y8""#,
            &[("regex", r#""[a-z]\\d""#), ("ignore_case", r#""true""#)],
            r#"["X7", "y8"]"#,
        ),
        Example::of(r#""a1b""#, &[("regex", r#""([a-z])(\\d)?""#)], r#"[["a", "1"], ["b", ""]]"#),
        Example::of(
            r#""a1b""#,
            &[("regex", r#""([a-z])(\\d)?""#), ("unpack_matches", "true")],
            r#"["a", "1", "b"]"#,
        ),
        Example::of(r#""ann""#, &[("regex", r#""\\d""#)], "[]"),
        Example::of(
            r#""ann""#,
            &[("regex", r#""\\d""#), ("error_if_no_match", "true")],
            "!nothing matches the pattern",
        ),
    ],
    run: regex_extract_all,
};

pub(super) const REGEX_GROUPS: Operator = Operator {
    name: "RegexGroups",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("regex", ArgumentKind::Text),
        Argument::of("groups", ArgumentKind::Text),
        Argument::of("keys", ArgumentKind::Text),
        Argument::of("flags", ArgumentKind::Text),
    ],
    null: OnNull::Stays,
    about: "Lists the groups of the first match of a Python pattern, or makes an object of them under the \
            given keys; groups count from 0, and without a match or with too few groups the result is an \
            empty text.",
    examples: &[
        Example::of(
            r#""Room 12 floor East""#,
            &[("regex", r#""Room (\\d+) floor (\\w+)""#), ("groups", r#""1,0""#)],
            r#"["East", "12"]"#,
        ),
        Example::of(
            r#""room 12""#,
            &[("regex", r#""ROOM (\\d+)""#), ("keys", r#""room""#), ("flags", r#""i""#)],
            r#"{"room": "12"}"#,
        ),
        Example::of(r#""ann""#, &[("regex", r#""(\\d)""#), ("keys", r#""number""#)], r#""""#),
        Example::of(r#""ann""#, &[("regex", r#""(a)""#), ("flags", r#""q""#)], "!`flags` must be"),
    ],
    run: regex_groups,
};

fn regex_extract_all(call: &Call<'_>) -> Result<Value, Failure> {
    let flags = Flags::of_arguments(call)?;
    let pattern = compile::backtracking(&call.required("regex")?, Dialect::PythonSets, flags)?;
    let text = call.text()?;
    let matches = compile::matches(&pattern, &text, None)?;
    if matches.is_empty() && call.argument_flag("error_if_no_match")? {
        return Err(wrong("nothing matches the pattern"));
    }
    let groups = matches.iter().map(groups_or_whole);
    if call.argument_flag("unpack_matches")? {
        return Ok(groups.flatten().filter(|text| !text.is_empty()).collect());
    }
    let one = |mut groups: Vec<&str>| match groups.len() {
        1 => Value::from(groups.remove(0)),
        _ => Value::from(groups),
    };
    Ok(groups.map(one).collect())
}

/// A match's groups, empty for one that has no part in it; without groups the whole.
fn groups_or_whole<'t>(captures: &Captures<'t, str>) -> Vec<&'t str> {
    let skipped = usize::from(captures.len() > 1);
    captures.iter().skip(skipped).map(|group| group.map_or("", |group| group.as_str())).collect()
}

fn regex_groups(call: &Call<'_>) -> Result<Value, Failure> {
    let flags = Flags::of_words(&call.argument_or_empty("flags")?)?;
    let pattern = compile::backtracking(&call.required("regex")?, Dialect::Python, flags)?;
    let wanted = wanted_groups(&call.argument_or_empty("groups")?)?;
    let (text, keys) = (call.text()?, call.argument_or_empty("keys")?);
    let nothing = || Ok(Value::from(""));
    let Some(captures) = compile::first(&pattern, &text)? else { return nothing() };
    let all: Vec<Value> = captures
        .iter()
        .skip(1)
        .map(|group| group.map_or(Value::Null, |group| group.as_str().into()))
        .collect();
    let chosen: Option<Vec<Value>> = match wanted {
        Some(places) => places.into_iter().map(|place| all.get(place).cloned()).collect(),
        None => Some(all),
    };
    let Some(groups) = chosen.filter(|groups| !groups.is_empty()) else { return nothing() };
    if keys.is_empty() {
        return Ok(Value::from(groups));
    }
    let keys: Vec<String> = keys.split(',').map(|key| key.trim().to_owned()).collect();
    if keys.len() != groups.len() {
        return nothing();
    }
    Ok(Value::Object(keys.into_iter().zip(groups).collect::<Map<_, _>>()))
}

/// The places of the wanted groups; `None` for all.
fn wanted_groups(places: &str) -> Result<Option<Vec<usize>>, Failure> {
    if places.is_empty() {
        return Ok(None);
    }
    let place = |place: &str| place.trim().parse().map_err(|_| wrong("`groups` must be numbers from 0"));
    places.split(',').map(place).collect::<Result<_, _>>().map(Some)
}
