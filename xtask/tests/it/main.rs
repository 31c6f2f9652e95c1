//! Tests of the house: what ARCHITECTURE.md says is what the manifests do, and the links
//! of all pages lead somewhere.

mod house;
mod links;
