//! ServiceNow: the tables of an instance, by its Table API.
//!
//! `columns` says what tables there are, `instance` keeps their rows, `query` and `holds`
//! are its query language, `shown` writes rows with their three kinds of values, `routes`
//! speaks HTTP. Everything is a text, as there.

mod columns;
mod holds;
mod instance;
mod list;
mod query;
mod record;
mod refusal;
mod routes;
mod shown;
mod token;
mod written;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::moment::machine_clock;
use crate::serve::{self, Front};
use crate::{Faults, Running, SharedClock};

use instance::Instance;

/// What an emulated instance of ServiceNow is like.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; must be loopback, port 0 takes a free one.
    pub address: SocketAddr,
    /// The user name that requests must carry.
    pub user: String,
    /// The password that requests must carry. It guards nothing but the lab.
    pub password: String,
    /// The id and the secret of a client that may fetch access tokens.
    pub client: Option<(String, String)>,
    /// What goes wrong.
    pub faults: Faults,
    /// How many people there are from the start: `user0001@example.com` and so on.
    pub people: usize,
    /// How many requests an hour are answered.
    pub limit: Option<u32>,
    /// Whether a query with an invalid part finds nothing. By default such a part is
    /// ignored, and the rows come all the same.
    pub finds_nothing_by_invalid_queries: bool,
    /// What tells the time.
    pub clock: SharedClock,
}

impl Default for Options {
    /// Nobody, no faults, no limit, a free port, user name and password `lab`.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            user: "lab".to_owned(),
            password: "lab".to_owned(),
            client: None,
            faults: Faults::default(),
            people: 0,
            limit: None,
            finds_nothing_by_invalid_queries: false,
            clock: machine_clock(),
        }
    }
}

/// Starts the emulator. The Table API is below `/api/now/table`.
///
/// # Errors
/// An address that is not loopback, or that cannot be bound.
pub async fn start(options: Options) -> io::Result<Running> {
    let instance = Instance::with_people(options.people, options.clock.now());
    let (address, faults) = (options.address, options.faults.clone());
    let router = serve::router(routes::ServiceNow::new(instance, options));
    serve::start(address, Front::new(router, refusal::refuse, faults)).await
}
