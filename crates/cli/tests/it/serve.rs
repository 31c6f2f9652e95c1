//! `provost serve`, from outside.

pub(crate) mod http;
mod killed;
pub(crate) mod server;
