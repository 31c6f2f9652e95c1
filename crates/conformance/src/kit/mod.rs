//! The conformance kit: checks of a system through an instance, as its users will see it.
//!
//! Each check makes a person of its own, so that none depends on another. What was made is
//! taken out of use at the end; nothing is deleted but groups of the kit's own.

mod accounts;
mod bench;
mod groups;
mod lists;
mod undeclared;
mod values;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use provost_core::{Attributes, Verb};
use provost_engine::Instance;

use self::bench::Bench;

/// What is checked, and with which people.
pub struct Kit<'a> {
    /// The system.
    pub instance: &'a Instance,
    /// Members that every profile has besides mail address, user name and names.
    pub profile: Attributes,
    /// The domain of the mail addresses.
    pub domain: String,
    /// What tells this run's people from those of other runs: small letters and digits.
    pub run: String,
    /// How long it may take until a write is seen.
    pub patience: Duration,
    /// Becomes true when no further check is to be begun.
    pub stopped: AtomicBool,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's name.
    pub check: &'static str,
    /// What must be true.
    pub about: &'static str,
    /// Whether it is.
    pub verdict: Verdict,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is true; what was seen.
    Holds(String),
    /// It is not; what was seen instead.
    Fails(String),
    /// The integration does not claim to be able to do what is checked.
    NotDeclared(String),
}

impl Verdict {
    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Holds(_) => "ok",
            Self::Fails(_) => "failed",
            Self::NotDeclared(_) => "not declared",
        }
    }

    /// What was seen.
    pub fn note(&self) -> &str {
        match self {
            Self::Holds(note) | Self::Fails(note) | Self::NotDeclared(note) => note,
        }
    }
}

/// How a check ends: what was seen, or what was seen in the place of what must be.
type End = Result<String, String>;

/// A check. The name begins the mail address of its people.
struct Check {
    name: &'static str,
    about: &'static str,
    needs: Need,
    run: for<'a> fn(&'a Bench<'a>) -> LocalBoxFuture<'a, End>,
}

/// What an integration must declare for a check to mean anything.
#[derive(Clone, Copy)]
enum Need {
    Nothing,
    Verbs(&'static [Verb]),
    /// The same, and that nothing is written where nothing changes.
    SkipsUnchanged,
    List,
    Fields,
    Groups,
}

/// Every check, in the order in which they are carried out.
fn checks() -> impl Iterator<Item = &'static Check> {
    [accounts::CHECKS, values::CHECKS, lists::CHECKS, groups::CHECKS, undeclared::CHECKS]
        .into_iter()
        .flatten()
}

impl Kit<'_> {
    /// Carries out every check and hands over each finding as soon as it is there.
    pub async fn check(&self, take: &mut dyn FnMut(Finding)) {
        let bench = Bench::new(self);
        for check in checks().take_while(|_| !self.stopped.load(Ordering::Relaxed)) {
            let verdict = match bench.lacks(check.needs) {
                Some(what) => Verdict::NotDeclared(what),
                None => match (check.run)(&bench).await {
                    Ok(note) => Verdict::Holds(note),
                    Err(note) => Verdict::Fails(note),
                },
            };
            take(Finding { check: check.name, about: check.about, verdict });
            if bench.is_hopeless() {
                break;
            }
        }
        take(bench.secrets());
        take(bench.put_away().await);
    }
}

/// A condition of a check.
fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
