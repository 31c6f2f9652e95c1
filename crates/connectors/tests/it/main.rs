//! The integrations that are shipped, and what a manifest's mistakes look like.

mod audited;
mod commands;
mod directories;
mod manifest;
mod mappers;
mod mistakes;
mod shipped;
