//! Logging in by OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0,
//! RFC 7636, RFC 9207).
//!
//! `start` sends a browser to the provider and gives it a sealed cookie with what was asked
//! (`flow`). `callback` takes it back, has the code exchanged for an ID token, checks the
//! token (`token`, `claims`) and begins a session with the role that the table of groups
//! says (`grant`). This crate opens no sockets: whoever starts the server brings a
//! [`Provider`], which also keeps the client's secret.
//!
//! ID tokens are checked here, on top of aws-lc-rs, which the program has anyway, and not by a
//! library for JSON Web Tokens. Such a library does less than half of what has to be done: it
//! splits, decodes and compares three claims, and leaves to us the choice of the key by `kid`,
//! `use`, `alg` and type, `nonce`, `azp`, the age of the token, and the care that its defaults
//! are ours. What is left is one table of algorithms (`token::ALGORITHMS`), which holds
//! neither `none` nor anything with a shared key, so that neither can be chosen, and a key whose
//! type an algorithm of that table must fit.
//!
//! The access token is dropped unread, so that `at_hash` needs no check; `userinfo` is not
//! asked: all that counts must stand in the signed token.

mod callback;
mod claims;
mod flow;
mod grant;
mod key;
mod known;
mod local;
mod metadata;
mod page;
mod place;
mod provider;
mod refusal;
mod settings;
mod start;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::App;

pub use grant::GroupRole;
pub use provider::{Authentication, Exchange, Provider};
pub use settings::{Settings, SettingsError};

use known::Known;
use refusal::Refusal;

/// The path at which the provider sends people back.
pub const CALLBACK: &str = "/login/oidc/callback";

/// Logging in by one provider.
pub struct LogIn {
    settings: Settings,
    provider: Arc<dyn Provider>,
    known: Known,
}

impl LogIn {
    /// Nothing is asked of the provider yet: a server starts also while its provider is down.
    ///
    /// # Errors
    /// Settings that cannot work.
    pub fn new(settings: Settings, provider: Arc<dyn Provider>) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self { settings, provider, known: Known::default() })
    }

    /// What the button says.
    pub(crate) fn label(&self) -> &str {
        &self.settings.label
    }
}

/// The routes. Who may use them is said in `access/routes.rs`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new().route("/login/oidc", get(start::start)).route(CALLBACK, get(callback::callback))
}
