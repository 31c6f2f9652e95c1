//! A server that somebody else started, by the variables that tell of it.

use std::io::{self, Write as _};
use std::net::SocketAddr;

/// Where a server is.
pub(crate) struct Bed {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    /// What its paths begin with.
    pub(crate) path: String,
    pub(crate) token: String,
}

impl Bed {
    /// The bed of this name, if it is there. If not, it is said.
    pub(crate) fn there(name: &'static str) -> Option<Self> {
        let of = |what| std::env::var(variable(name, what)).ok();
        let Some(url) = of("URL") else {
            assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "no server is called `{name}`");
            leave_out(&format!("there is no server `{name}`; `cargo xtask test` starts it"));
            return None;
        };
        let place = url.strip_prefix("http://").expect("servers of tests are on loopback");
        let (address, path) = place
            .split_once('/')
            .map_or((place, String::new()), |(address, path)| (address, format!("/{path}")));
        Some(Self {
            name,
            address: address.parse().expect("an address and a port"),
            path,
            token: of("TOKEN").expect("a token goes with the address"),
        })
    }

    /// What an instance is configured with.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.address, self.path)
    }
}

/// Says it past the test's own output, which is not shown where a test passes.
pub(crate) fn leave_out(why: &str) {
    writeln!(io::stderr(), "LEFT OUT: {why}").expect("the error stream is open");
}

pub(crate) fn variable(name: &str, what: &str) -> String {
    format!("PROVOST_BED_{}_{what}", name.replace('-', "_").to_uppercase())
}
