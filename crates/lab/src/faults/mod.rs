//! Injected faults: which requests go wrong, and how.
//!
//! `kind` and `rule` read what is written, `dice` counts the requests and throws; `serve`
//! carries the faults out.

mod dice;
mod kind;
mod rule;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub(crate) use self::dice::Dice;
use self::kind::KINDS;
pub(crate) use self::kind::{FaultKind, Manner};
use self::rule::Rule;

/// The faults that a server injects.
///
/// A rule is written `KIND:WHEN`, and further `:METHOD` and `:/PATH` where it is for some
/// requests only. WHEN is a share of the requests (`0.1`), the number of one of them (`#3`)
/// or every so many (`%5`). At most one fault meets a request, so the shares of a request
/// may add up to 1 and no further.
///
/// ```
/// let rules = "429:0.1,lost:#1:POST:/api/v1/users,slow@500ms:%5:GET";
/// let faults: provost_lab::Faults = rules.parse().expect("three rules");
/// assert_eq!(faults.seeded(7).to_string(), rules);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    rules: Vec<Rule>,
    seed: Option<u64>,
}

impl Faults {
    /// The same faults, falling on the same requests in every run.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The largest sum of shares that one request can meet: that of the rules which are for
    /// some rule's method and some rule's path.
    fn largest_share(&self) -> f64 {
        let methods = self.rules.iter().map(|rule| rule.scope.method.as_deref().unwrap_or_default());
        let sums = methods.flat_map(|method| {
            let paths = self.rules.iter().map(|rule| rule.scope.path.as_deref().unwrap_or_default());
            paths.map(move |path| {
                self.rules.iter().filter(|rule| rule.scope.has(method, path)).map(Rule::share).sum::<f64>()
            })
        });
        sums.fold(0.0, f64::max)
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
    /// Neither a share from 0 to 1 nor a number of requests.
    #[error(
        "`{0}` is no share of the requests: write a number from 0 to 1, `#3` for the third or `%3` for every third"
    )]
    Share(String),
    /// A delay without number or unit, or after a fault that has none.
    #[error(
        "`{0}` has no readable delay: only `slow` and `drip` have one, written `slow@500ms` or `slow@2s`"
    )]
    Delay(String),
    /// Neither a method nor a path, or a second one.
    #[error(
        "`{0}` is not for some requests: write a method such as `POST`, a path such as `/api`, each once"
    )]
    Scope(String),
    /// More faults than requests.
    #[error("the shares add up to {0}, which is more than 1")]
    Total(f64),
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let texts = text.split(',').map(str::trim).filter(|rule| !rule.is_empty());
        let faults = Self { rules: texts.map(Rule::from_str).collect::<Result<_, _>>()?, seed: None };
        // Ten times 0.1 may be a hair more than 1.
        match faults.largest_share() {
            total if total > 1.0 + 1e-9 => Err(FaultsError::Total(total)),
            _ => Ok(faults),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.rules.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{rule}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    fn thrown(rules: &str, seed: u64) -> Vec<Option<FaultKind>> {
        let dice = Dice::new(rules.parse::<Faults>().expect(rules).seeded(seed));
        (0..1000).map(|_| dice.throw("GET", "/")).collect()
    }

    #[test]
    fn rules_read_and_print_alike() {
        for text in [
            "",
            "429:0.1,reset:0.05",
            "500:1",
            "slow:0.5",
            "slow@500ms:0.1,html:0,cut:0.2,lost:0.2",
            "429-bare:#1:POST,502-html:%2:/api,error:0.1:PUT:/a",
            "drip:#1,drip@5ms:#2,stale:#3:GET,again:%4",
            "429:1:GET,500:1:POST",
            "429:0.5,500:0.5:GET:/a,503:0.5:GET:/b",
        ] {
            assert_eq!(text.parse::<Faults>().expect(text).to_string(), text);
        }
        assert_eq!(" slow@3s : 1 ,".parse::<Faults>().expect("blanks").to_string(), "slow@3000ms:1");
        assert_eq!(["0.1"; 10].map(|share| format!("429:{share}")).join(",").parse::<Faults>().err(), None);
    }

    #[test]
    fn errors_say_what_is_known() {
        let complaint = |text: &str| text.parse::<Faults>().expect_err(text).to_string();
        for unknown in ["boom:0.1", "200:0.1", "600:0.1", "4290:1", "Reset:1", "429-nude:1", "html-bare:1"] {
            let text = complaint(unknown);
            assert!(text.starts_with("unknown fault `"), "{text}");
            assert!(text.ends_with("`cut`, `stale` and `again`"), "{text}");
        }
        assert!(complaint("429").contains("KIND:SHARE"));
        for share in ["429:2", "429:-0.1", "429:many", "429:", "429:NaN", "429:#0", "429:%", "429:#-1"] {
            assert!(complaint(share).contains("from 0 to 1"), "{share}");
        }
        for delay in ["slow@5:1", "slow@ms:1", "slow@:1", "reset@5s:1"] {
            assert!(complaint(delay).contains("slow@500ms"), "{delay}");
        }
        for scope in ["429:1:post", "429:1:", "429:1:GET:PUT", "429:1:/a:/b", "429:1:api"] {
            assert!(complaint(scope).contains("each once"), "{scope}");
        }
        assert!(complaint("429:0.5,500:0.6:GET,503:0.5:/a").contains("1.6"));
        assert_eq!(complaint("429:0.75,500:0.5"), "the shares add up to 1.25, which is more than 1");
    }

    #[test]
    fn a_seed_decides_and_shares_are_kept() {
        assert_eq!(thrown("429:0.2,reset:0.3", 1), thrown("429:0.2,reset:0.3", 1));
        assert_ne!(thrown("429:0.2,reset:0.3", 1), thrown("429:0.2,reset:0.3", 2));
        let faults = thrown("429:0.2,reset:0.3", 3);
        let count = |wanted| faults.iter().filter(|fault| **fault == wanted).count();
        assert!(
            (150..250)
                .contains(&count(Some(FaultKind::Status(StatusCode::TOO_MANY_REQUESTS, Manner::Vendor))))
        );
        assert!((250..350).contains(&count(Some(FaultKind::Reset))));
        assert!(thrown("lost:1", 4).iter().all(|fault| *fault == Some(FaultKind::Lost)));
        assert!(thrown("lost:0", 5).iter().all(Option::is_none));
    }

    #[test]
    fn numbers_count_the_requests_that_a_rule_is_for() {
        let rules = "reset:#2:POST,lost:%3:/a,cut:#1:POST:/b";
        let dice = Dice::new(rules.parse().expect(rules));
        let requests = [
            ("GET", "/b", None),
            ("POST", "/c", None),
            ("POST", "/c", Some(FaultKind::Reset)),
            ("POST", "/c", None),
            ("GET", "/a", None),
            ("GET", "/abc", None),
            ("GET", "/a/b", Some(FaultKind::Lost)),
            ("POST", "/b", Some(FaultKind::Cut)),
            ("POST", "/b", None),
        ];
        for (index, (method, path, fault)) in requests.into_iter().enumerate() {
            assert_eq!(dice.throw(method, path), fault, "{index}: {method} {path}");
        }
    }
}
