//! One editor of `provost.yaml` at a time. The file itself cannot be locked, because it is
//! replaced as a whole, so that a file beside it is.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The right to change a file, given back when it is dropped.
pub(crate) struct Lock {
    path: PathBuf,
    /// Closing it opens the lock.
    _held: File,
}

impl Lock {
    /// Waits until nobody else changes the file.
    ///
    /// # Errors
    /// A folder that cannot be written in.
    pub(super) fn take(file: &Path) -> anyhow::Result<Self> {
        let path = beside(file);
        let failed = || format!("could not lock `{}` by `{}`", file.display(), path.display());
        loop {
            let held = File::options().create(true).append(true).open(&path).with_context(failed)?;
            match held.lock() {
                // A file system without locks is used all the same.
                Err(error) if error.kind() != io::ErrorKind::Unsupported => {
                    return Err(error).with_context(failed);
                }
                _ => {}
            }
            if is_at(&held, &path) {
                return Ok(Self { path, _held: held });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if cfg!(unix) {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// `.provost.yaml.lock`
fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(".lock");
    file.with_file_name(name)
}

/// Whether the file is still the one of this name: whoever held it before removes it, and
/// a removed one keeps nobody out.
#[cfg(unix)]
fn is_at(held: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    held.metadata().ok().map(identity) == fs::metadata(path).ok().map(identity)
}

/// Elsewhere it is never removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
