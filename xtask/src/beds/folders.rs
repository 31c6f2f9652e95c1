//! Where things are.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the project's folder").to_path_buf()
}

/// What is installed, and logs.
pub(super) fn beds() -> PathBuf {
    root().join("target/beds")
}

/// Our own parts of servers.
pub(super) fn apps() -> PathBuf {
    root().join("xtask/beds")
}

/// The API descriptions of vendors, which are no part of the project: where `PROVOST_SPECS`
/// says, or beside the project's folder.
pub(super) fn descriptions() -> Option<PathBuf> {
    let named = std::env::var_os("PROVOST_SPECS").map(PathBuf::from);
    named.or_else(|| Some(root().parent()?.join("shared/specs"))).filter(|folder| folder.is_dir())
}
