//! Names of people as systems want them: without marks, in one alphabet, or shortened.

use deunicode::deunicode_with_tofu;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator};

pub(super) const ASCII: Operator = Operator {
    name: "ascii",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes a text in ASCII: other letters become the ones that sound most like them, what has \
            none is left out.",
    examples: &[
        Example::of(r#""Ånn Éxåmple""#, &[], r#""Ann Example""#),
        Example::of(r#""Straße på øy""#, &[], r#""Strasse pa oy""#),
        Example::of(r#""Анн""#, &[], r#""Ann""#),
        Example::of(r#""\ue000x""#, &[], r#""x""#),
    ],
    run: |call| Ok(Value::from(ascii(&call.text()?))),
};

pub(super) const FOLD: Operator = Operator {
    name: "fold",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes the accents off letters and leaves every other letter as it is.",
    examples: &[
        Example::of(r#""Ånn Éxåmple""#, &[], r#""Ann Example""#),
        Example::of(r#""Straße på øy""#, &[], r#""Straße pa øy""#),
        Example::of(r#""e\u0301""#, &[], r#""e""#),
        Example::of(r#""が 한""#, &[], r#""が 한""#),
    ],
    run: |call| Ok(Value::from(fold(&call.text()?))),
};

pub(super) const SLUG: Operator = Operator {
    name: "slug",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("separator", ArgumentKind::Text).or("-")],
    null: OnNull::Stays,
    about: "Makes small ASCII letters and digits of a text, its words joined by a separator; \
            apostrophes vanish.",
    examples: &[
        Example::of(r#""Ann  Éxåmple-O'Ann""#, &[], r#""ann-example-oann""#),
        Example::of(r#""Ann Example""#, &[("separator", r#"".""#)], r#""ann.example""#),
        Example::of(r#""Ann Example""#, &[("separator", r#""""#)], r#""annexample""#),
        Example::of(r#"" ... ""#, &[], r#""""#),
    ],
    run: slug,
};

pub(super) const INITIALS: Operator = Operator {
    name: "initials",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Takes the first letter of each word, written large; a hyphen ends a word.",
    examples: &[
        Example::of(r#""Ann Example""#, &[], r#""AE""#),
        Example::of(r#""ann-ånn (jr) example""#, &[], r#""AÅJE""#),
        Example::of(r#"" - ""#, &[], r#""""#),
    ],
    run: |call| Ok(Value::from(initials(&call.text()?))),
};

fn ascii(text: &str) -> String {
    deunicode_with_tofu(text, "")
}

/// A text without its accents: decomposed, the accents dropped, and composed again.
fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_accent(*c)).nfc().collect()
}

/// Whether a character is an accent. Only the blocks of general accents count: marks of
/// one script, such as the vowel signs of Thai or the voicing marks of kana, are letters
/// to those who write it.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{fe20}'..='\u{fe2f}')
}

fn slug(call: &Call<'_>) -> Result<Value, Failure> {
    let separator = call.argument_or_empty("separator")?;
    let plain = ascii(&call.text()?).to_lowercase().replace(['\'', '`'], "");
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    super::bounded(plain.len().saturating_add(words.len().saturating_mul(separator.len())))?;
    Ok(Value::from(words.join(&separator)))
}

fn initials(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}'));
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    words.filter_map(first).flat_map(char::to_uppercase).collect()
}
