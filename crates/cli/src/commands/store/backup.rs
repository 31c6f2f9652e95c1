//! `provost store backup`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_store::{Copied, Location, Store};
use serde_json::json;

use super::{Log, verified};
use crate::args::Format;
use crate::commands::at_store::answer;
use crate::commands::serve::{open_at, told};
use crate::config::folder_of;
use crate::output::{self, Hinted, Meter};

pub(super) async fn run(format: Format, store: &Store, file: &Path) -> anyhow::Result<ExitCode> {
    let (copied, log) = written(store, file).await?;
    let Copied { rows, tables } = copied;
    let text = format!("Wrote {rows} rows of {tables} tables into {}. {log}", file.display());
    let mut data = json!({"file": file.display().to_string(), "rows": rows, "tables": tables});
    log.add_to(&mut data);
    answer(format, &data, &output::clean(&text));
    output::hint("the master key is not in it: keep a copy of that elsewhere");
    Ok(log.status())
}

/// The file gets its name when it is whole. Until then it is in a folder that only its owner
/// can enter, which goes with everything in it if anything fails.
async fn written(store: &Store, file: &Path) -> anyhow::Result<(Copied, Log)> {
    if file.exists() {
        let problem = Hinted::new(format!("`{}` is there already", file.display()));
        return Err(problem.hint("name a file that is not there").into());
    }
    let place = folder_of(file);
    let failed = || format!("could not write in `{}`", place.display());
    let folder = tempfile::Builder::new().prefix(".provost-").tempdir_in(place).with_context(failed)?;
    let draft = folder.path().join("backup.db");
    let meter = Meter::new("rows written");
    let copied = store.back_up(&draft, &|count| meter.show(count)).await.map_err(told)?;
    drop(meter);
    let copy = open_at(&Location::File(draft.clone())).await?;
    let log = verified(&copy).await?;
    copy.close().await;
    private(&draft)?;
    fs::rename(&draft, file).with_context(failed)?;
    Ok((copied, log))
}

/// Leaves a file to its owner.
#[cfg(unix)]
fn private(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).context("could not write the backup")
}

#[cfg(not(unix))]
fn private(_: &Path) -> anyhow::Result<()> {
    Ok(())
}
