//! The integrations that are shipped, and what a manifest's mistakes look like.

mod manifest;
mod mappers;
mod shipped;
