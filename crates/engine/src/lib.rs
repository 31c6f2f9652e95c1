//! What a command means.
//!
//! A command is mapped, the account is looked up, the flow table decides, and only then
//! is anything written. The seam between [`decide`] and the writes is the heart of the
//! house: deciding is a pure function, and one module alone writes to systems.
//!
//! The engine knows systems only as `core::Connector`. Start at [`run`].

mod book;
mod conditions;
mod effects;
mod execute;
mod fan_out;
mod fetch;
mod flow;
mod groups;
mod instance;
pub mod lines;
mod list;
mod look_up;
mod mapping;
mod matching;
mod outcome;
mod run;
mod veil;
mod vendor;

pub use conditions::{Conditions, Mode};
pub use fan_out::{SideBySide, guarded, run_guarded};
pub use fetch::{FetchCommand, Fetched, LastRun, People, fetch};
pub use flow::{Ask, Known, Seen, Step, decide};
pub use groups::{GroupCommand, GroupOutcome, member_ids, run_group};
pub use instance::{Instance, Switches};
pub use list::list;
pub use outcome::Outcome;
pub use run::{mapping_fields, run, test};
pub use vendor::run_vendor;
