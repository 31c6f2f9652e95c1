//! `provost serve`, from outside.

mod http;
mod killed;
pub(crate) mod server;
