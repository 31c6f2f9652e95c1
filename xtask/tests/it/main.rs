//! Tests of the house: what ARCHITECTURE.md says is what the manifests do.

mod house;
