//! What the headers of an answer say of a rate limit.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;

use crate::retry::date;

/// The names of the headers in use: how many there are, how many are left, when there are
/// new ones. Okta has the first row, ServiceNow and GitHub the second, early drafts of the
/// IETF the third.
const HEADERS: [(&str, &str, &str); 3] = [
    ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"),
    ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
];
/// The one header of later drafts of the IETF: `"default";r=50;t=30`, or, for a while,
/// `limit=100, remaining=50, reset=30`.
const ONE: &str = "ratelimit";
/// Larger numbers are moments (Unix time), smaller ones are seconds from now.
const MOMENT: i64 = 1_000_000_000;
/// No window is longer; what says more is not believed.
pub(super) const LONGEST: Duration = Duration::from_hours(25);

/// What a system said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) limit: Option<i64>,
    pub(super) left: i64,
    pub(super) reset: Duration,
}

/// Reads the headers, whatever their names.
pub(super) fn read(headers: &HeaderMap, clock: Timestamp) -> Option<Said> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let found = HEADERS.iter().find_map(|(limit, left, reset)| {
        let (left, reset) = (number(text(left)?)?, until(text(reset)?, headers, clock)?);
        Some(Said { limit: text(limit).and_then(number), left, reset })
    });
    found.or_else(|| one(headers))
}

/// Reads the one header. Of several limits the one counts of which the fewest are left.
fn one(headers: &HeaderMap) -> Option<Said> {
    let texts = headers.get_all(ONE).iter().filter_map(|value| value.to_str().ok());
    let items: Vec<&str> = texts.flat_map(|text| text.split(',')).collect();
    let flat = said(&items, ["limit", "remaining", "reset"]);
    flat.or_else(|| {
        let each = items.iter().filter_map(|item| {
            let parameters: Vec<&str> = item.split(';').skip(1).collect();
            said(&parameters, ["q", "r", "t"])
        });
        each.min_by_key(|said| (said.left, std::cmp::Reverse(said.reset)))
    })
}

/// Reads parameters with these names.
fn said(parameters: &[&str], [limit, left, reset]: [&str; 3]) -> Option<Said> {
    let value = |name: &str| {
        let mut pairs = parameters.iter().filter_map(|parameter| parameter.split_once('='));
        pairs.find(|(known, _)| known.trim() == name).and_then(|(_, value)| number(value.trim()))
    };
    let reset = Duration::from_secs(u64::try_from(value(reset)?).ok()?);
    Some(Said { limit: value(limit), left: value(left)?, reset }).filter(|said| said.reset <= LONGEST)
}

/// A number that is not below nothing; what follows it is for others.
fn number(text: &str) -> Option<i64> {
    text.split([',', ';']).next()?.trim().parse().ok().map(|number: i64| number.max(0))
}

/// How long until a moment that a header names: seconds, Unix time or a date. Unix time is
/// the system's own, so its clock is asked where it shows it.
fn until(text: &str, headers: &HeaderMap, clock: Timestamp) -> Option<Duration> {
    let own = || {
        let shown = headers.get(http::header::DATE).and_then(|shown| date(shown.to_str().ok()?));
        shown.unwrap_or(clock).as_second()
    };
    let seconds = match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a header fit, and saturate")]
        Ok(number) if number as i64 >= MOMENT => (number as i64).saturating_sub(own()),
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a header fit, and saturate")]
        Ok(number) => number.ceil() as i64,
        Err(_) => date(text)?.as_second().saturating_sub(own()),
    };
    let pause = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    Some(pause).filter(|pause| *pause <= LONGEST)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read_of(rows: &[(&'static str, &str)]) -> Option<(Option<i64>, i64, u64)> {
        let pair = |(name, value): &(&'static str, &str)| {
            (http::HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
        };
        let mut headers = HeaderMap::new();
        for (name, value) in rows.iter().map(pair) {
            headers.append(name, value);
        }
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        read(&headers, now).map(|said| (said.limit, said.left, said.reset.as_secs()))
    }

    #[test]
    fn every_name_in_use_is_read() {
        let unix = "1767225620";
        let cases: [(&[(&'static str, &str)], _); 13] = [
            (
                &[
                    ("x-rate-limit-limit", "600"),
                    ("x-rate-limit-remaining", "9"),
                    ("x-rate-limit-reset", unix),
                ],
                Some((Some(600), 9, 20)),
            ),
            (&[("x-ratelimit-remaining", "9"), ("x-ratelimit-reset", "20")], Some((None, 9, 20))),
            (
                &[
                    ("ratelimit-limit", "10, 10;w=60"),
                    ("ratelimit-remaining", "9"),
                    ("ratelimit-reset", "20"),
                ],
                Some((Some(10), 9, 20)),
            ),
            (&[("ratelimit", "\"default\";r=50;t=30")], Some((None, 50, 30))),
            (&[("ratelimit", "\"day\";r=900;t=80000, \"burst\" ; r=0 ; t=7")], Some((None, 0, 7))),
            (&[("ratelimit", "\"a\";r=5;t=2"), ("ratelimit", "\"b\";r=3;t=9")], Some((None, 3, 9))),
            (&[("ratelimit", "limit=100, remaining=50, reset=30")], Some((Some(100), 50, 30))),
            (&[("ratelimit", "\"default\";r=50")], None),
            (&[("ratelimit", "\"default\";r=0;t=99999999999")], None),
            (&[("x-ratelimit-remaining", "9")], None),
            (
                &[("x-ratelimit-remaining", "-9223372036854775808"), ("x-ratelimit-reset", "5")],
                Some((None, 0, 5)),
            ),
            (&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "soon")], None),
            (
                &[
                    ("date", "Mon, 01 Jan 1900 00:00:00 GMT"),
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "9223372036854775807"),
                ],
                None,
            ),
        ];
        for (headers, expected) in cases {
            assert_eq!(read_of(headers), expected, "{headers:?}");
        }
    }
}
