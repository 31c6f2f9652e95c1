//! `provost audit export`: events on standard output, however many there are.

use std::process::ExitCode;

use provost_store::{Export, Store};

use super::filter;
use crate::args::AuditExport;
use crate::commands::serve::told;
use crate::streams::Out;

pub(super) async fn run(store: &Store, arguments: AuditExport) -> anyhow::Result<ExitCode> {
    let filter = filter(arguments.events, store.now())?;
    let mut export =
        Export::begin(store, filter, arguments.format.into(), arguments.after).await.map_err(told)?;
    while let Some(lines) = export.next_page().await.map_err(told)? {
        // Whoever reads is told of a page before the next is waited for.
        let mut out = Out::new();
        if !out.write(&lines)? || !out.finish()? {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}
