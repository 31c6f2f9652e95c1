//! Who may do what.
//!
//! Every request passes [`guard`], which lets through only what [`routes`] has a line for.

mod caller;
mod guard;
mod keys;
mod limit;
pub mod oidc;
mod origin;
mod role;
pub(crate) mod routes;
mod scope;
mod sessions;

pub(crate) use caller::Caller;
pub(crate) use guard::{by_key, guard, wants_page};
pub(crate) use keys::{KeyCache, SplitKey, hash};
pub use keys::{NewKey, check_key, key_made, key_taken_away, mint};
pub(crate) use limit::Limits;
pub use role::Role;
pub use scope::Scopes;
pub(crate) use sessions::{clear_cookie, cookie, sign_in};
