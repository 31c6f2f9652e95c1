//! Wildcards as regular expressions.

/// `*` is any text, `?` any character, `[abc]` one of some and `[!abc]` none of them.
pub(super) fn of_wildcard(pattern: &str) -> String {
    let mut regex = String::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' => match class(rest.as_str()) {
                Some((class, after)) => {
                    regex.push_str(&class);
                    rest = after.chars();
                }
                None => regex.push_str(r"\["),
            },
            other => regex.push_str(&fancy_regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex
}

/// The class that follows a `[`, if it is closed, and what comes after it.
fn class(rest: &str) -> Option<(String, &str)> {
    let (not, inside) = rest.strip_prefix('!').map_or(("", rest), |inside| ("^", inside));
    // A bracket at the beginning is a character of the class.
    let end = inside.char_indices().skip(1).find(|(_, c)| *c == ']')?.0;
    let mut class = format!("[{not}");
    for c in inside[..end].chars() {
        if !(c.is_alphanumeric() || c == '-') && c.is_ascii() {
            class.push('\\');
        }
        class.push(c);
    }
    class.push(']');
    Some((class, &inside[end + 1..]))
}
