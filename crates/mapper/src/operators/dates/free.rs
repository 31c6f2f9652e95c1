//! Dates as people write them: `9 March 2026`, `09/03/26 8:05 pm`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::clock::Token::{Digits, Mark, Word};
use super::clock::{clock, offset, tokens};
use super::moment::{Moment, zone_name};

/// How to read what is ambiguous.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// The first of two numbers that could both be a day is the day.
    pub(super) day_first: bool,
    /// The first of three numbers is the year if it can be.
    pub(super) year_first: bool,
    /// Words that say nothing about dates are passed over.
    pub(super) fuzzy: bool,
}

impl Order {
    /// What American readers expect, and the scripts that read dates in English.
    pub(super) const MONTH_FIRST: Self = Self { day_first: false, year_first: false, fuzzy: false };
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Words that stand in dates and say nothing.
const FILLERS: [&str; 10] = ["t", "at", "on", "of", "and", "st", "nd", "rd", "th", "ad"];

/// Marks that stand in dates.
const MARKS: &str = " ./-,;'";

/// What was found in a text so far.
#[derive(Debug, Default)]
struct Found<'a> {
    numbers: Vec<&'a str>,
    month: Option<i8>,
    time: Option<Time>,
    offset: Option<Offset>,
}

/// Reads a date with day and month; without a year it is in the year of `today`.
pub(super) fn read(text: &str, order: Order, today: Date) -> Option<Moment> {
    let tokens = tokens(text);
    let mut rest = tokens.as_slice();
    let mut found = Found::default();
    while let [first, after @ ..] = rest {
        if found.time.is_none()
            && let Some((time, after)) = clock(rest)
        {
            found.time = Some(time);
            (found.offset, rest) = offset(after);
            continue;
        }
        match first {
            Digits(digits) if found.numbers.len() < 3 => found.numbers.push(digits),
            Digits(_) => return None,
            Word(word) => found.word(&word.to_lowercase(), order.fuzzy || zone_name(word).is_some())?,
            Mark(mark) if order.fuzzy || mark.is_whitespace() || MARKS.contains(*mark) => {}
            Mark(_) => return None,
        }
        rest = after;
    }
    found.moment(order, today)
}

impl Found<'_> {
    /// Takes a word in; nothing where it does not belong in a date.
    fn word(&mut self, word: &str, pass: bool) -> Option<()> {
        let begins = |name: &&str| word.len() >= 3 && name.starts_with(word);
        match MONTHS.iter().position(begins) {
            Some(_) if self.month.is_some() => None,
            Some(position) => {
                self.month = i8::try_from(position + 1).ok();
                Some(())
            }
            None => (pass || FILLERS.contains(&word) || WEEKDAYS.iter().any(begins)).then_some(()),
        }
    }

    fn moment(&self, order: Order, today: Date) -> Option<Moment> {
        if let (None, None, [compact]) = (self.month, self.time, self.numbers.as_slice())
            && compact.len() > 2
        {
            return all_digits(compact);
        }
        let date = self.date(order, today)?;
        Some(Moment {
            wall: DateTime::from_parts(date, self.time.unwrap_or_default()),
            offset: self.offset,
            date_only: self.time.is_none(),
        })
    }

    fn date(&self, order: Order, today: Date) -> Option<Date> {
        let date = |year: &str, month: i8, day: &str| {
            Date::new(full_year(year, today.year())?, month, day.parse().ok()?).ok()
        };
        let month = |text: &str| text.parse::<i8>().ok();
        match (self.month, self.numbers.as_slice()) {
            (None, [compact]) if compact.len() == 8 => all_digits(compact).map(|moment| moment.wall.date()),
            (Some(month), [day]) => Date::new(today.year(), month, day.parse().ok()?).ok(),
            (Some(month), [year, day]) if must_be_year(year) => date(year, month, day),
            (Some(month), [day, year]) => date(year, month, day),
            (None, [a, b, c]) if must_be_year(a) || (order.year_first && fits(b, 12) && fits(c, 31)) => {
                if order.day_first && fits(c, 12) {
                    return date(a, month(c)?, b);
                }
                date(a, month(b)?, c)
            }
            (None, [a, b, c]) if !fits(a, 12) || (order.day_first && fits(b, 12)) => date(c, month(b)?, a),
            (None, [a, b, c]) => date(c, month(a)?, b),
            _ => None,
        }
    }
}

