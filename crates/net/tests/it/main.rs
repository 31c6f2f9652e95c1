//! The client against servers that do their worst, on loopback, in bounded time.

mod outages;
mod server;
mod tokens;
