//! What can go wrong with a request, and how that is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;

use super::FaultsError;

/// How late a slow answer is when the rule does not say.
const LATE: Duration = Duration::from_secs(2);

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// An error status, nothing carried out.
    Status(StatusCode, Manner),
    /// The vendor's error with status 200, nothing carried out.
    Error,
    /// A web page with status 200, nothing carried out.
    Html,
    /// The connection is reset before anything is carried out.
    Reset,
    /// Carried out, and then no answer.
    Lost,
    /// Carried out, and the answer is late.
    Slow(Duration),
    /// Carried out, and the body of the answer comes in drops.
    Drip(Duration),
    /// Carried out, and the answer ends in the middle of its body.
    Cut,
    /// A read that was asked before shows what it showed before the last write.
    Stale,
    /// A read shows what the read before it at the same path showed: a page comes again,
    /// and with it the token that leads to it.
    Again,
}

/// What an error status comes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The vendor's body, and with 429 when to come again.
    Vendor,
    /// The vendor's body, and no word of when to come again.
    Bare,
    /// A web page, as a gateway in front of the vendor sends it.
    Html,
}

/// Kinds that are one word.
const WORDS: [(&str, FaultKind); 9] = [
    ("error", FaultKind::Error),
    ("html", FaultKind::Html),
    ("reset", FaultKind::Reset),
    ("lost", FaultKind::Lost),
    ("slow", FaultKind::Slow(LATE)),
    ("drip", FaultKind::Drip(LATE)),
    ("cut", FaultKind::Cut),
    ("stale", FaultKind::Stale),
    ("again", FaultKind::Again),
];

/// What may follow a status.
const MANNERS: [(&str, Manner); 3] = [("", Manner::Vendor), ("-bare", Manner::Bare), ("-html", Manner::Html)];

/// The kinds, for people.
pub(super) const KINDS: &str = "a status from 400 to 599 (or `429-bare`, `502-html`), `error`, `html`, \
                                `reset`, `lost`, `slow`, `drip`, `cut`, `stale` and `again`";

impl FromStr for FaultKind {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        if let Some((word, delay)) = text.split_once('@') {
            let late = delay_of(delay).and_then(|delay| late(word, delay));
            return late.ok_or_else(|| FaultsError::Delay(text.to_owned()));
        }
        let known = WORDS.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind);
        known.or_else(|| error_status(text)).ok_or_else(|| FaultsError::Kind(text.to_owned()))
    }
}

fn late(word: &str, delay: Duration) -> Option<FaultKind> {
    match word {
        "slow" => Some(FaultKind::Slow(delay)),
        "drip" => Some(FaultKind::Drip(delay)),
        _ => None,
    }
}

fn error_status(text: &str) -> Option<FaultKind> {
    let (number, manner) = text.split_at_checked(3)?;
    let (_, manner) = MANNERS.iter().find(|(word, _)| *word == manner)?;
    let number = number.parse().ok().filter(|number| (400..=599).contains(number))?;
    Some(FaultKind::Status(StatusCode::from_u16(number).ok()?, *manner))
}

fn delay_of(text: &str) -> Option<Duration> {
    if let Some(number) = text.strip_suffix("ms") {
        return number.parse().ok().map(Duration::from_millis);
    }
    text.strip_suffix('s')?.parse().ok().map(Duration::from_secs)
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((word, _)) = WORDS.iter().find(|(_, kind)| kind == self) {
            return f.write_str(word);
        }
        match self {
            Self::Slow(delay) => write!(f, "slow@{}ms", delay.as_millis()),
            Self::Drip(delay) => write!(f, "drip@{}ms", delay.as_millis()),
            Self::Status(status, manner) => {
                let word = MANNERS.iter().find(|(_, known)| known == manner).map_or("", |(word, _)| word);
                write!(f, "{}{word}", status.as_str())
            }
            _ => Ok(()),
        }
    }
}
