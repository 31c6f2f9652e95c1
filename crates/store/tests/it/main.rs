//! The same tests at SQLite and at PostgreSQL.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

mod backup;
mod ledger;
mod migrations;
mod queue;
mod rest;
mod stores;
