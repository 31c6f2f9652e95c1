//! What a team's Provost remembers: the audit log, runs with their records, people, keys,
//! sealed secrets, configuration and the queue of batches. SQLite in one file, or PostgreSQL
//! with several servers at it.
//!
//! This is the only crate with SQL. It knows nothing of systems, of HTTP or of what a command
//! means. Start at [`Store`]; what must be durable together goes through [`Store::commit`].

mod backup;
mod configuration;
mod db;
mod error;
mod export;
mod figures;
mod idempotency;
mod kept;
mod keys;
mod ledger;
mod location;
mod nodes;
mod people;
mod runs;
mod sessions;
mod store;
mod tasks;
mod vault;

pub use backup::Copied;
pub use configuration::{Kind, Revision, StoredText};
pub use error::StoreError;
pub use export::{Export, ExportFormat, OCSF_VERSION, export_line};
pub use figures::Figures;
pub use idempotency::{Answer, Claim};
pub use keys::ApiKey;
pub use ledger::{Broken, Chained, EventFilter, Head, LoggedEvent, Verified, Write};
pub use location::Location;
pub use nodes::Node;
pub use people::Person;
pub use runs::{Counts, Ended, Run, RunFilter, RunKind, RunState, StoredRecord};
pub use sessions::Session;
pub use store::Store;
pub use tasks::{Lease, Leased, Progress, Task, TaskState};
pub use vault::{Envelope, MasterKey, Sealed, Vault, VaultError};
