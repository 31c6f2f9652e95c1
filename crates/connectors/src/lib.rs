//! What Provost knows of vendors.
//!
//! An integration is a [`Manifest`], data that an engine carries out: `http` what is asked by
//! requests, `ldap` directories. The [`Catalogue`] finds manifests in the binary and in folders.
//! Nothing is sent but through `net`, and nothing here decides what a command means.

mod catalogue;
mod connect;
mod http;
mod ldap;
mod manifest;
mod parameters;

pub use catalogue::{Catalogue, CatalogueError, MapperFile, Package, names_mapper};
pub use connect::ConnectError;
pub use manifest::{Argument, ArgumentType, Manifest, Open, Parameter, ParameterType, VendorCommand};
pub use parameters::{COMMON_SETTINGS, ParameterValue, Parameters, rate};
