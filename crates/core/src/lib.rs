//! The words of Provost: what a profile, an account, a command, a decision and a
//! vendor record are. Everything else is built from them.
//!
//! This crate holds plain data and the traits that the walls between crates are made
//! of. It does no I/O, starts no task and reads no clock.
//!
//! Start at [`UserCommand`], follow it to [`Decision`] and end at [`VendorRecord`].

mod account;
mod audit;
mod change;
mod clock;
mod command;
mod connector;
mod diagnostic;
mod event;
mod fault;
mod flaw;
mod group;
pub mod json;
mod line;
mod names;
mod outline;
mod page;
mod private;
mod profile;
mod random;
mod record;
mod redact;
mod schema;
mod selection;
mod trace;
mod typed;
mod value;
mod vendor;
mod words;
pub mod yaml;

pub use account::{Account, LookUp, parse_active};
pub use audit::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult, Ending, Intent, Ledger};
pub use change::{Change, ChangeKind, Decision, Reason};
pub use clock::Clock;
pub use command::{UserCommand, Verb, Verbs};
pub use connector::{Accounts, Commands, Connector, Context, Events, Fields, Groups, Listing};
pub use diagnostic::{Diagnostic, Severity, did_you_mean, may_hold_secret};
pub use event::{Event, Fetching, Window};
pub use fault::{Code, Fault, FaultKind, Retry, Treatment};
pub use flaw::{At, Flaw, Key};
pub use group::{Group, GroupVerb, Member, MemberChange};
pub use line::{CommandLine, LineFlaw, line_argument};
pub use names::{
    AccountId, Brand, GroupId, InstanceName, IntegrationName, RunId, cli_name, dashed, spelled_as_cli_name,
};
pub use outline::Outline;
pub use page::{Page, PageToken};
pub use private::{Private, PrivateValues};
pub use profile::{Profile, ProfileError};
pub use random::Random;
pub use record::{CommandResult, Entry, Shown, ShownTable, VendorRecord, markdown_table};
pub use redact::Redactor;
pub use schema::{FieldType, ProfileField, Schema, SchemaError};
pub use secrecy::{ExposeSecret, SecretString as Secret};
pub use selection::Selection;
pub use trace::{Stage, Trace, TraceStep};
pub use typed::read;
pub use value::{is_empty, same_members};
pub use vendor::{VendorAnswer, VendorCall};

/// A JSON object whose members keep their order.
pub type Attributes = serde_json::Map<String, serde_json::Value>;
