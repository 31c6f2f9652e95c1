//! Lists in pages: so many at once, and a word for where the next page begins.

use crate::Problem;

/// How many there are on a page where nobody says it, and at most.
const USUAL: u64 = 50;
const MOST: u64 = 500;

/// How many there are to be on a page.
pub(crate) fn size(asked: Option<u64>) -> Result<u64, Problem> {
    match asked {
        None => Ok(USUAL),
        Some(size @ 1..=MOST) => Ok(size),
        Some(other) => Err(Problem::invalid(format!("`limit` is from 1 to {MOST}, not {other}"))),
    }
}

/// Whether a text may be the id of a run: a UUID in lower case.
pub(crate) fn is_run(text: &str) -> bool {
    let is_dash = |place: usize| [8, 13, 18, 23].contains(&place);
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let fits = |(place, byte): (usize, u8)| if is_dash(place) { byte == b'-' } else { is_digit(byte) };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// The page, and the word for the next one where there is one. The list has one item more than
/// the page where there is.
pub(crate) fn cut<T>(mut items: Vec<T>, size: u64, word: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| has_more).map(word);
    (items, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_runs_are_known_by_their_form() {
        assert!(is_run("019c0000-0000-7000-8000-00000000000f"));
        for other in
            ["", "abc", "019C0000-0000-7000-8000-000000000000", "019c0000_0000-7000-8000-000000000000"]
        {
            assert!(!is_run(other), "{other}");
        }
    }
}
