//! `provost serve`, from outside.

mod http;
mod killed;
mod rights;
mod scopes;
mod server;
mod two;
