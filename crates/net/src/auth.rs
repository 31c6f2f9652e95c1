//! How a request proves who sends it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use provost_core::{ExposeSecret, Redactor, Secret};

/// Credentials in the form in which they are sent.
pub enum Auth {
    /// None at all.
    None,
    /// A header, such as `Authorization`, with a secret value.
    Header(HeaderName, Secret),
}

impl Auth {
    /// HTTP Basic (RFC 7617).
    pub fn basic(username: &str, password: &Secret) -> Self {
        let pair = format!("{username}:{}", password.expose_secret());
        Self::Header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)).into())
    }

    /// A bearer token (RFC 6750).
    pub fn bearer(token: &Secret) -> Self {
        Self::Header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()).into())
    }

    /// Adds the header; its value is marked, so that no library logs it.
    ///
    /// # Errors
    /// A secret with characters that no header may hold.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), http::header::InvalidHeaderValue> {
        if let Self::Header(name, secret) = self {
            let mut value = HeaderValue::from_str(secret.expose_secret())?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        Ok(())
    }

    /// Makes the redactor know what is sent, also without its scheme.
    pub(crate) fn teach(&self, redactor: &mut Redactor) {
        if let Self::Header(_, secret) = self {
            let sent = secret.expose_secret();
            redactor.add(sent.split_once(' ').map_or(sent, |(_, value)| value));
        }
    }
}
