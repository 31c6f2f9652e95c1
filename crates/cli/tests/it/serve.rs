//! `provost serve`, from outside.

mod http;
mod killed;
mod oidc;
mod server;
