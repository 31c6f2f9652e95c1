//! The command line of `provost integration`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What is shown below the list of commands.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost integration list
  provost integration show okta-iam
  provost integration init integrations/my-app
  provost integration test integrations/my-app
  provost integration test --instance my-app      make people there, and see whether all is right

docs/manifests.md is the guide.";

const TEST: &str = "\
Examples:
  provost integration test integrations/my-app
  provost integration test integrations/my-app -v
  provost integration test --instance my-app --domain example.com
  provost integration test integrations/my-app --instance my-app --yes -o jsonl

The kit makes about 20 accounts, `provost-<run>-<check>@<domain>`, and a group. It deletes the group
and takes the accounts out of use.

Exit status: 0 all is right, 1 something failed, 2 it could not begin.";

/// The commands of `provost integration`.
#[derive(Subcommand)]
pub(crate) enum IntegrationCommand {
    /// List the integrations that there are
    List,
    /// Show what an integration can do, its settings and the rights that it needs
    Show {
        /// Its name, or its folder
        integration: String,
    },
    /// Check an integration's manifest, mappers and cases without running them
    Check {
        /// Its folder, or its name
        integration: String,
    },
    /// Make the folder of a new integration
    Init {
        /// The folder, which is not there yet; its name is the integration's
        folder: PathBuf,
    },
    /// Run an integration's mapper tests and recorded cases; with --instance the conformance kit
    #[command(after_help = TEST)]
    Test(IntegrationTest),
}

/// The arguments of `provost integration test`.
#[derive(Args)]
pub(crate) struct IntegrationTest {
    /// Its folder
    pub(crate) folder: Option<String>,
    /// The instance at which the conformance kit makes people
    #[arg(long, value_name = "NAME")]
    pub(crate) instance: Option<String>,
    /// The domain of the mail addresses that the kit uses
    #[arg(long, value_name = "DOMAIN", default_value = "example.com", requires = "instance")]
    pub(crate) domain: String,
    /// Members that every profile of the kit has besides, as JSON, @FILE or - for standard input
    #[arg(long, value_name = "JSON", requires = "instance")]
    pub(crate) profile: Option<String>,
    /// Do not ask before accounts are made
    #[arg(long, requires = "instance")]
    pub(crate) yes: bool,
}
