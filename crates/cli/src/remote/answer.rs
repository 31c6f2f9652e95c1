//! What a server's answer means for the command.

use std::time::Duration;

use provost_core::Redactor;
use provost_net::Answer;
use serde_json::Value;

use super::refusal::Refusal;

/// What came of asking.
#[derive(Debug)]
pub(super) enum Said {
    Done(Value),
    /// An earlier request of the same command is under way; this is when to look again.
    Running(Duration),
    /// Not now; the server may have said when.
    Later(Option<Duration>, Refusal),
    /// Never.
    Refused(Refusal),
}

/// Statuses that pass by. All but the first two are a proxy's that has lost the server.
const PASSING: [u16; 5] = [429, 503, 408, 502, 504];
const CONFLICT: u16 = 409;

/// Judges an answer. The key is masked in it, whoever wrote it there.
pub(super) fn judge(answer: &Answer, redactor: &Redactor) -> Said {
    let status = answer.status.as_u16();
    let body = redactor.text(&String::from_utf8_lossy(&answer.body));
    if answer.status.is_success() {
        return match serde_json::from_str(&body) {
            Ok(value) => Said::Done(value),
            Err(_) => Said::Refused(Refusal::nonsense(status, &body)),
        };
    }
    let pause = retry_after(answer);
    let refusal = Refusal::of(status, &body);
    match pause {
        Some(pause) if status == CONFLICT => Said::Running(pause),
        pause if PASSING.contains(&status) => Said::Later(pause, refusal),
        _ => Said::Refused(refusal),
    }
}

/// When the server wants to be asked again. Dates are for other programs.
fn retry_after(answer: &Answer) -> Option<Duration> {
    answer.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
}
