//! Patterns of Go and Python in the words of our engines.
//!
//! The languages agree on nearly everything. Here stands what they do not agree on:
//! braces that repeat nothing, brackets and operators in a class, `\Z`, `\Q...\E`, and
//! whether `\w` is ASCII.

/// Whose pattern it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Dialect {
    /// Go's, for built-in operators. `\d`, `\s`, `\w` and `\b` are ASCII.
    Go,
    /// That of Python's `re`.
    Python,
    /// That of Python's `regex`, whose classes may be nested and combined.
    PythonSets,
}

/// Escapes that take something in braces.
const WITH_BRACES: [char; 8] = ['p', 'P', 'x', 'u', 'U', 'k', 'g', 'N'];

pub(super) fn translate(pattern: &str, dialect: Dialect) -> String {
    let mut translation = Translation {
        out: String::with_capacity(pattern.len()),
        rest: pattern,
        class: Class::Outside,
        dialect,
    };
    while let Some(c) = translation.next() {
        match (c, translation.class) {
            ('\\', _) => translation.escape(),
            ('[', Class::Outside) if dialect != Dialect::PythonSets => translation.open(),
            ('{', Class::Outside) => translation.brace(),
            (_, Class::Outside) => translation.out.push(c),
            (_, Class::Begins | Class::Inside) => translation.member(c),
        }
    }
    translation.out
}

/// Where in a class we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Outside,
    Begins,
    Inside,
}

struct Translation<'a> {
    out: String,
    rest: &'a str,
    class: Class,
    dialect: Dialect,
}

impl<'a> Translation<'a> {
    fn next(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let c = rest.next();
        self.rest = rest.as_str();
        c
    }

    /// Takes a text from the front, if it is there.
    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// What follows a backslash.
    fn escape(&mut self) {
        let Some(c) = self.next() else { return self.out.push('\\') };
        let ascii = (self.dialect == Dialect::Go).then(|| ascii_class(c, self.class)).flatten();
        match c {
            _ if ascii.is_some() => self.out.push_str(ascii.unwrap_or_default()),
            // The engines take these for the ends of words.
            '<' | '>' => self.out.push(c),
            'Z' if self.dialect != Dialect::Go => self.out.push_str(r"\z"),
            'Q' if self.dialect == Dialect::Go => {
                let quoted = self.take(self.rest.find(r"\E").unwrap_or(self.rest.len()));
                self.takes(r"\E");
                self.out.push_str(&regex::escape(quoted));
            }
            _ => {
                self.out.push('\\');
                self.out.push(c);
                if WITH_BRACES.contains(&c)
                    && self.rest.starts_with('{')
                    && let Some(end) = self.rest.find('}')
                {
                    let name = self.take(end + 1);
                    self.out.push_str(name);
                }
            }
        }
        self.inside();
    }

    fn open(&mut self) {
        self.class = Class::Begins;
        self.out.push('[');
        if self.takes("^") {
            self.out.push('^');
        }
    }

    /// A character in a class, where only few have a meaning.
    fn member(&mut self, c: char) {
        match c {
            ']' if self.class == Class::Inside => {
                self.class = Class::Outside;
                return self.out.push(']');
            }
            '[' if self.dialect == Dialect::Go && self.rest.starts_with(':') => {
                let end = self.rest[1..].find(":]").map_or(0, |end| end + 3);
                let name = self.take(end);
                self.out.push_str(if name.is_empty() { r"\[" } else { "[" });
                self.out.push_str(name);
            }
            '[' | ']' | '&' | '~' => {
                self.out.push('\\');
                self.out.push(c);
            }
            // Two of them would take one class from the other.
            '-' if self.rest.starts_with('-') && self.class == Class::Begins => self.out.push_str(r"\-"),
            '-' if self.takes("-") => self.out.push_str(r"-\-"),
            _ => self.out.push(c),
        }
        self.inside();
    }

    fn inside(&mut self) {
        if self.class == Class::Begins {
            self.class = Class::Inside;
        }
    }

