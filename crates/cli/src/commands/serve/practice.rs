//! Emulated systems beside the server.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::ValueEnum as _;
use provost_lab::Faults;
use tempfile::TempDir;

use crate::commands::practice::{Emulator, System, Wanted, configure, new_secret, start, stop};
use crate::config::FILE_NAME;

/// How many accounts each system begins with.
const PEOPLE: usize = 25;

/// Emulators that run, and the configuration for them.
pub(super) struct Practice {
    emulators: Vec<Emulator>,
    folder: TempDir,
}

impl Practice {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("could not make a folder for the emulated systems")?;
        let wanted = Wanted {
            systems: System::value_variants().to_vec(),
            port: 0,
            secret: new_secret(),
            faults: Faults::default(),
            people: PEOPLE,
            limit: None,
        };
        let emulators = start(&wanted).await?;
        configure(folder.path(), &wanted.secret, &emulators)?;
        Ok(Self { emulators, folder })
    }

    /// The configuration.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join(FILE_NAME)
    }

    /// The names of the instances.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.emulators.iter().map(|emulator| emulator.system.instance()).collect()
    }

    pub(super) async fn stop(self) {
        stop(self.emulators).await;
    }
}
