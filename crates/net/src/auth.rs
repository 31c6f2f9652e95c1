//! How a request proves who sends it.

mod jwt;
mod keeper;
mod refusal;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use provost_core::{ExposeSecret, Redactor, Secret};
use url::Url;

pub use jwt::{KeyError, SigningKey};
pub(crate) use keeper::{Keeper, Token};
pub use token::{
    Assertion, Client as OauthClient, Form, Proof, ReadToken, Session, TokenSource, basic_of_client,
};

/// Credentials in the form in which they are sent.
pub enum Auth {
    /// None at all.
    None,
    /// A header, such as `Authorization`, with a secret value.
    Header(HeaderName, Secret),
    /// A token that the system gives for other credentials, for a while.
    Token(Box<TokenSource>),
}

impl Auth {
    /// HTTP Basic (RFC 7617).
    pub fn basic(username: &str, password: &Secret) -> Self {
        Self::Header(AUTHORIZATION, basic(username, password))
    }

    /// A bearer token (RFC 6750).
    pub fn bearer(token: &Secret) -> Self {
        Self::Header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()).into())
    }

    /// The address where a token is had.
    pub(crate) fn log_in(&self) -> Option<&Url> {
        match self {
            Self::Token(source) => Some(source.url()),
            _ => None,
        }
    }

    /// Adds the header.
    ///
    /// # Errors
    /// A secret with characters that no header may hold.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), http::header::InvalidHeaderValue> {
        if let Self::Header(name, secret) = self {
            headers.insert(name.clone(), sensitive(secret)?);
        }
        Ok(())
    }

    /// Makes the redactor know what is sent, also without its scheme.
    pub(crate) fn teach(&self, redactor: &mut Redactor) {
        match self {
            Self::None => {}
            Self::Header(_, secret) => {
                let sent = secret.expose_secret();
                redactor.add(sent.split_once(' ').map_or(sent, |(_, value)| value));
            }
            Self::Token(source) => {
                source.teach(redactor);
                teach_address(source.url(), redactor);
            }
        }
    }
}

/// Makes the redactor know the secrets in an address: a password, and parts of the query that
/// are named like one.
pub(crate) fn teach_address(url: &Url, redactor: &mut Redactor) {
    url.password().into_iter().for_each(|password| redactor.add(password));
    let pairs = url.query_pairs().filter(|(name, _)| Redactor::hides(name));
    pairs.for_each(|(_, value)| redactor.add(&value));
}

/// A header's value that no library logs.
pub(crate) fn sensitive(secret: &Secret) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose_secret())?;
    value.set_sensitive(true);
    Ok(value)
}

/// User name and password as HTTP Basic writes them.
pub(crate) fn basic(username: &str, password: &Secret) -> Secret {
    format!("Basic {}", STANDARD.encode(format!("{username}:{}", password.expose_secret()))).into()
}
