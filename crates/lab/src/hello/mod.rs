//! Hello IAM World: a small home-grown API with accounts, kept in memory.
//!
//! `directory` keeps the accounts, `change` reads what a caller wants written, `routes`
//! speaks HTTP. The emulator is stricter than a test double needs to be: a caller that
//! sends an attribute which the API does not have, or filters by one, is told so.

mod change;
mod directory;
mod refusal;
mod routes;
mod schema;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::serve::{self, Front};
use crate::{Faults, Running};

use directory::Directory;

/// What an emulated Hello IAM World is like.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; must be loopback, port 0 takes a free one.
    pub address: SocketAddr,
    /// The user name that requests must carry.
    pub user: String,
    /// The password that requests must carry. It guards nothing but the lab.
    pub password: String,
    /// What goes wrong.
    pub faults: Faults,
    /// How many accounts there are from the start: `user0001@example.com` and so on.
    pub people: usize,
}

impl Default for Options {
    /// No accounts and no faults, a free port, user name and password `lab`.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            user: "lab".to_owned(),
            password: "lab".to_owned(),
            faults: Faults::default(),
            people: 0,
        }
    }
}

/// Starts the emulator. The API is below `/api/now`.
///
/// # Errors
/// An address that is not loopback, or that cannot be bound.
pub async fn start(options: Options) -> io::Result<Running> {
    let directory = Directory::with_people(options.people);
    let router = routes::router(directory, &options.user, &options.password);
    serve::start(options.address, Front::new(router, routes::refuse, options.faults)).await
}
