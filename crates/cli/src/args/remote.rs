//! The options of a command that a server carries out.

use std::path::PathBuf;

use clap::Args;

/// Which server is asked, and what it is shown.
#[derive(Args, Clone, Default)]
pub(crate) struct RemoteArgs {
    /// Ask the Provost server at this address to do it
    #[arg(long, global = true, value_name = "URL", env = "PROVOST_SERVER")]
    server: Option<String>,
    /// The server's API key
    #[arg(
        long,
        global = true,
        value_name = "KEY",
        help = "The server's API key: env:NAME, file:PATH or command:LINE [env: PROVOST_API_KEY]"
    )]
    pub(crate) api_key: Option<String>,
    /// More certificate authorities for the server, as PEM
    #[arg(long, global = true, value_name = "FILE", env = "PROVOST_CA_FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

impl RemoteArgs {
    /// The server that is asked. An empty text is none, so that one command can do without
    /// the one in the environment.
    pub(crate) fn server(&self) -> Option<&str> {
        self.server.as_deref().map(str::trim).filter(|server| !server.is_empty())
    }
}

/// Why something is done.
#[derive(Args, Clone)]
pub(crate) struct Why {
    /// Why: it is kept in the server's audit log
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}
