//! Why a request has to wait, and what is said when nobody wants to wait that long.

use std::fmt;
use std::time::Duration;

use provost_core::{Fault, FaultKind};

/// Why a request has to wait, and how long.
#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) pause: Duration,
    pub(crate) reason: Reason,
}

#[derive(Debug)]
pub(crate) enum Reason {
    /// The system seems to be down; this happened last.
    Down(Box<Fault>),
    /// The system said that nothing is left.
    Told,
    /// As many left as are declared.
    Declared,
}

/// How long one request may wait in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    whole: Duration,
    pub(crate) left: Duration,
}

impl Patience {
    pub(crate) fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }

    /// How long it has waited.
    pub(super) fn spent(self) -> Duration {
        self.whole.saturating_sub(self.left)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Down(_) => "the system does not answer; it is asked again",
            Self::Told => "the system's rate limit",
            Self::Declared => "the declared rate",
        })
    }
}

impl Wait {
    /// The fault of a request that is not sent, because this takes too long.
    pub(crate) fn given_up(self, waited: Duration) -> Fault {
        let waited = waited.as_secs();
        match self.reason {
            Reason::Down(cause) => Fault {
                kind: FaultKind::NotSent,
                message: format!(
                    "not sent: the system is unavailable, after {waited} s of waiting. The last failure was: {}",
                    cause.message
                ),
                hints: vec!["look whether the system is up, then try again".to_owned()],
                retry_after: None,
                ..*cause
            },
            reason => {
                let seconds = self.pause.as_secs_f32().ceil();
                let message = format!(
                    "not sent: {reason}, and that would take {seconds} s more, after {waited} s of waiting"
                );
                let fault = Fault::new(FaultKind::RateLimited, message);
                Fault { retry_after: Some(self.pause), ..fault }
                    .with_hint(format!("try again in {seconds} s"))
            }
        }
    }
}
