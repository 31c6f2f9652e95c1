//! `provost serve`, from outside.

mod bad_input;
mod changes;
mod faults;
pub(crate) mod http;
mod killed;
mod oidc;
mod rights;
mod schemathesis;
mod scopes;
pub(crate) mod server;
mod slow;
mod two;
mod wire;
