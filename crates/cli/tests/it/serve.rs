//! `provost serve`, from outside.

pub(crate) mod http;
mod killed;
mod oidc;
mod rights;
mod scopes;
pub(crate) mod server;
mod two;
