//! Go's layouts: a date is written as the reference date, 2 January 2006, would be.

use jiff::ZonedDateTime;
use jiff::fmt::strtime;

use super::super::Failure;
use super::out_of_range;

/// The parts of the reference date and what they stand for; longer ones come first.
const PARTS: [(&str, &str); 33] = [
    ("Z07:00:00", "Z%::z"),
    ("-07:00:00", "%::z"),
    ("January", "%B"),
    ("Z07:00", "Z%:z"),
    ("-07:00", "%:z"),
    ("Monday", "%A"),
    ("_2006", "_%Y"),
    ("Z0700", "Z%z"),
    ("-0700", "%z"),
    ("2006", "%Y"),
    ("Z07", "Z%:::z"),
    ("-07", "%:::z"),
    ("Jan", "%b"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("__2", "%_j"),
    ("002", "%j"),
    ("_2", "%e"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("1", "%-m"),
    ("2", "%-d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
    ("%", "%%"),
];

/// Writes a date in a layout.
pub(super) fn write(layout: &str, date: &ZonedDateTime) -> Result<String, Failure> {
    strtime::format(format(layout, date), date).map_err(|_| out_of_range())
}

/// The `strftime` format of a layout for this date.
fn format(layout: &str, date: &ZonedDateTime) -> String {
    let mut format = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        let (written, length) = fraction(rest, date)
            .or_else(|| part(rest, date))
            .unwrap_or_else(|| (first.to_string(), first.len_utf8()));
        format += &written;
        rest = &rest[length..];
    }
    format
}

fn part(rest: &str, date: &ZonedDateTime) -> Option<(String, usize)> {
    let is_part = |part: &str| {
        let goes_on = || rest[part.len()..].starts_with(|c: char| c.is_ascii_lowercase());
        rest.starts_with(part) && !(["Jan", "Mon"].contains(&part) && goes_on())
    };
    let (part, meaning) = PARTS.iter().find(|(part, _)| is_part(part))?;
    let written = match meaning.strip_prefix('Z') {
        Some(_) if date.offset().is_zero() => "Z",
        Some(numeric) => numeric,
        None => meaning,
    };
    Some((written.to_owned(), part.len()))
}

/// A fraction of the second: `.000` keeps its zeros at the end, `.999` does not.
fn fraction(rest: &str, date: &ZonedDateTime) -> Option<(String, usize)> {
    let digits = rest.strip_prefix(['.', ','])?;
    let kind = digits.chars().next().filter(|digit| ['0', '9'].contains(digit))?;
    let count = digits.find(|c| c != kind).unwrap_or(digits.len());
    if digits[count..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = format!("{:09}", date.subsec_nanosecond());
    let mut kept = nanoseconds.get(..count).unwrap_or(&nanoseconds);
    if kind == '9' {
        kept = kept.trim_end_matches('0');
    }
    let mark = if kept.is_empty() { "" } else { &rest[..1] };
    Some((format!("{mark}{kept}"), count + 1))
}
