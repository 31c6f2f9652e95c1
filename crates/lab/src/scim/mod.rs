//! SCIM 2.0: users and groups of a server that keeps to the standard (RFC 7643, RFC 7644),
//! unless it is told to have one of the habits that real servers have.
//!
//! The standard itself is the crate `provost_scim`; here is what a server adds: `directory`
//! keeps the resources, `list` finds them, `shown` writes them, `routes` speaks HTTP.

mod directory;
mod discovery;
mod list;
mod refusal;
mod routes;
mod shown;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::moment::machine_clock;
use crate::serve::{self, Front};
use crate::{Faults, Running, SharedClock};

use directory::Directory;

/// What an emulated SCIM server is like.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; must be loopback, port 0 takes a free one.
    pub address: SocketAddr,
    /// The bearer token that requests must carry. It guards nothing but the lab.
    pub token: String,
    /// What goes wrong.
    pub faults: Faults,
    /// How many accounts there are from the start: `user0001@example.com` and so on.
    pub people: usize,
    /// How many requests a minute are answered.
    pub limit: Option<u32>,
    /// What the paths begin with. Vendors have it below a name of theirs, some below one for
    /// each customer.
    pub base: String,
    /// Where it differs from the standard.
    pub dialect: Dialect,
    /// What tells the time.
    pub clock: SharedClock,
}

/// Where a server differs from the standard. Each habit is that of a real one.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub struct Dialect {
    /// PATCH is not there: 501.
    pub is_without_patch: bool,
    /// What becomes of filters.
    pub filtering: Filtering,
    /// `active` is shown as the text `"true"` or `"false"`.
    pub has_textual_active: bool,
    /// Errors are web pages.
    pub has_html_errors: bool,
    /// Neither the header `Location` nor `meta.location`.
    pub is_without_location: bool,
    /// PATCH answers 204 and not the resource.
    pub is_silent_after_patch: bool,
}

/// What becomes of filters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filtering {
    /// They find.
    #[default]
    Full,
    /// They are refused.
    Refused,
    /// They are ignored: everybody is found.
    Ignored,
}

impl Default for Options {
    /// No accounts, no faults, no limit, the standard, a free port and the token `lab`.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: "lab".to_owned(),
            faults: Faults::default(),
            people: 0,
            limit: None,
            base: BASE.to_owned(),
            dialect: Dialect::default(),
            clock: machine_clock(),
        }
    }
}

/// What the paths begin with where nothing else is said.
pub const BASE: &str = "/scim/v2";

/// Starts the emulator. The base address is [`Running::url`] and [`Options::base`].
///
/// # Errors
/// An address that is not loopback, or that cannot be bound.
pub async fn start(options: Options) -> io::Result<Running> {
    let directory = Directory::with_people(options.people, options.clock.now());
    let refuse = if options.dialect.has_html_errors { refusal::page } else { refusal::refuse };
    let (address, faults) = (options.address, options.faults.clone());
    let router = serve::router(routes::Scim::new(directory, options));
    serve::start(address, Front::new(router, refuse, faults)).await
}
