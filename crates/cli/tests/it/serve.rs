//! `provost serve`, from outside.

mod bad_input;
mod faults;
mod http;
mod killed;
mod rights;
mod scopes;
mod server;
mod two;
mod wire;
