//! Reading DT texts: where the path ends and JavaScript begins. Nothing is evaluated here.
//!
//! Start at [`split`].

/// A DT text in its parts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parts<'a> {
    pub(super) pieces: Vec<Piece<'a>>,
    pub(super) mutator: Option<Mutator<'a>>,
}

/// A part of the path.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Path(&'a str),
    Selector(&'a str),
}

/// What follows `=` or `=>`.
#[derive(Debug, PartialEq)]
pub(super) struct Mutator<'a> {
    pub(super) whole_list: bool,
    pub(super) body: &'a str,
}

/// Takes a text apart. A bracket or `=` that cannot be DT is a part of a key, as in
/// `Phone (work)` and `OU=Crew`: a selector and a mutator speak of `val`, unless the text
/// begins with `.(` or `.=`.
pub(super) fn split(text: &str) -> Parts<'_> {
    let mut parts = Parts::default();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let (before, after) = (&text[start..at], &text[at + c.len_utf8()..]);
        let begins = start == 0 && before == ".";
        match c {
            '\\' => at += after.chars().next().map_or(0, char::len_utf8),
            '[' => at += after.find(']').unwrap_or(0),
            '(' => {
                if let Some(selector) = selector(after, begins) {
                    parts.push_path(before);
                    parts.pieces.push(Piece::Selector(selector));
                    at += selector.len() + 2;
                    start = at;
                    continue;
                }
            }
            '=' if begins || parts.has_selector() || mentions_val(after) => {
                parts.push_path(before);
                let whole = after.strip_prefix('>');
                parts.mutator =
                    Some(Mutator { whole_list: whole.is_some(), body: whole.unwrap_or(after).trim() });
                return parts;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    parts.push_path(&text[start..]);
    parts
}

impl<'a> Parts<'a> {
    fn push_path(&mut self, path: &'a str) {
        if !matches!(path, "" | ".") {
            self.pieces.push(Piece::Path(path));
        }
    }

    pub(super) fn has_selector(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Selector(_)))
    }
}

/// The selector after its opening bracket.
fn selector(after: &str, begins: bool) -> Option<&str> {
    let body = &after[..closing(after, ')')?];
    let follows = after[body.len() + 1..].chars().next().is_none_or(|c| ".[(=".contains(c));
    (follows && (begins || mentions_val(body))).then_some(body)
}

/// Where a `${...}` ends, counted from behind its `${`. A brace within JavaScript does
/// not end it.
pub(crate) fn hole_end(after: &str) -> Option<usize> {
    let first = after.find('}')?;
    if after[..first].contains(['=', '(']) { closing(after, '}').or(Some(first)) } else { Some(first) }
}

