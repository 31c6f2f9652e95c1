//! Okta: the users, groups, applications and system log of an organisation.
//!
//! `directory` keeps everything and writes the log; `user`, `group`, `app` and `event` are
//! what it keeps; `search` reads filters, `page` turns pages, `token` gives out access
//! tokens, `routes` speaks HTTP. Whatever is answered is as Okta's OpenAPI description has
//! it, which a test checks.

mod app;
mod credentials;
mod directory;
mod event;
mod group;
mod lifecycle;
mod logs;
mod page;
mod profile;
mod refusal;
mod routes;
mod search;
mod token;
mod user;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::moment::machine_clock;
use crate::serve::{self, Front};
use crate::{Faults, Running, SharedClock};

use directory::Directory;
pub use token::{OAuthClient, PublicKey};

/// What an emulated Okta organisation is like.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; must be loopback, port 0 takes a free one.
    pub address: SocketAddr,
    /// The API token of an administrator. It guards nothing but the lab.
    pub token: String,
    /// An API token that may only read.
    pub reader: Option<String>,
    /// A service that may fetch access tokens.
    pub client: Option<OAuthClient>,
    /// What goes wrong.
    pub faults: Faults,
    /// How many people there are from the start, `user0001@example.com` and so on, beside
    /// the administrator.
    pub people: usize,
    /// How many requests a minute each part of the API answers.
    pub limit: Option<u32>,
    /// What tells the time.
    pub clock: SharedClock,
}

impl Default for Options {
    /// Nobody but the administrator, no faults, no limit, a free port and the token `lab`.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: "lab".to_owned(),
            reader: None,
            client: None,
            faults: Faults::default(),
            people: 0,
            limit: None,
            clock: machine_clock(),
        }
    }
}

/// Starts the emulator. The API is below `/api/v1`.
///
/// # Errors
/// An address that is not loopback, or that cannot be bound.
pub async fn start(options: Options) -> io::Result<Running> {
    let directory = Directory::with_people(options.people, options.clock.now());
    let (address, faults) = (options.address, options.faults.clone());
    let router = serve::router(routes::Okta::new(directory, options));
    serve::start(address, Front::new(router, refusal::refuse, faults).saying(refusal::come_again)).await
}
