//! The lab seen from outside, over plain sockets.

mod client;
mod faults;
mod hello;
mod okta;
mod okta_contract;
mod okta_token;
mod scim;
mod script;
mod servicenow;
mod serving;
