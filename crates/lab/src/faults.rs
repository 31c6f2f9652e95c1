//! Injected faults: which share of the requests goes wrong, and how.
//!
//! This module reads the rules and throws the dice; `serve` carries the faults out.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use thiserror::Error;

/// How late a slow answer is when the rule does not say.
const SLOW: Duration = Duration::from_secs(2);

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// An error status, nothing carried out.
    Status(StatusCode),
    /// The connection is reset before anything is carried out.
    Reset,
    /// Carried out, and then no answer.
    Lost,
    /// Carried out, and the answer is late.
    Slow(Duration),
    /// A web page with status 200, nothing carried out.
    Html,
    /// Carried out, and the answer ends in the middle of its body.
    Cut,
}

/// The faults that a server injects, each with its share of the requests.
///
/// At most one fault meets a request, so the shares may add up to 1 and no further.
///
/// ```
/// let faults: provost_lab::Faults = "429:0.1,reset:0.05,slow@500ms:0.2".parse().expect("three rules");
/// assert_eq!(faults.seeded(7).to_string(), "429:0.1,reset:0.05,slow@500ms:0.2");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    rules: Vec<Rule>,
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    kind: FaultKind,
    share: f64,
}

impl Faults {
    /// The same faults, falling on the same requests in every run.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

/// Why a text is no list of faults.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FaultsError {
    /// A rule without a colon.
    #[error("`{0}` is no fault: write KIND:SHARE, such as `429:0.1`; kinds are {KINDS}")]
    Form(String),
    /// A kind that nobody knows.
    #[error("unknown fault `{0}`: kinds are {KINDS}")]
    Kind(String),
    /// A share that is no number from 0 to 1.
    #[error("`{0}` is no share of the requests: write a number from 0 to 1")]
    Share(String),
    /// A delay without number or unit, or after a fault that has none.
    #[error("`{0}` has no readable delay: only `slow` has one, written `slow@500ms` or `slow@2s`")]
    Delay(String),
    /// More faults than requests.
    #[error("the shares add up to {0}, which is more than 1")]
    Total(f64),
}

/// The kinds, for people.
const KINDS: &str = "a status from 400 to 599, `reset`, `lost`, `slow`, `html` and `cut`";

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let texts = text.split(',').map(str::trim).filter(|rule| !rule.is_empty());
        let rules = texts.map(Rule::from_str).collect::<Result<Vec<_>, _>>()?;
        let total: f64 = rules.iter().map(|rule| rule.share).sum();
        // Ten times 0.1 may be a hair more than 1.
        if total > 1.0 + 1e-9 {
            return Err(FaultsError::Total(total));
        }
        Ok(Self { rules, seed: None })
    }
}

impl FromStr for Rule {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let (kind, share) = text.split_once(':').ok_or_else(|| FaultsError::Form(text.to_owned()))?;
        let kind = kind.trim().parse()?;
        let share = share.trim();
        let number = share.parse().ok().filter(|number| (0.0..=1.0).contains(number));
        Ok(Self { kind, share: number.ok_or_else(|| FaultsError::Share(share.to_owned()))? })
    }
}

impl FromStr for FaultKind {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        if let Some((word, delay)) = text.split_once('@') {
            let delay = (word == "slow").then(|| delay_of(delay)).flatten();
            return delay.map(Self::Slow).ok_or_else(|| FaultsError::Delay(text.to_owned()));
        }
        match text {
            "reset" => Ok(Self::Reset),
            "lost" => Ok(Self::Lost),
            "slow" => Ok(Self::Slow(SLOW)),
            "html" => Ok(Self::Html),
            "cut" => Ok(Self::Cut),
            other => error_status(other).map(Self::Status).ok_or_else(|| FaultsError::Kind(other.to_owned())),
        }
    }
}

fn error_status(text: &str) -> Option<StatusCode> {
    let number = text.parse().ok().filter(|number| (400..=599).contains(number))?;
    StatusCode::from_u16(number).ok()
}

