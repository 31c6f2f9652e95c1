//! The command line of `provost store`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{StoreArgs, StorePlace};

/// What is shown below the list of commands.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost store info
  provost store backup monday.db
  provost store restore monday.db --store new.db
  provost store restore monday.db --store postgres://provost@db.example/provost
  provost store rotate

docs/store.md is the guide.
Exit status: 0 done, 1 what was copied is not whole, 2 it could not be done.";

const ROTATE: &str = "\
Examples:
  provost store rotate                                   a new key in the file beside the store
  provost store rotate --master-key env:OLD_KEY --new-key env:NEW_KEY
  provost store rotate --new-key 'command:vault kv get -field=key secret/provost'";

/// The commands of `provost store`.
#[derive(Subcommand)]
pub(crate) enum StoreCommand {
    /// Show where a store is, what is in it, and who is at it
    Info(StoreArgs),
    /// Write everything into a new file, as it is at one moment
    Backup(StoreBackup),
    /// Take everything out of a backup into a new store
    Restore(StoreRestore),
    /// Seal all secrets under a new master key
    #[command(after_help = ROTATE)]
    Rotate(StoreRotate),
}

/// The arguments of `provost store backup`.
#[derive(Args)]
pub(crate) struct StoreBackup {
    /// The new file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: StorePlace,
}

/// The arguments of `provost store restore`.
#[derive(Args)]
pub(crate) struct StoreRestore {
    /// The backup
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// The arguments of `provost store rotate`.
#[derive(Args)]
pub(crate) struct StoreRotate {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// The new master key: env:NAME, file:PATH or command:LINE
    /// [default: a new one, in the place of the file beside the store]
    #[arg(long, value_name = "KEY")]
    pub(crate) new_key: Option<String>,
}
