//! The lab: vendors that are not there, on loopback ports.
//!
//! [`hello`], [`okta`], [`servicenow`] and [`scim`] are stateful emulators that keep the
//! accounts they are given; [`script`] plays written exchanges in order; [`case`] is the data
//! form of a test that uses such a script. Every emulator can be given [`Faults`].
//!
//! The lab knows nothing of the engine: it sees requests and answers, like the systems
//! that it stands for. It binds loopback addresses only, and its servers run as tasks of
//! the caller's runtime.
//!
//! Start at [`hello::start`] or [`script::Server::start`].

pub mod case;
mod faults;
pub mod hello;
mod limit;
mod moment;
mod number;
pub mod okta;
pub mod scim;
pub mod script;
mod serve;
pub mod servicenow;
mod table;
mod tokens;

pub use faults::{Faults, FaultsError};
pub use moment::SharedClock;
pub use serve::Running;
