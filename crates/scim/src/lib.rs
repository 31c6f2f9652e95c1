//! SCIM 2.0 (RFC 7643 and RFC 7644): the standard, once, for everybody who speaks it.
//!
//! Plain data in and out; no I/O, and nothing of any one server. Start at
//! [`replacing`], which says in PATCH what attributes are to be.

mod patch;

pub use patch::{adding_members, removing_members, replacing};
