//! The same tests at SQLite and at PostgreSQL.

mod backup;
mod ledger;
mod migrations;
mod queue;
mod rest;
mod stores;
