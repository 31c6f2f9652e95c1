//! The lab: vendors that are not there, on loopback ports.
//!
//! [`hello`] is a stateful emulator that keeps the accounts it is given; [`script`] plays
//! written exchanges in order; [`case`] is the data form of a test that uses such a
//! script. Every emulator can be given [`Faults`].
//!
//! The lab knows nothing of the engine: it sees requests and answers, like the systems
//! that it stands for. It binds loopback addresses only, and its servers run as tasks of
//! the caller's runtime.
//!
//! Start at [`hello::start`] or [`script::Server::start`].

pub mod case;
mod faults;
pub mod hello;
pub mod script;
mod serve;

pub use faults::{Faults, FaultsError};
pub use serve::Running;
