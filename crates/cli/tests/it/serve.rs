//! `provost serve`, from outside.

mod bad_input;
mod http;
mod killed;
mod rights;
mod scopes;
mod server;
mod two;
mod wire;
