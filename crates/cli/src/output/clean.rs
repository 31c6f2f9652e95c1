//! Texts of others, made harmless for a terminal.

use std::borrow::Cow;

/// What stands for a character that could command the terminal.
const REPLACEMENT: char = '\u{fffd}';

/// The text without control characters and without those that turn the direction of
/// writing. Line breaks stay, a tab becomes a blank. JSON needs none of this.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || !is_dangerous(c)) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c {
        '\n' => '\n',
        '\t' => ' ',
        c if is_dangerous(c) => REPLACEMENT,
        c => c,
    };
    Cow::Owned(text.replace("\r\n", "\n").chars().map(shown).collect())
}

/// Control characters (escapes begin with one), and the embeddings, overrides and isolates
/// of Unicode's bidirectional algorithm, which show a text as another one.
fn is_dangerous(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_dangerous_is_replaced() {
        let cases = [
            ("Zoë, 太郎, שלום, 👩‍👧", "Zoë, 太郎, שלום, 👩‍👧"),
            ("two\nlines\r\nand\ta tab", "two\nlines\nand a tab"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", "\u{fffd}[2J\u{fffd}]0;title\u{fffd}"),
            ("back\rspace\u{8}\u{7f}", "back\u{fffd}space\u{fffd}\u{fffd}"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("exe.\u{202e}fdp\u{2066}", "exe.\u{fffd}fdp\u{fffd}"),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }
}
