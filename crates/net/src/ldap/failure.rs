//! What it means when a directory gave no answer.

use ldap3::LdapError;
use provost_core::{Fault, FaultKind};
use url::Url;

use super::Setup;
use super::connection::Failed;
use crate::failure::{BAD_CERTIFICATE, CERTIFICATE_HINT, NO_CONNECTION, TIMED_OUT, is_certificate};

/// The fault behind a failure. A write whose connection broke may have been carried out.
pub(super) fn explain(failed: Failed, url: &Url, setup: &Setup) -> Fault {
    let seconds = |limit: std::time::Duration| limit.as_secs_f32();
    let fault = |kind, text: &str, cause: &str| {
        Fault::new(kind, format!("{text}\nError Type: {cause} ({})", place(url)))
    };
    match failed {
        Failed::Refused(refusal) => (setup.read)(&refusal),
        Failed::Senseless => fault(FaultKind::BadAnswer, "The answer is no LDAP.", "protocol error")
            .with_hint("is `url` the address of a directory?"),
        Failed::Connect(LdapError::LdapResult { result }) => {
            fault(FaultKind::Configuration, "The server offers no StartTLS.", &result.to_string())
                .with_hint("use an `ldaps:` address or, where nobody can listen, `start-tls: false`")
        }
        Failed::Connect(LdapError::Timeout { .. }) => {
            let limit = seconds(setup.connect_limit);
            fault(FaultKind::NotSent, TIMED_OUT, "no connection in time")
                .with_hint(format!("no connection within {limit} s; is `url` right, and is the server up?"))
        }
        Failed::Connect(error) if is_bad_certificate(&error) => {
            fault(FaultKind::Configuration, BAD_CERTIFICATE, &root(&error)).with_hint(CERTIFICATE_HINT)
        }
        Failed::Connect(error) => fault(FaultKind::NotSent, NO_CONNECTION, &root(&error))
            .with_hint("is `url` right, and is the server up?"),
        // The filter is ours, and its values are escaped.
        Failed::Broken(LdapError::FilterParsing) => {
            Fault::new(FaultKind::InvalidValue, "no search can be made of this value")
        }
        Failed::Broken(error @ LdapError::OpSend { .. }) => {
            fault(FaultKind::NotSent, NO_CONNECTION, &root(&error)).with_hint("the connection was closed")
        }
        Failed::Broken(LdapError::Timeout { .. }) => {
            let limit = seconds(setup.limit);
            fault(FaultKind::AnswerLost, TIMED_OUT, "no answer in time")
                .with_hint(format!("no answer within {limit} s; `timeout` sets how long to wait"))
        }
        Failed::Broken(error) => fault(FaultKind::AnswerLost, NO_CONNECTION, &root(&error))
            .with_hint("the connection broke before the answer was whole"),
    }
}

fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn is_bad_certificate(error: &LdapError) -> bool {
    match error {
        LdapError::Io { source } => is_certificate(source),
        LdapError::Rustls { source } => matches!(source, rustls::Error::InvalidCertificate(_)),
        LdapError::DNSName { .. } => true,
        _ => false,
    }
}

/// The last error of the chain, which is the one that says what happened.
fn root(error: &LdapError) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
