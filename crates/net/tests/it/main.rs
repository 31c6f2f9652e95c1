//! The client against servers that do their worst, on loopback, in bounded time.

mod ldap;
mod outages;
mod server;
mod tokens;
