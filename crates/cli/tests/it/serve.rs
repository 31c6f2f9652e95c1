//! `provost serve`, from outside.

mod http;
mod killed;
mod rights;
mod scopes;
pub(crate) mod server;
mod two;