/// Where the bracket closes that is open before the text; brackets in quotes and regular
/// expressions do not count. Nothing is looked for beyond the length of a place, since a
/// long text may have many brackets that never close.
fn closing(text: &str, close: char) -> Option<usize> {
    let text = &text[..text.floor_char_boundary(super::LENGTH)];
    let mut depth = 0_usize;
    let mut before = close;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' | '"' | '`' => skip_quoted(&mut chars, c)?,
            '/' if at == 0 || "(,=:[!&|?{};".contains(before) => skip_quoted(&mut chars, c)?,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return (c == close).then_some(at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

/// Goes behind the closing quote, or behind the `/` that ends a regular expression.
fn skip_quoted(chars: &mut std::str::CharIndices<'_>, quote: char) -> Option<()> {
    let mut in_class = false;
    loop {
        match chars.next()?.1 {
            '\\' => drop(chars.next()),
            c if c == quote && !in_class => return Some(()),
            '[' => in_class = quote == '/',
            ']' => in_class = false,
            _ => {}
        }
    }
}

/// Whether JavaScript speaks of `val`, `val1` and so on.
fn mentions_val(body: &str) -> bool {
    words(body, "val")
        .any(|(_, after)| !after.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(is_identifier))
}

/// Whether a selector compares with `obj`, the entry that is about to be written: every
/// `obj` in it is looked into, and none is a variable of its own.
pub(super) fn is_write_key(selector: &str) -> bool {
    let mut free = words(selector, "obj")
        .filter(|(before, after)| !before.ends_with('.') && !after.starts_with(is_identifier))
        .map(|(_, after)| after.trim_start().starts_with(['.', '[']))
        .peekable();
    free.peek().is_some() && free.all(|looked_into| looked_into)
}

/// Where a word begins in a text: what is before and after it.
fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    text.match_indices(word)
        .map(|(at, word)| (&text[..at], &text[at + word.len()..]))
        .filter(|(before, _)| !before.ends_with(is_identifier))
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A name that a body gives to another place, written `val1---path`.
#[derive(Debug, PartialEq)]
pub(super) struct Bound<'a> {
    pub(super) name: &'a str,
    pub(super) path: &'a str,
}

/// The body with `valN---path` cut to `valN`, and what was cut.
pub(super) fn bindings(body: &str) -> (String, Vec<Bound<'_>>) {
    let mut text = String::with_capacity(body.len());
    let mut bound: Vec<Bound<'_>> = Vec::new();
    let mut rest = body;
    while let Some(dashes) = rest.find("---") {
        let (before, after) = (&rest[..dashes], &rest[dashes + 3..]);
        text.push_str(before);
        rest = after;
        let Some(name) = bound_name(before) else {
            text.push_str("---");
            continue;
        };
        let path = &after[..path_end(after)];
        rest = &after[path.len()..];
        if !bound.iter().any(|other| other.name == name) {
            bound.push(Bound { name, path });
        }
    }
    text.push_str(rest);
    (text, bound)
}

/// The `valN` at the end of a text.
fn bound_name(text: &str) -> Option<&str> {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let outer = stem.strip_suffix("val").filter(|outer| !outer.ends_with(is_identifier))?;
    (stem.len() < text.len()).then_some(&text[outer.len()..])
}

/// Where a path within JavaScript ends: before a blank or an operator that is not escaped.
fn path_end(text: &str) -> usize {
    let mut escaped = false;
    let ends = |c: char| c.is_whitespace() || "()=!<>&|?,;+*/%^~{}'\"`".contains(c);
    text.find(|c: char| {
        let end = !escaped && ends(c);
        escaped = c == '\\' && !escaped;
        end
    })
    .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts in one line: paths as they are, selectors in brackets, the mutator.
    fn shown(text: &str) -> String {
        let parts = split(text);
        let mut shown: Vec<String> = parts
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Path(path) => (*path).to_owned(),
                Piece::Selector(body) => format!("({body})"),
            })
            .collect();
        shown.extend(
            parts
                .mutator
                .map(|mutator| format!("{} {}", if mutator.whole_list { "=>" } else { "=" }, mutator.body)),
        );
        shown.join(" | ")
    }

    #[test]
    fn paths_selectors_and_mutators_are_told_apart() {
        let cases = [
            ("crew.n", "crew.n"),
            ("crew(val.r > 1).n", "crew | (val.r > 1) | .n"),
            ("crew.n(val.indexOf('L)') == 0)", "crew.n | (val.indexOf('L)') == 0)"),
            ("crew(val.r > 1).n=val+'!'", "crew | (val.r > 1) | .n | = val+'!'"),
            ("crew=>val.length", "crew | => val.length"),
            (".={\"a\": val.org}", "= {\"a\": val.org}"),
            (".=1", "= 1"),
            (".(val > 1)", "(val > 1)"),
            ("a(val.x)='fixed'", "a | (val.x) | = 'fixed'"),
            (r"a(/[(/]\)/.test(val)).b", r"a | (/[(/]\)/.test(val)) | .b"),
            // Keys with the characters of DT.
            ("Phone (work)", "Phone (work)"),
            ("Phone (work)=val.trim()", "Phone (work) | = val.trim()"),
            ("OU=Crew", "OU=Crew"),
            ("interval(s)", "interval(s)"),
            ("a(interval)", "a(interval)"),
            (r"a\=val", r"a\=val"),
            ("a(val", "a(val"),
            ("a(val) b", "a(val) b"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn holes_end_behind_the_javascript_in_them() {
        for (text, inside) in [
            ("a.b} and {c}", "a.b"),
            (".={a: {b: val}}} x", ".={a: {b: val}}"),
            (".=val + '}'}", ".=val + '}'"),
            ("it's} and ${that's}", "it's"),
            (".=`${val}`}", ".=`${val}`"),
        ] {
            assert_eq!(hole_end(text).map(|end| &text[..end]), Some(inside), "{text}");
        }
        assert_eq!(hole_end("a"), None);
    }

    #[test]
    fn bindings_are_cut_out() {
        let (text, bound) = bindings(r"val.r == val1---crew.[0].r && val2---.a\ b>val1---x");
        assert_eq!(text, "val.r == val1 && val2>val1");
        let bound: Vec<_> = bound.iter().map(|bound| (bound.name, bound.path)).collect();
        assert_eq!(bound, [("val1", "crew.[0].r"), ("val2", r".a\ b")]);
        assert_eq!(bindings("x---y + interval1---z").0, "x---y + interval1---z");
    }

    #[test]
    fn write_keys_are_known_by_obj() {
        assert!(is_write_key("val.ID && val.ID == obj.ID"));
        for body in ["val.obj.id", "val.some(obj => obj.id)", "val.objs.x", "val.ID"] {
            assert!(!is_write_key(body), "{body}");
        }
    }
}
