//! Why a server did not carry a command out, in words.

use std::time::Duration;

use provost_core::Fault;
use provost_net::Url;
use serde::Deserialize;

use crate::commands::LOOK_FIRST;
use crate::output::Hinted;

/// How much of an answer is shown that is none of Provost's, in characters.
const EXCERPT: usize = 120;

/// What to do about a status where the server gives no advice.
const ADVICE: [(u16, &str); 5] = [
    (401, "export PROVOST_API_KEY=..., or say with --api-key where the key is"),
    (403, "whoever runs the server can make a key that may"),
    (404, "is it spelled as at the server?"),
    (429, "try again later"),
    (503, "try again later"),
];
const IS_IT_PROVOST: &str = "is it the address of a Provost server?";

/// A problem as servers tell it (RFC 9457).
#[derive(Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    run: Option<String>,
}

/// A request that was not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    pub(super) message: String,
    hints: Vec<String>,
}

impl Refusal {
    /// What the body of a refusal says.
    pub(super) fn of(status: u16, body: &str) -> Self {
        let Ok(problem) = serde_json::from_str::<Problem>(body) else { return Self::nonsense(status, body) };
        let run = problem.run.map(|run| format!("the server calls it run {run}"));
        let mut hints: Vec<String> = problem.hints.into_iter().chain(run).collect();
        if hints.is_empty() {
            let advice = ADVICE.iter().filter(|(known, _)| *known == status);
            hints.extend(advice.map(|(_, text)| (*text).to_owned()));
        }
        Self { status, message: problem.detail, hints }
    }

    /// An answer that no Provost server gives.
    pub(super) fn nonsense(status: u16, body: &str) -> Self {
        let line: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = match line.char_indices().nth(EXCERPT) {
            Some((end, _)) => format!(": {}...", &line[..end]),
            None if line.is_empty() => String::new(),
            None => format!(": {line}"),
        };
        let message = format!("the answer is none of Provost's (status {status}{shown})");
        Self { status, message, hints: vec![IS_IT_PROVOST.to_owned()] }
    }

    /// Whether the reason may be that there is no such command.
    pub(super) fn may_be_unknown(&self) -> bool {
        matches!(self.status, 404 | 405)
    }

    /// The same for whoever asked.
    pub(super) fn told(self, address: &Url) -> Hinted {
        let message = format!("the server at {} refused: {}", shown(address), self.message);
        self.hints.into_iter().fold(Hinted::new(message), Hinted::hint)
    }
}

/// A server that does not know the command.
pub(super) fn not_offered(address: &Url, command: &str) -> Hinted {
    Hinted::new(format!("the server at {} does not offer `{command}`", shown(address)))
        .hint("it may be older than this program; without --server the command runs on this machine")
}

/// A server that cannot be reached.
pub(super) fn unreachable(address: &Url, fault: &Fault) -> Hinted {
    let message = format!("could not reach the server at {}: {}", shown(address), cause(fault));
    let advice = fault.hints.iter().filter(|hint| hint.contains("proxy"));
    let problem = Hinted::new(message).hint(reach(fault));
    advice.fold(problem, |problem, hint| problem.hint(hint.as_str()))
}

fn reach(fault: &Fault) -> &'static str {
    match fault.kind {
        provost_core::FaultKind::Configuration => {
            "name the authority that signed the server's certificate with --ca-file or PROVOST_CA_FILE"
        }
        provost_core::FaultKind::BadAnswer => IS_IT_PROVOST,
        _ => "is `--server` or PROVOST_SERVER right, and is the server up?",
    }
}

/// A server that was there, and then did not answer any more.
pub(super) fn lost(address: &Url, fault: &Fault, writes: bool) -> Hinted {
    let message = format!("no answer of the server at {}: {}", shown(address), cause(fault));
    uncertain(message, writes)
}

/// A server that takes too long.
pub(super) fn too_slow(address: &Url, limit: Duration, writes: bool) -> Hinted {
    let seconds = limit.as_secs();
    let message = format!("no answer of the server at {} within {seconds} s", shown(address));
    uncertain(message, writes).hint("PROVOST_TIMEOUT sets how long to wait, in seconds")
}

fn uncertain(message: String, writes: bool) -> Hinted {
    if !writes {
        return Hinted::new(message);
    }
    Hinted::new(format!("{message}; whether the command was carried out is not known")).hint(LOOK_FIRST)
}

/// An answer that cannot be printed.
pub(super) fn nonsense(address: &Url, error: &str) -> Hinted {
    Hinted::new(format!("the answer of the server at {} cannot be read: {error}", shown(address)))
        .hint("is it a Provost server, and as new as this program?")
}

/// What happened, without the words for those who configure instances.
pub(super) fn cause(fault: &Fault) -> String {
    let line = fault.message.lines().last().unwrap_or_default();
    line.strip_prefix("Error Type: ").unwrap_or(line).to_owned()
}

/// An address as people see it.
pub(super) fn shown(address: &Url) -> &str {
    address.as_str().trim_end_matches('/')
}