    /// A brace, which stands for itself where it does not repeat.
    fn brace(&mut self) {
        let inside = self.rest.find('}').map(|end| &self.rest[..end]).unwrap_or_default();
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let repeats = match inside.split_once(',') {
            None => number(inside),
            Some(("", most)) if self.dialect != Dialect::Go && number(most) => {
                return self.out.push_str("{0");
            }
            Some((least, most)) => number(least) && (most.is_empty() || number(most)),
        };
        self.out.push_str(if repeats { "{" } else { r"\{" });
    }
}

/// What Go means by the name of a class or the edge of a word.
fn ascii_class(c: char, class: Class) -> Option<&'static str> {
    Some(match (c, class) {
        ('b', Class::Outside) => r"(?-u:\b)",
        ('B', Class::Outside) => r"(?-u:\B)",
        ('d', _) => "[0-9]",
        ('D', _) => "[^0-9]",
        ('w', _) => "[0-9A-Za-z_]",
        ('W', _) => "[^0-9A-Za-z_]",
        ('s', _) => r"[\t\n\x0C\r ]",
        ('S', _) => r"[^\t\n\x0C\r ]",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_in_go() {
        let cases = [
            (r"^\w+$", "Ann", true),
            (r"^\w+$", "Ånn", false),
            (r"^[\w-]+$", "Ann-7", true),
            (r"^[^\W\d]+$", "Ann", true),
            (r"\bnn", "Ånn", true),
            (r"\Bnn", "Ånn", false),
            (r"n\B", "Ann", true),
            (r#"{"a": [^[]+}"#, r#"{"a": 1}"#, true),
            ("^a{2}$", "aa", true),
            ("^a{,2}$", "a{,2}", true),
            ("^[a&&b]+$", "a&b", true),
            ("^[--/]+$", "-./", true),
            ("^[+--]+$", "+,-", true),
            ("^[]a]+$", "]a", true),
            ("^[^]a]+$", "]", false),
            ("^[[:alpha:]]+$", "Ann", true),
            ("^[[:]+$", "[:", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^\Qa.b\E$", "axb", false),
            (r"^\<a\>$", "<a>", true),
            (r"^\p{Lu}\x{6e}n$", "Ann", true),
            (r"(?i)^ANN\z", "ann", true),
        ];
        for (pattern, text, expected) in cases {
            let translated = translate(pattern, Dialect::Go);
            let regex = regex::Regex::new(&translated)
                .unwrap_or_else(|error| panic!("{pattern} became {translated}: {error}"));
            assert_eq!(regex.is_match(text), expected, "{pattern} became {translated}");
        }
    }

    #[test]
    fn patterns_mean_what_they_mean_in_python() {
        let cases = [
            (Dialect::Python, r"^\w+\Z", "Ånn", true),
            (Dialect::Python, "^[^[]+$", "a", true),
            (Dialect::Python, "^a{,2}$", "aa", true),
            (Dialect::Python, "^{a}$", "{a}", true),
            (Dialect::Python, r"(?P<x>.)(?P=x)", "aa", true),
            (Dialect::Python, r"(?P<x>.)(?P=x)", "ab", false),
            (Dialect::Python, r"(?<!a)b", "ab", false),
            (Dialect::Python, r"^(a)?(?(1)b|c)$", "c", true),
            (Dialect::Python, r"^[[:alpha:]+$", "[:a", true),
            (Dialect::PythonSets, "^[[a-z]&&[aeiou]]+$", "ae", true),
            (Dialect::PythonSets, "^[[a-z]&&[aeiou]]+$", "b", false),
        ];
        for (dialect, pattern, text, expected) in cases {
            let translated = translate(pattern, dialect);
            let regex = fancy_regex::Regex::new(&translated)
                .unwrap_or_else(|error| panic!("{pattern} became {translated}: {error}"));
            assert_eq!(regex.is_match(text).unwrap(), expected, "{pattern} became {translated}");
        }
    }
}
