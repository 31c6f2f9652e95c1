//! Dates moved by words: `in 1 day`, `3 months ago`, `next week`.

use jiff::Span;
use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use super::scripts::any_form;
use super::{no_date, out_of_range};

pub(super) const MODIFY_DATE_TIME: Operator = Operator {
    name: "ModifyDateTime",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument { name: "variation", kind: ArgumentKind::Text, default: None }],
    null: OnNull::Stays,
    about: "Moves a date by words such as `in 1 day` or `3 months ago`; a bare `1 day` is a day ago.",
    examples: &[
        Example {
            value: r#""2026-01-31""#,
            arguments: &[("variation", r#""in 1 month""#)],
            gives: r#""2026-02-28T00:00:00""#,
        },
        Example {
            value: r#""2026-03-09T08:05:00Z""#,
            arguments: &[("variation", r#""1 day, 2 hours""#)],
            gives: r#""2026-03-08T06:05:00+00:00""#,
        },
        Example {
            value: r#""2026-03-09""#,
            arguments: &[("variation", r#""in 99999999999999999999 days""#)],
            gives: "!is no variation",
        },
        Example {
            value: r#""2026-03-09""#,
            arguments: &[("variation", r#""soonish""#)],
            gives: "!`soonish` is no variation",
        },
    ],
    run: modify_date_time,
};

fn modify_date_time(call: &Call<'_>) -> Result<Value, Failure> {
    let variation = call.required("variation")?;
    let no_variation =
        || Failure::new(FailureKind::Argument, format!("`{variation}` is no variation of a date"));
    let span = span(&variation).ok_or_else(no_variation)?;
    let moment = any_form(&call.text()?, call).ok_or_else(|| no_date(call.value))?;
    moment.after(span).map(|moment| Value::from(moment.iso())).ok_or_else(out_of_range)
}

/// The span of a variation, which is told from now: without `in` or `ago` it has been.
pub(in super::super) fn span(variation: &str) -> Option<Span> {
    let text = variation.trim().to_lowercase();
    match text.as_str() {
        "now" | "today" => return Some(Span::new()),
        "yesterday" => return span("1 day ago"),
        "tomorrow" => return span("in 1 day"),
        _ => {}
    }
    if let Some(unit) = text.strip_prefix("next ") {
        return amount(1, unit.trim(), Span::new());
    }
    if let Some(unit) = text.strip_prefix("last ").or_else(|| text.strip_prefix("previous ")) {
        return amount(-1, unit.trim(), Span::new());
    }
    let (forward, amounts) = direction(&text);
    let sign = if forward { 1 } else { -1 };
    // Durations as ISO writes them, and units that are rare, are left to the library.
    let other = || amounts.trim().parse::<Span>().ok().map(|span| if forward { span } else { span.negate() });
    words(amounts, sign).or_else(other)
}

/// The span of numbers and units.
fn words(amounts: &str, sign: i64) -> Option<Span> {
    let mut words = pieces(amounts).into_iter().filter(|word| *word != "and").peekable();
    words.peek()?;
    let mut span = Span::new();
    while let Some(number) = words.next() {
        let number: i64 = if ["a", "an"].contains(&number) { 1 } else { number.parse().ok()? };
        span = amount(sign * number, words.next()?, span)?;
    }
    Some(span)
}

/// Whether the words lead to the future, and the words for how far.
fn direction(text: &str) -> (bool, &str) {
    let future = text
        .strip_prefix("in ")
        .or_else(|| text.strip_prefix('+'))
        .or_else(|| text.strip_suffix(" from now"))
        .or_else(|| text.strip_suffix(" later"));
    let past = || text.strip_suffix(" ago").or_else(|| text.strip_prefix('-'));
    match future {
        Some(amounts) => (true, amounts),
        None => (false, past().unwrap_or(text)),
    }
}

/// Numbers and words, also where nothing is between them.
fn pieces(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    let same_kind = |a: &u8, b: &u8| a.is_ascii_digit() == b.is_ascii_digit();
    let runs = |word: &'_ str| word.as_bytes().chunk_by(same_kind).map(<[u8]>::len).collect::<Vec<_>>();
    let mut pieces = Vec::new();
    for mut word in words {
        for length in runs(word) {
            let (piece, rest) = word.split_at(length);
            pieces.push(piece);
            word = rest;
        }
    }
    pieces
}

/// A span and so many more of a unit.
fn amount(number: i64, unit: &str, span: Span) -> Option<Span> {
    match unit {
        "y" | "yr" | "yrs" | "year" | "years" => span.try_years(i64::from(span.get_years()) + number),
        "mo" | "month" | "months" => span.try_months(i64::from(span.get_months()) + number),
        "w" | "week" | "weeks" => span.try_weeks(i64::from(span.get_weeks()) + number),
        "d" | "day" | "days" => span.try_days(i64::from(span.get_days()) + number),
        "h" | "hr" | "hrs" | "hour" | "hours" => span.try_hours(i64::from(span.get_hours()) + number),
        "m" | "min" | "mins" | "minute" | "minutes" => span.try_minutes(span.get_minutes() + number),
        "s" | "sec" | "secs" | "second" | "seconds" => span.try_seconds(span.get_seconds() + number),
        _ => return None,
    }
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variations_are_understood() {
        let cases = [
            ("in 1 day", "P1D"),
            ("1 day", "-P1D"),
            ("3 months ago", "-P3M"),
            ("-15m", "-PT15M"),
            ("15m", "-PT15M"),
            ("+15m", "PT15M"),
            ("2h30m from now", "PT2H30M"),
            ("in 1 year, 2 weeks and 3 seconds", "P1Y2WT3S"),
            ("an hour ago", "-PT1H"),
            ("Yesterday", "-P1D"),
            ("next month", "P1M"),
            ("last year", "-P1Y"),
            ("today", "PT0S"),
            ("PT1H ago", "-PT1H"),
            ("in P1M", "P1M"),
        ];
        for (text, expected) in cases {
            assert_eq!(span(text).map(|span| span.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "in", "day", "1", "1.5 days", "in x days", "next", "in 9223372036854775807 days", "é"]
        {
            assert!(span(text).is_none(), "{text}");
        }
    }
}
