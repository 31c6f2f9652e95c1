//! Values before and after, short enough to stand side by side.

use super::{Change, State};

/// How many characters of a value are shown.
const WIDTH: usize = 48;

/// How many of them stand before the first that differs.
const LEAD: usize = 12;

/// Both values, long ones cut to where they differ.
pub(super) fn pair(change: &Change) -> (String, String) {
    let (before, after) = (text(&change.before), text(&change.after));
    if before.chars().count() <= WIDTH && after.chars().count() <= WIDTH {
        return (before, after);
    }
    let alike = before.chars().zip(after.chars()).take_while(|(one, other)| one == other).count();
    let start = alike.saturating_sub(LEAD);
    (cut(&before, start), cut(&after, start))
}

fn cut(text: &str, start: usize) -> String {
    let mut rest = text.chars().skip(start);
    let shown: String = rest.by_ref().take(WIDTH).collect();
    let (lead, tail) = (if start > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" });
    format!("{lead}{shown}{tail}")
}

fn text(state: &State) -> String {
    match state {
        State::Missing => "(nothing)".to_owned(),
        State::Failed(problem) => format!("(fails: {problem})"),
        State::Value(serde_json::Value::String(text)) if is_plain(text) => text.clone(),
        State::Value(other) => other.to_string(),
    }
}

/// Whether a text can be told from all other values without quotes.
fn is_plain(text: &str) -> bool {
    let looks_otherwise = text.trim() != text || text.is_empty() || text.starts_with('(');
    !looks_otherwise && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shown(before: Value, after: Value) -> (String, String) {
        let (before, after) = (State::Value(before), State::Value(after));
        pair(&Change { attribute: "a".to_owned(), before, after })
    }

    #[test]
    fn texts_and_other_values_are_told_apart() {
        let cases = [
            (json!("Ann"), "Ann"),
            (json!("7"), "\"7\""),
            (json!(7), "7"),
            (json!("null"), "\"null\""),
            (json!(null), "null"),
            (json!(""), "\"\""),
            (json!(" x"), "\" x\""),
            (json!("(nothing)"), "\"(nothing)\""),
            (json!([{"a": 1}]), "[{\"a\":1}]"),
        ];
        for (value, expected) in cases {
            assert_eq!(shown(value, json!("x")).0, expected);
        }
    }

    #[test]
    fn long_values_are_cut_to_where_they_differ() {
        let (one, other) = (format!("{}A{}", "x".repeat(60), "y".repeat(60)), format!("{}B", "x".repeat(60)));
        let expected = (format!("…{}A{}…", "x".repeat(12), "y".repeat(35)), format!("…{}B", "x".repeat(12)));
        assert_eq!(shown(json!(one), json!(other)), expected);
    }
}
