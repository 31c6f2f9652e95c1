//! What is asked of a provider, as data in and out.

use async_trait::async_trait;
use provost_core::{Fault, Secret};
use serde_json::Value;

/// Asks a provider. An implementation bounds how long that takes and how much it reads, and
/// adds the client's id and, where it has one, its secret.
#[async_trait]
pub trait Provider: Send + Sync {
    /// What the issuer says of itself (OpenID Connect Discovery 1.0, section 4).
    ///
    /// # Errors
    /// There is no answer, or none that is a document.
    async fn discover(&self, issuer: &str) -> Result<Value, Fault>;

    /// The document with its public keys (RFC 7517, section 5).
    ///
    /// # Errors
    /// There is no answer, or none that is a document.
    async fn keys(&self, address: &str) -> Result<Value, Fault>;

    /// Exchanges a code for tokens.
    ///
    /// # Errors
    /// There is no answer, or the provider refuses. The message holds no secret.
    async fn exchange(&self, exchange: Exchange) -> Result<Value, Fault>;
}

/// A code to be exchanged (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Where tokens are given.
    pub address: String,
    /// How the client says who it is, if it has a secret.
    pub authentication: Authentication,
    /// The code.
    pub code: Secret,
    /// Where the code was sent.
    pub redirect: String,
    /// What the challenge was made of.
    pub verifier: Secret,
}

/// How a client shows its secret (OpenID Connect Core 1.0, section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// In a header: `client_secret_basic`.
    Header,
    /// In the form: `client_secret_post`.
    Form,
}
