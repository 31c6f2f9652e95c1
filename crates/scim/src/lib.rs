//! SCIM 2.0 (RFC 7643 and RFC 7644): the standard, once, for everybody who speaks it.
//!
//! Plain data in and out; no I/O, and nothing of any one server or client. For clients:
//! [`replacing`] says in PATCH what attributes are to be. For servers: [`accept`] reads a
//! resource, [`patched`] carries a PATCH out, [`Filter`] finds, [`USER`] and [`GROUP`] say
//! what there is.

mod apply;
mod filter;
mod patch;
mod patch_path;
mod path;
mod refusal;
mod resource;
mod schema;

pub use apply::patched;
pub use filter::{Filter, FilterError, Operator, Test};
pub use patch::{adding_members, removing_members, replacing};
pub use path::{Found, Path};
pub use refusal::Refusal;
pub use resource::accept;
pub use schema::{
    Attribute, ENTERPRISE_SCHEMA, GROUP, GROUP_SCHEMA, Kind, ResourceType, Schema, USER, USER_SCHEMA,
};
