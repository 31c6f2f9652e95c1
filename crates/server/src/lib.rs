//! Provost as a server: the API, the console, and the queue of batches.
//!
//! A request passes one door (`access`), becomes an order of a caller (`work`), is carried
//! out by the engine, and is durable before it is answered. What instances there are is said
//! by a [`Fleet`], which whoever starts the server brings along.
//!
//! Start at [`Server`]; the table of routes is `access/routes.rs`.

mod access;
mod app;
mod console;
mod fleet;
mod jobs;
mod metrics;
mod problem;
mod rest;
mod serve;
mod work;

pub use access::{NewKey, Role, Scopes, check_key, key_made, key_taken_away, mint, oidc};
pub(crate) use app::App;
pub use app::{Options, Parts};
pub use fleet::{Chosen, Fleet, InstanceView, IntegrationView, MapperView, ParameterView, Trouble};
pub use problem::Problem;
pub use rest::openapi;
pub use serve::Server;
