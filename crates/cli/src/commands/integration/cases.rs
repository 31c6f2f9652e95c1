//! The recorded cases in an integration's folder.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use provost_lab::case::{Case, parse_cases};

/// A file of cases.
pub(super) struct CaseFile {
    pub(super) path: PathBuf,
    pub(super) cases: Vec<Case>,
}

/// The cases in `cases/*.yaml` of a folder, by file; none where there is no such folder.
///
/// # Errors
/// A file that cannot be read, or the first mistake in one.
pub(super) fn read(folder: &str) -> anyhow::Result<Vec<CaseFile>> {
    let folder = Path::new(folder).join("cases");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let listed = || format!("could not read `{}`", folder.display());
    let entries =
        folder.read_dir().with_context(listed)?.collect::<Result<Vec<_>, _>>().with_context(listed)?;
    let is_cases = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml");
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(is_cases).collect();
    paths.sort();
    paths.into_iter().map(file).collect()
}

fn file(path: PathBuf) -> anyhow::Result<CaseFile> {
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("could not read `{}`", path.display()))?;
    let cases = parse_cases(&path, &text)?;
    Ok(CaseFile { path, cases })
}
