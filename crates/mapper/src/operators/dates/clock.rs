//! Times of day and offsets in texts that people write.

use jiff::civil::Time;
use jiff::tz::Offset;

use Token::{Digits, Mark, Word};

use super::moment::zone_name;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Digits(&'a str),
    Word(&'a str),
    Mark(char),
}

/// A time of day at the beginning, and what is after it.
pub(super) fn clock<'a, 'b>(tokens: &'a [Token<'b>]) -> Option<(Time, &'a [Token<'b>])> {
    let (hour, minute, second, nanosecond, rest) = match tokens {
        [Digits(h), Mark(':'), Digits(m), Mark(':'), Digits(s), Mark('.' | ','), Digits(f), rest @ ..] => {
            (h, *m, *s, nanoseconds(f)?, rest)
        }
        [Digits(h), Mark(':'), Digits(m), Mark(':'), Digits(s), rest @ ..] => (h, *m, *s, 0, rest),
        [Digits(h), Mark(':'), Digits(m), rest @ ..] => (h, *m, "0", 0, rest),
        [Digits(h), rest @ ..] if half_of_day(rest).is_some() => (h, "0", "0", 0, rest),
        _ => return None,
    };
    let (hour, rest) = match (hour.parse::<i8>().ok()?, half_of_day(rest)) {
        (hour, None) => (hour, rest),
        (hour @ 1..=12, Some((afternoon, rest))) => (hour % 12 + if afternoon { 12 } else { 0 }, rest),
        _ => return None,
    };
    let time = Time::new(hour, minute.parse().ok()?, second.parse().ok()?, nanosecond).ok()?;
    Some((time, rest))
}

/// Whether it is the afternoon, if the next word says so.
fn half_of_day<'a, 'b>(tokens: &'a [Token<'b>]) -> Option<(bool, &'a [Token<'b>])> {
    match without_space(tokens) {
        [Word(word), rest @ ..] if word.eq_ignore_ascii_case("am") => Some((false, rest)),
        [Word(word), rest @ ..] if word.eq_ignore_ascii_case("pm") => Some((true, rest)),
        _ => None,
    }
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    format!("{fraction:0<9}").get(..9)?.parse().ok()
}

/// An offset at the beginning, and what is after it.
pub(super) fn offset<'a, 'b>(tokens: &'a [Token<'b>]) -> (Option<Offset>, &'a [Token<'b>]) {
    let (named, rest) = match without_space(tokens) {
        [Word(word), rest @ ..] if zone_name(word).is_some() => (zone_name(word), rest),
        rest => (None, rest),
    };
    let (sign, hours, minutes, after) = match rest {
        [Mark(sign @ ('+' | '-')), Digits(h), Mark(':'), Digits(m), after @ ..] => (sign, *h, *m, after),
        [Mark(sign @ ('+' | '-')), Digits(hm), after @ ..] if hm.len() == 4 => {
            (sign, &hm[..2], &hm[2..], after)
        }
        [Mark(sign @ ('+' | '-')), Digits(h), after @ ..] if h.len() <= 2 => (sign, *h, "0", after),
        _ => return (named, if named.is_some() { rest } else { tokens }),
    };
    let seconds = || {
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let east = if *sign == '-' { -1 } else { 1 };
        (hours <= 25 && minutes < 60).then_some(east * (hours * 3_600 + minutes * 60))
    };
    match seconds().and_then(|seconds| Offset::from_seconds(seconds).ok()) {
        Some(offset) => (Some(offset), after),
        None => (named, tokens),
    }
}

fn without_space<'a, 'b>(tokens: &'a [Token<'b>]) -> &'a [Token<'b>] {
    let is_space = |token: &Token<'_>| matches!(token, Mark(mark) if mark.is_whitespace());
    let first = tokens.iter().position(|token| !is_space(token)).unwrap_or(tokens.len());
    &tokens[first..]
}

/// A text in pieces.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            c if c.is_ascii_digit() => {
                let length = run(|c| c.is_ascii_digit());
                (Digits(&rest[..length]), length)
            }
            c if c.is_alphabetic() => {
                let length = run(char::is_alphabetic);
                (Word(&rest[..length]), length)
            }
            c => (Mark(c), c.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}
