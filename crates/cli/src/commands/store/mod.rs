//! `provost store`: what a server keeps, copied, moved and looked after.

mod backup;
mod info;
mod restore;
mod rotate;

use std::fmt;
use std::process::ExitCode;

use provost_store::{Broken, Store, Verified};
use serde_json::{Value, json};

use crate::args::{Global, StoreCommand};
use crate::commands::at_store::{closed, existing};
use crate::commands::serve::told;
use crate::output::Meter;

pub(crate) async fn run(global: &Global, command: StoreCommand) -> anyhow::Result<ExitCode> {
    let format = global.output;
    match command {
        StoreCommand::Info(arguments) => {
            let store = existing(&arguments.place).await?;
            closed(store, async |store| info::run(format, store, &arguments).await).await
        }
        StoreCommand::Backup(arguments) => {
            let store = existing(&arguments.place).await?;
            closed(store, async |store| backup::run(format, store, &arguments.file).await).await
        }
        StoreCommand::Restore(arguments) => restore::run(format, &arguments).await,
        StoreCommand::Rotate(arguments) => {
            let store = existing(&arguments.store.place).await?;
            closed(store, async |store| rotate::run(format, store, &arguments).await).await
        }
    }
}

/// What a check of a copied log found.
struct Log(Result<Verified, Broken>);

/// Verifies the log of a store.
async fn verified(store: &Store) -> anyhow::Result<Log> {
    let meter = Meter::new("events verified");
    Ok(Log(store.verify(None, &|count| meter.show(count)).await.map_err(told)?))
}

impl Log {
    fn add_to(&self, data: &mut Value) {
        match &self.0 {
            Ok(verified) => data["head"] = verified.head.to_string().into(),
            Err(broken) => data["broken"] = json!({"seq": broken.seq, "what": broken.what}),
        }
    }

    fn status(&self) -> ExitCode {
        ExitCode::from(u8::from(self.0.is_err()))
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(verified) => write!(f, "Its audit log is whole.\nIts head is {}.", verified.head),
            Err(broken) => write!(f, "Its audit log is not whole: {broken}."),
        }
    }
}
