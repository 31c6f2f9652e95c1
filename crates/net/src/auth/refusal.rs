//! What it means when no token could be had.

use provost_core::{Code, Fault, FaultKind, Redactor};
use url::Url;

use crate::Answer;

/// How much of a senseless answer is shown.
const EXCERPT: usize = 200;
const WRONG_ADDRESS: &str = "is the address of the log-in right (`token-url`, or the tenant in it)?";

/// Where the text of an error is: in OAuth (RFC 6749), at Okta, at Zoom.
const SAID: [&str; 3] = ["error_description", "errorSummary", "reason"];

/// The kinds and hints of the errors of OAuth (RFC 6749, section 5.2, and those of vendors).
const ERRORS: [(&str, FaultKind, &str); 10] = [
    (
        "invalid_client",
        FaultKind::Unauthenticated,
        "check the id and the secret, or the key and its id, of the application",
    ),
    (
        "invalid_grant",
        FaultKind::Unauthenticated,
        "check the user name and password, or whom the key may speak for",
    ),
    ("invalid_scope", FaultKind::PermissionDenied, "grant the scopes to the application at the system"),
    ("consent_required", FaultKind::Unauthenticated, "grant the scopes to the application at the system"),
    (
        "unauthorized_client",
        FaultKind::Unauthenticated,
        "check the application's id and its tenant, and allow it this kind of grant at the system",
    ),
    ("invalid_tenant", FaultKind::Configuration, WRONG_ADDRESS),
    // What is sent is always complete, so it is about somebody whom the log-in does not know.
    (
        "invalid_request",
        FaultKind::Configuration,
        "check the tenant or the account that the log-in is asked for, and its address (`token-url`)",
    ),
    (
        "unsupported_grant_type",
        FaultKind::Configuration,
        "the system does not know this kind of grant: is the integration meant for it?",
    ),
    ("server_error", FaultKind::Unavailable, "the log-in is out of order; try again later"),
    ("temporarily_unavailable", FaultKind::Unavailable, "the log-in is out of order; try again later"),
];

/// A log-in that was refused, in the words of the system.
pub(super) fn refused(answer: &Answer, redactor: &Redactor) -> Fault {
    let body = answer.json().unwrap_or_default();
    let error = body["error"].as_str();
    let said = SAID.iter().find_map(|member| body[*member].as_str());
    let message = match (error.or(body["errorCode"].as_str()), said) {
        (Some(error), Some(said)) => format!("the log-in was refused: {error}: {said}"),
        (Some(error), None) => format!("the log-in was refused: {error}"),
        _ => {
            let excerpt = answer.excerpt(redactor, EXCERPT);
            format!("the log-in was refused with {}: {}", answer.status, excerpt.trim())
        }
    };
    let status = answer.status.as_u16();
    // ServiceNow calls wrong credentials an error of its own; the status knows better.
    let is_said = |kind: FaultKind| kind != FaultKind::Unavailable || status != 401;
    let known = ERRORS.iter().find(|(known, kind, _)| error == Some(known) && is_said(*kind));
    let (kind, hint) = known.map_or_else(|| of_status(status), |(_, kind, hint)| (*kind, *hint));
    let code = error.map_or(Code::Number(status.into()), |error| Code::Text(redactor.text(error)));
    Fault::new(kind, redactor.text(&message)).with_code(code).with_hint(hint)
}

/// What a status means that no error of OAuth explains.
fn of_status(status: u16) -> (FaultKind, &'static str) {
    match (status, FaultKind::of_status(status)) {
        (300..=399 | 404..=406 | 410 | 415 | 501, _) => (FaultKind::Configuration, WRONG_ADDRESS),
        (_, kind @ FaultKind::RateLimited) => (kind, "the log-in was asked too often"),
        (_, kind @ FaultKind::Unavailable) => (kind, "the log-in is out of order; try again later"),
        (400..=499, _) => (FaultKind::Unauthenticated, "check the instance's credentials"),
        (_, _) => (FaultKind::Vendor, WRONG_ADDRESS),
    }
}

/// A log-in that was answered with something else.
pub(super) fn no_token(answer: &Answer) -> Fault {
    Fault::new(FaultKind::BadAnswer, "the log-in was answered without a token")
        .with_code(Code::Number(answer.status.as_u16().into()))
        .with_hint(WRONG_ADDRESS)
}

/// The fault of a request for which no token could be had. Whatever became of the log-in, the
/// request did not leave.
pub(super) fn without_token(fault: Fault, url: &Url) -> Fault {
    let kind = match fault.kind {
        FaultKind::Unavailable | FaultKind::AnswerLost => FaultKind::NotSent,
        FaultKind::BadAnswer => FaultKind::Configuration,
        kind => kind,
    };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let place = format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path());
    let message = format!("no token could be had from {place}: {}", fault.message);
    Fault { kind, message, ..fault }
}
