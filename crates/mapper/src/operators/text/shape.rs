//! Texts changed in place: replaced, stripped, padded.

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, bounded};

pub(super) const REPLACE: Operator = Operator {
    name: "replace",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("toReplace", ArgumentKind::Text),
        Argument::of("replaceWith", ArgumentKind::Text),
        Argument::of("limit", ArgumentKind::Number),
    ],
    null: OnNull::Stays,
    about: "Puts one text in the place of another, everywhere or at the first places up to a limit; \
            without a replacement the text is deleted.",
    examples: &[
        Example::of(r#""1-2-3""#, &[("toReplace", r#""-""#)], r#""123""#),
        Example::of(
            r#""1-2-3""#,
            &[("toReplace", r#""-""#), ("replaceWith", r#""+""#), ("limit", "1")],
            r#""1+2-3""#,
        ),
        Example::of("0", &[("toReplace", "0"), ("replaceWith", r#""none""#)], r#""none""#),
        Example::of(r#""abc""#, &[("toReplace", r#""""#), ("replaceWith", r#""-""#)], r#""abc""#),
    ],
    run: replace,
};

pub(super) const STRIP_CHARS: Operator = Operator {
    name: "StripChars",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("chars", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Takes any of the given characters off both ends; without them, white space.",
    examples: &[
        Example::of(r#""(Ann)""#, &[("chars", r#""()""#)], r#""Ann""#),
        Example::of(r##""#a#b#""##, &[("chars", r##""#""##)], r#""a#b""#),
        Example::of(r#"" Ann ""#, &[], r#""Ann""#),
    ],
    run: strip_chars,
};

pub(super) const PAD_ZEROS: Operator = Operator {
    name: "PadZeros",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("length", ArgumentKind::Number).or("0")],
    null: OnNull::Stays,
    about: "Puts zeros before a text until it has the given length; a sign stays in front.",
    examples: &[
        Example::of("42", &[("length", "5")], r#""00042""#),
        Example::of(r#""-7""#, &[("length", "4")], r#""-007""#),
        Example::of("1234", &[("length", r#""3""#)], r#""1234""#),
        Example::of("7", &[("length", "1e12")], "!longer than"),
    ],
    run: |call| {
        let text = call.text()?;
        let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
        let zeros = padding(call, &text, "0")?;
        Ok(Value::from(format!("{sign}{zeros}{digits}")))
    },
};

/// How long the text is to be, and what makes it so.
const PADDING: &[Argument] =
    &[Argument::of("length", ArgumentKind::Number), Argument::of("with", ArgumentKind::Text).or(" ")];

pub(super) const PAD_LEFT: Operator = Operator {
    name: "padLeft",
    aliases: &[],
    kind: Kind::Item,
    arguments: PADDING,
    null: OnNull::Stays,
    about: "Puts characters before a text until it has the given length, spaces where none are given.",
    examples: &[
        Example::of("42", &[("length", "6"), ("with", r#""0""#)], r#""000042""#),
        Example::of(r#""ø""#, &[("length", "3")], r#""  ø""#),
        Example::of(r#""abc""#, &[("length", "2")], r#""abc""#),
        Example::of(r#""c""#, &[("length", "4"), ("with", r#""ab""#)], r#""abac""#),
    ],
    run: |call| {
        let text = call.text()?;
        Ok(Value::from(padding(call, &text, &filling(call)?)? + &text))
    },
};

pub(super) const PAD_RIGHT: Operator = Operator {
    name: "padRight",
    aliases: &[],
    kind: Kind::Item,
    arguments: PADDING,
    null: OnNull::Stays,
    about: "Puts characters after a text until it has the given length, spaces where none are given.",
    examples: &[
        Example::of(r#""ann""#, &[("length", "6"), ("with", r#""x""#)], r#""annxxx""#),
        Example::of(r#""ann""#, &[], r#""ann""#),
        Example::of(r#""""#, &[("length", "2"), ("with", r#""""#)], r#""  ""#),
    ],
    run: |call| {
        let text = call.text()?;
        let padding = padding(call, &text, &filling(call)?)?;
        Ok(Value::from(text + &padding))
    },
};

fn replace(call: &Call<'_>) -> Result<Value, Failure> {
    let (text, from) = (call.text()?, call.argument_or_empty("toReplace")?);
    if from.is_empty() {
        return Ok(Value::from(text));
    }
    let to = call.argument_or_empty("replaceWith")?;
    // A negative limit is no limit, as in the original.
    let limit = call.argument_integer("limit")?.and_then(|limit| usize::try_from(limit).ok());
    let places = text.matches(&from).take(limit.unwrap_or(usize::MAX)).count();
    bounded(text.len().saturating_add(places.saturating_mul(to.len())))?;
    Ok(Value::from(text.replacen(&from, &to, places)))
}

fn strip_chars(call: &Call<'_>) -> Result<Value, Failure> {
    let (text, chars) = (call.text()?, call.argument_or_empty("chars")?);
    if chars.is_empty() {
        return Ok(Value::from(text.trim()));
    }
    Ok(Value::from(text.trim_matches(|c| chars.contains(c))))
}

/// What a text is padded with; an empty text is as if it were not given.
fn filling(call: &Call<'_>) -> Result<String, Failure> {
    let given = call.argument_or_empty("with")?;
    Ok(if given.is_empty() { " ".to_owned() } else { given })
}

/// What a text lacks of the wanted length, in characters.
fn padding(call: &Call<'_>, text: &str, filling: &str) -> Result<String, Failure> {
    let wanted = usize::try_from(call.argument_integer("length")?.unwrap_or(0)).unwrap_or(0);
    // A character takes four bytes at most.
    bounded(wanted.saturating_mul(4))?;
    Ok(filling.chars().cycle().take(wanted.saturating_sub(text.chars().count())).collect())
}
