//! The command line of `provost key`.

use clap::{Args, Subcommand};
use provost_server::Role;

use super::words::words;
use super::{Moment, StorePlace};

/// What is shown below the list of commands.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost key add 'nightly joiners' --role operator --expires 90d
  provost key add helpdesk --role operator --instances 'okta-*' --commands iam-get-user,iam-disable-user
  KEY=$(provost key add ci --role viewer)
  provost key list
  provost key revoke aBcD12345xyz";

/// The commands of `provost key`.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key; it is printed this once
    Add(KeyAdd),
    /// List the keys, without what they are
    List(StorePlace),
    /// Take a key away
    Revoke(KeyRevoke),
}

/// The arguments of `provost key add`.
#[derive(Args)]
pub(crate) struct KeyAdd {
    /// What people call it
    pub(crate) name: String,
    /// What its holder may do
    #[arg(long, value_name = "ROLE", value_parser = words(Role::ALL, Role::as_str, Role::of_word))]
    pub(crate) role: Role,
    /// From when on it is refused: 2026-12-31, 2026-12-31T18:00:00Z, or in how long, such as 90d
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<Moment>,
    /// Only at these instances, separated by commas; `*` stands for anything
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) instances: Option<Vec<String>>,
    /// Only by these commands, separated by commas; `*` stands for anything
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) commands: Option<Vec<String>>,
    #[command(flatten)]
    pub(crate) place: StorePlace,
}

/// The arguments of `provost key revoke`.
#[derive(Args)]
pub(crate) struct KeyRevoke {
    /// The key's id: what stands between `pv_` and the next `_`
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) place: StorePlace,
}
