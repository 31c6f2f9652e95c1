//! What it means when no answer came. The first sentences are the original's.

use std::time::Duration;

use provost_core::{Fault, FaultKind};

use crate::Request;

pub(crate) const TIMED_OUT: &str = "Connection Timeout Error - potential reasons might be that the Server URL parameter \
                         is incorrect or that the Server is not accessible from your host.";
pub(crate) const BAD_CERTIFICATE: &str = "SSL Certificate Verification Failed - try selecting 'Trust any certificate' \
                               checkbox in the integration configuration.";
const BAD_PROXY: &str = "Proxy Error - if the 'Use system proxy' checkbox in the integration configuration is \
                         selected, try clearing the checkbox.";
pub(crate) const NO_CONNECTION: &str = "Verify that the server URL parameter is correct and that you have access to the \
                             server from your host.";

pub(crate) const CERTIFICATE_HINT: &str = "set `ca-file` to the certificate of the authority that signed \
                                           the server's, or, for a test system only, `insecure: true`";
const NO_REQUEST: &str = "No request can be made of this.";

/// The fault behind an error of the HTTP library. `address` is what people call the address
/// that was asked.
pub(crate) fn explain(
    error: reqwest::Error,
    request: &Request,
    address: &str,
    timeout: Duration,
    proxied: bool,
) -> Fault {
    let (connecting, timed_out, dns) = (error.is_connect(), error.is_timeout(), error.is_dns());
    let is_no_request = error.is_builder();
    let error = error.without_url();
    let cause = root_cause(&error);
    let host = request.url.host_str().unwrap_or_default();
    let target = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let fault = |kind, text: &str| Fault::new(kind, format!("{text}\nError Type: {cause} ({target})"));
    if is_certificate(&error) {
        return fault(FaultKind::Configuration, BAD_CERTIFICATE).with_hint(CERTIFICATE_HINT);
    }
    if timed_out {
        let kind = if connecting { FaultKind::NotSent } else { FaultKind::AnswerLost };
        return fault(kind, TIMED_OUT).with_hint(format!(
            "no answer within {} s; `timeout` sets how long to wait",
            timeout.as_secs_f32()
        ));
    }
    if connecting && cause.to_lowercase().contains("proxy") {
        return fault(FaultKind::NotSent, BAD_PROXY)
            .with_hint("check the proxy variables of the environment, or set `proxy: false`");
    }
    if connecting {
        let hint = if dns {
            format!("is the host's name in {address} spelled right?")
        } else {
            format!("is {address} right, and is the system up?")
        };
        let fault = fault(FaultKind::NotSent, NO_CONNECTION).with_hint(hint);
        return if proxied {
            fault.with_hint("a proxy is set: is it up, and is it meant for this system?")
        } else {
            fault
        };
    }
    if is_no_request {
        return fault(FaultKind::InvalidValue, NO_REQUEST)
            .with_hint("is a value of the profile longer than an address can be?");
    }
    fault(FaultKind::AnswerLost, NO_CONNECTION).with_hint("the connection broke before the answer was whole")
}

/// The last error of the chain, which is the one that says what happened.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// Whether the chain holds a refused certificate. An `io::Error` hides what it wraps from
/// `source`, and TLS wraps one in another.
pub(crate) fn is_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if matches!(current.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        let wrapped = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    false
}
