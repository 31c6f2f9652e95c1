//! The command line of `provost serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// What is shown below the options.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost serve --lab                          try everything against emulated systems
  provost serve                                the instances of provost.yaml, or those of the store
  provost serve --store postgres://provost@db.example/provost
  provost serve --listen 0.0.0.0:8443 --tls-cert server.pem --tls-key server.key
  provost serve --oidc oidc.yaml               people log in by your identity provider

docs/server.md is the guide.";

/// Where a store is.
#[derive(Args, Clone)]
pub(crate) struct StorePlace {
    /// A file, or postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(
        long,
        value_name = "STORE",
        env = "PROVOST_STORE",
        hide_env_values = true,
        default_value = "provost.db"
    )]
    pub(crate) store: String,
}

/// Where a store is, and what opens its secrets.
#[derive(Args, Clone)]
pub(crate) struct StoreArgs {
    #[command(flatten)]
    pub(crate) place: StorePlace,
    /// The master key of sealed secrets: env:NAME, file:PATH or command:LINE
    /// [default: a file beside the store, made at the first start]
    #[arg(long, value_name = "KEY")]
    pub(crate) master_key: Option<String>,
}

/// Arguments of `provost serve`.
#[derive(Args, Clone)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8420")]
    pub(crate) listen: SocketAddr,
    /// The certificate and those above it, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// How people log in by an identity provider (OpenID Connect), as YAML
    #[arg(long, value_name = "FILE")]
    pub(crate) oidc: Option<PathBuf>,
    /// Emulated systems to practise against, in the place of the configuration
    #[arg(long)]
    pub(crate) lab: bool,
    /// How many requests a second each caller may send [default: no bound]
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<f64>,
    /// How many lines of batches are worked on side by side; 0 leaves them to other servers
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) workers: usize,
    /// How long a server that says nothing keeps what it has begun, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) lease: u64,
}