fn delay_of(text: &str) -> Option<Duration> {
    if let Some(number) = text.strip_suffix("ms") {
        return number.parse().ok().map(Duration::from_millis);
    }
    text.strip_suffix('s')?.parse().ok().map(Duration::from_secs)
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.rules.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}:{}", rule.kind, rule.share)?;
        }
        Ok(())
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => f.write_str(status.as_str()),
            Self::Reset => f.write_str("reset"),
            Self::Lost => f.write_str("lost"),
            Self::Slow(SLOW) => f.write_str("slow"),
            Self::Slow(delay) => write!(f, "slow@{}ms", delay.as_millis()),
            Self::Html => f.write_str("html"),
            Self::Cut => f.write_str("cut"),
        }
    }
}

/// Decides for one request after the other.
pub(crate) struct Dice {
    rules: Vec<Rule>,
    random: Mutex<fastrand::Rng>,
}

impl Dice {
    /// The dice for these faults.
    pub(crate) fn new(faults: Faults) -> Self {
        let random = faults.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Self { rules: faults.rules, random: Mutex::new(random) }
    }

    /// The fault of the next request, if it has one.
    pub(crate) fn throw(&self) -> Option<FaultKind> {
        if self.rules.is_empty() {
            return None;
        }
        let mut point = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        for rule in &self.rules {
            if point < rule.share {
                return Some(rule.kind);
            }
            point -= rule.share;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thrown(rules: &str, seed: u64) -> Vec<Option<FaultKind>> {
        let dice = Dice::new(rules.parse::<Faults>().expect(rules).seeded(seed));
        (0..1000).map(|_| dice.throw()).collect()
    }

    #[test]
    fn rules_read_and_print_alike() {
        for text in ["", "429:0.1,reset:0.05", "500:1", "slow:0.5", "slow@500ms:0.1,html:0,cut:0.2,lost:0.2"]
        {
            assert_eq!(text.parse::<Faults>().expect(text).to_string(), text);
        }
        assert_eq!(" slow@3s : 1 ,".parse::<Faults>().expect("blanks").to_string(), "slow@3000ms:1");
        assert_eq!(["0.1"; 10].map(|share| format!("429:{share}")).join(",").parse::<Faults>().err(), None);
    }

    #[test]
    fn errors_say_what_is_known() {
        let complaint = |text: &str| text.parse::<Faults>().expect_err(text).to_string();
        for unknown in ["boom:0.1", "200:0.1", "600:0.1", "4290:1", "Reset:1"] {
            let text = complaint(unknown);
            assert!(text.starts_with("unknown fault `"), "{text}");
            assert!(text.ends_with("400 to 599, `reset`, `lost`, `slow`, `html` and `cut`"), "{text}");
        }
        assert!(complaint("429").contains("KIND:SHARE"));
        for share in ["429:2", "429:-0.1", "429:many", "429:", "429:NaN"] {
            assert!(complaint(share).contains("from 0 to 1"), "{share}");
        }
        for delay in ["slow@5:1", "slow@ms:1", "slow@:1", "reset@5s:1"] {
            assert!(complaint(delay).contains("slow@500ms"), "{delay}");
        }
        assert_eq!(complaint("429:0.75,500:0.5"), "the shares add up to 1.25, which is more than 1");
    }

    #[test]
    fn a_seed_decides_and_shares_are_kept() {
        assert_eq!(thrown("429:0.2,reset:0.3", 1), thrown("429:0.2,reset:0.3", 1));
        assert_ne!(thrown("429:0.2,reset:0.3", 1), thrown("429:0.2,reset:0.3", 2));
        let faults = thrown("429:0.2,reset:0.3", 3);
        let count = |wanted| faults.iter().filter(|fault| **fault == wanted).count();
        assert!((150..250).contains(&count(Some(FaultKind::Status(StatusCode::TOO_MANY_REQUESTS)))));
        assert!((250..350).contains(&count(Some(FaultKind::Reset))));
        assert!(thrown("lost:1", 4).iter().all(|fault| *fault == Some(FaultKind::Lost)));
        assert!(thrown("lost:0", 5).iter().all(Option::is_none));
    }
}
