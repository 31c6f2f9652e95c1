//! What Provost knows of vendors.
//!
//! An HTTP system is a [`Manifest`], data that one engine ([`HttpConnector`]) carries
//! out; the [`Catalogue`] finds manifests in the binary and in folders. No request is
//! made but through `net`, and nothing here decides what a command means.

mod catalogue;
mod http;
mod ldap;
mod manifest;
mod parameters;

pub use catalogue::{Catalogue, CatalogueError, MapperFile, Package, names_mapper};
pub use http::{ConnectError, HttpConnector};
pub use manifest::{Argument, ArgumentType, Manifest, Open, Parameter, ParameterType, VendorCommand};
pub use parameters::{COMMON_SETTINGS, ParameterValue, Parameters, rate};
