//! Tests of the house: what ARCHITECTURE.md says is what the manifests do, the links of all
//! pages lead somewhere, and the beds that no other crate tries are of use.

mod beds;
mod house;
mod links;
