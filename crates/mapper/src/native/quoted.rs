//! Texts as expressions: `'Ann'` is the constant text `Ann`.

use serde_json::{Value, json};

use crate::{Expression, Scope};

/// The constant that an expression is, if it is one quoted text and nothing else.
pub(super) fn text(expression: &Expression) -> Option<Value> {
    if !is_quoted(expression.source().trim()) {
        return None;
    }
    expression.evaluate(&Scope::new(&json!({}))).ok().flatten().filter(Value::is_string)
}

/// Whether a quote stands at both ends, and its like nowhere between.
fn is_quoted(text: &str) -> bool {
    let Some(quote) = text.chars().next().filter(|c| ['\'', '"'].contains(c)) else { return false };
    let mut inside = text[1..].chars();
    while let Some(c) = inside.next() {
        match c {
            '\\' => drop(inside.next()),
            c if c == quote => return inside.next().is_none(),
            _ => {}
        }
    }
    false
}

/// A text as the expression that is this text.
pub(crate) fn quote(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\\' => quoted.push_str("\\\\"),
            c if c == quote => quoted.extend(['\\', c]),
            c => quoted.push(c),
        }
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn constant(expression: &str) -> Option<Value> {
        text(&Expression::parse(expression).expect(expression))
    }

    proptest! {
        #[test]
        fn any_text_can_be_quoted(written in r#"(\PC|[\n\r\t\\'"${}%#]|\\n|\x00|\u{2028}){0,12}"#) {
            prop_assert_eq!(constant(&quote(&written)), Some(Value::from(written)));
        }
    }

    #[test]
    fn only_one_quoted_text_is_a_constant() {
        assert_eq!(constant(" 'a' "), Some(json!("a")));
        for expression in ["a", "'a' ~ 'b'", "'a' | upper", "('a')", "3", "'a' if b else 'c'"] {
            assert_eq!(constant(expression), None, "{expression}");
        }
    }
}
