//! What a complaint may show of `provost.yaml`: a key and never a value, because every
//! value could be a secret, whatever its key is called.

use provost_core::Diagnostic;

/// What is shown in a value's stead.
const VALUE: &str = "...";

/// The complaint, made about this text, with an excerpt that holds no value. There is
/// none where the place is not the first key of its line, or that key's value.
pub(super) fn without_values(mut complaint: Diagnostic, text: &str) -> Diagnostic {
    complaint.excerpt = excerpt(text, complaint.line, complaint.column).unwrap_or_default();
    complaint
}

/// The complaint without an excerpt: where the text is no YAML, a place may be anywhere.
pub(super) fn without_excerpt(mut complaint: Diagnostic) -> Diagnostic {
    complaint.excerpt.clear();
    complaint
}

fn excerpt(text: &str, line: usize, column: usize) -> Option<String> {
    let above = line.checked_sub(1)?;
    let before = text.lines().take(above).filter(|line| !line.trim().is_empty()).last();
    if before.is_some_and(opens_block) {
        return None;
    }
    shown(text.lines().nth(above)?, column)
}

/// Whether a text begins on the next line, which may look like a key: `password: |`.
fn opens_block(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    line.trim_end_matches(|c: char| "+-".contains(c) || c.is_ascii_digit()).ends_with(['|', '>'])
}

fn shown(line: &str, column: usize) -> Option<String> {
    let (start, _) = line.char_indices().nth(column.checked_sub(1)?)?;
    let (before, rest) = line.split_at(start);
    let margin = &line[..line.len() - line.trim_start().len()];
    if before == margin {
        let key = key(rest)?;
        let value = if key == rest.trim_end() { String::new() } else { format!(" {VALUE}") };
        return Some(format!("{margin}{key}{value}"));
    }
    let between = before.strip_prefix(margin)?.strip_prefix(key(before.trim_start())?)?;
    between.trim().is_empty().then(|| format!("{before}{VALUE}"))
}

/// The key that the text begins with, its colon included.
fn key(text: &str) -> Option<&str> {
    let (key, value) = text.split_once(':')?;
    let quoted = |quote| key.strip_prefix(quote).and_then(|key| key.strip_suffix(quote));
    let name = quoted('"').or_else(|| quoted('\'')).unwrap_or(key);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    let ends = value.is_empty() || value.starts_with(char::is_whitespace);
    (is_name && ends).then(|| &text[..=key.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_several_lines_is_no_key() {
        for head in ["key: |", "key: >-", "key: |2+", "key: | # ours", "key:\n  |\n"] {
            assert_eq!(
                excerpt(&format!("{head}\n  hunter2: x\n"), head.lines().count() + 1, 3),
                None,
                "{head}"
            );
        }
        assert_eq!(excerpt("a:\n  b: x\n", 2, 3).as_deref(), Some("  b: ..."));
    }

    #[test]
    fn keys_are_shown_and_values_are_not() {
        let cases = [
            ("    api-key: hunter2", 5, Some("    api-key: ...")),
            ("    api-key: hunter2", 14, Some("    api-key: ...")),
            ("    \"api-key\":  hunter2", 17, Some("    \"api-key\":  ...")),
            ("instances:", 1, Some("instances:")),
            ("  app: {usr: ann, passwd: hunter2}", 3, Some("  app: ...")),
            ("  app: {usr: ann, passwd: hunter2}", 8, Some("  app: ...")),
            ("  app: {usr: ann, passwd: hunter2}", 19, None),
            ("  app: {usr: ann, passwd: hunter2}", 27, None),
            ("      \"admin: hunter2\"", 7, None),
            ("      \"admin\\\": hunter2\"", 7, None),
            ("      hunter2", 7, None),
            ("      hunter2:x", 7, None),
            ("    - hunter2", 7, None),
            ("    api-key: hunter2", 99, None),
            ("", 1, None),
        ];
        for (line, column, expected) in cases {
            assert_eq!(shown(line, column).as_deref(), expected, "{line} at {column}");
        }
    }
}