/// `20260309`, with hours and minutes, or seconds too, right after it.
fn all_digits(digits: &str) -> Option<Moment> {
    let format = match digits.len() {
        8 => "%Y%m%d",
        12 => "%Y%m%d%H%M",
        14 => "%Y%m%d%H%M%S",
        _ => return None,
    };
    Moment::read_format(digits, format)
}

fn must_be_year(number: &str) -> bool {
    number.len() > 2 || !fits(number, 31)
}

fn fits(number: &str, most: i32) -> bool {
    number.parse::<i32>().is_ok_and(|number| number <= most)
}

/// A year of two digits is the one that is nearest to this year.
fn full_year(text: &str, this_year: i16) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        1 | 2 => {
            let year = this_year - this_year.rem_euclid(100) + year;
            Some(match year - this_year {
                50.. => year - 100,
                ..-50 => year + 100,
                _ => year,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAY_FIRST: Order = Order { day_first: true, year_first: false, fuzzy: true };

    fn iso(text: &str, order: Order) -> Option<String> {
        read(text, order, date(2026, 1, 1)).map(|moment| moment.iso())
    }

    #[test]
    fn people_write_dates_in_many_ways() {
        let cases = [
            ("09/03/2026", "2026-03-09T00:00:00"),
            ("9.3.26 8:05", "2026-03-09T08:05:00"),
            ("13/25/2026", ""),
            ("03/25/2026", "2026-03-25T00:00:00"),
            ("2026/03/25", "2026-03-25T00:00:00"),
            // The script that reads day first does so even here.
            ("2026-03-09T08:05:00.25Z", "2026-09-03T08:05:00.250000+00:00"),
            ("9 March 2026", "2026-03-09T00:00:00"),
            ("March 9th, 2026 at 8:05 pm", "2026-03-09T20:05:00"),
            ("Mon, 09 Mar 2026 08:05:00 +0200", "2026-03-09T08:05:00+02:00"),
            ("Mon, 09 Mar 2026 12am EST", "2026-03-09T00:00:00-05:00"),
            ("Starts on the 9th of March", "2026-03-09T00:00:00"),
            ("09-Mar-80", "1980-03-09T00:00:00"),
            ("09-Mar-75", "2075-03-09T00:00:00"),
            ("20260309", "2026-03-09T00:00:00"),
            ("202603090805", "2026-03-09T08:05:00"),
            ("10:30 UTC+5:30 9 Mar 2026", "2026-03-09T10:30:00+05:30"),
            ("2026", ""),
            ("March 2026", ""),
            ("8:05", ""),
            ("25:00 9.3.2026", ""),
            ("30.2.2026", ""),
            ("1 2 3 4", ""),
            ("", ""),
            ("soon", ""),
            ("99999999999999999999 1 1", ""),
            ("Ärger 9. März", ""),
        ];
        assert_eq!(iso(&format!("8{}", " ".repeat(100_000)), DAY_FIRST), None);
        for (text, expected) in cases {
            assert_eq!(iso(text, DAY_FIRST).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn the_order_decides() {
        let cases = [
            ("01/02/03", Order::MONTH_FIRST, "2003-01-02T00:00:00"),
            ("01/02/03", Order { year_first: true, ..Order::MONTH_FIRST }, "2001-02-03T00:00:00"),
            ("01/02/03", Order { year_first: true, ..DAY_FIRST }, "2001-03-02T00:00:00"),
            ("2026-03-09", Order::MONTH_FIRST, "2026-03-09T00:00:00"),
            ("about 9 March 2026", Order::MONTH_FIRST, ""),
        ];
        for (text, order, expected) in cases {
            assert_eq!(iso(text, order).unwrap_or_default(), expected, "{text}");
        }
    }
}
