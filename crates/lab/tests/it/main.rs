//! The lab seen from outside, over plain sockets.

mod client;
mod faults;
mod hello;
mod script;
mod serving;
