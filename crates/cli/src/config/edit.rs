//! Changing `provost.yaml` as a person would: comments, order and everything else stays.
//!
//! A change is made in memory, read back as the next command would, and only then written,
//! in one step. Changes that are made at the same time wait for each other.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};

use super::lock::Lock;
use super::{Config, folder_of, lines};

/// Adds an instance's block at the end of the section; makes the file if there is none.
/// `block` is the instance's lines, not indented. Nothing is written unless `check` is
/// content with what the file would say.
///
/// # Errors
/// A name that is there already, a file that is not laid out in lines, what `check` says.
pub(crate) fn add<T>(
    file: &Path,
    name: &str,
    block: &str,
    check: impl FnOnce(&Config) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let insert = |text: &str| {
        Config::parse(file.to_owned(), text.to_owned())?.refuse_known(name)?;
        with(file, text, name, block)
    };
    change(file, insert, check)
}

/// Puts an instance's block in the place of its old one, or at the end. A file that is
/// not there yet begins with `head`.
///
/// # Errors
/// A file that is not laid out in lines.
pub(crate) fn put(file: &Path, head: &str, name: &str, block: &str) -> anyhow::Result<()> {
    let replace = |text: &str| with(file, if text.is_empty() { head } else { text }, name, block);
    change(file, replace, |_| Ok(()))
}

/// Takes an instance's block out.
///
/// # Errors
/// A file that is not laid out in lines, or would not be readable afterwards.
pub(crate) fn remove(file: &Path, name: &str) -> anyhow::Result<()> {
    change(file, |text| without(file, text, name), |_| Ok(()))
}

/// Writes a file that is for its owner only, in one step.
pub(crate) fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    write(file, text, None)
}

/// Reads the file, changes and checks it in memory, and writes it.
fn change<T>(
    file: &Path,
    edit: impl FnOnce(&str) -> anyhow::Result<String>,
    check: impl FnOnce(&Config) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let _lock = Lock::take(file)?;
    let text = edit(&current(file)?)?;
    let config = Config::parse(file.to_owned(), text).context("the change would make the file unreadable")?;
    let checked = check(&config)?;
    write(file, &config.text, fs::metadata(file).ok().map(|current| current.permissions()))?;
    Ok(checked)
}

/// What the file says; nothing if it is not there.
pub(super) fn current(file: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.with_context(|| format!("could not read the configuration `{}`", file.display())),
    }
}

/// The text with the block in the place of the one of this name, or at the end.
fn with(file: &Path, text: &str, name: &str, block: &str) -> anyhow::Result<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let section = match lines::section(&lines) {
        Some(section) => section,
        None if text.contains(lines::SECTION) => bail!(
            "`{}` has its instances in a form that cannot be edited line by line; please add the instance by hand",
            file.display()
        ),
        None => {
            lines.push(lines::SECTION.to_owned());
            lines.len() - 1..lines.len()
        }
    };
    let margin = " ".repeat(lines::margin(&lines, &section));
    let place = lines::block(&lines, &section, name).unwrap_or(section.end..section.end);
    let head = format!("{margin}{name}:");
    let block = block.lines().map(|line| format!("{margin}  {line}"));
    lines.splice(place, std::iter::once(head).chain(block));
    Ok(lines.join("\n") + "\n")
}

/// The text without the block of this name.
fn without(file: &Path, text: &str, name: &str) -> anyhow::Result<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let block = lines::section(&lines).and_then(|section| lines::block(&lines, &section, name));
    let Some(block) = block else {
        bail!(
            "`{}` has `{name}` in a form that cannot be edited line by line; please remove it by hand",
            file.display()
        );
    };
    lines.drain(block);
    Ok(lines.join("\n") + "\n")
}

fn write(file: &Path, text: &str, permissions: Option<fs::Permissions>) -> anyhow::Result<()> {
    let folder = folder_of(file);
    let mut draft = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("could not write in `{}`", folder.display()))?;
    let failed = || format!("could not write `{}`", file.display());
    draft.write_all(text.as_bytes()).with_context(failed)?;
    if let Some(permissions) = permissions {
        draft.as_file().set_permissions(permissions).with_context(failed)?;
    }
    draft.persist(file).with_context(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of this text, in a folder of its own.
    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("provost.yaml");
        fs::write(&file, text).unwrap();
        (folder, file)
    }

    #[test]
    fn comments_and_order_survive() {
        let before = "# ours\ninstances:\n  one: # first\n    integration: a\n  # about two\n  two:\n    integration: b\n\nintegrations: .\n";
        let (_folder, file) = file(before);
        add(&file, "three", "integration: c\nurl: u", |_| Ok(())).unwrap();
        let added = fs::read_to_string(&file).unwrap();
        assert_eq!(
            added,
            before.replace(
                "    integration: b\n",
                "    integration: b\n  three:\n    integration: c\n    url: u\n"
            )
        );
        remove(&file, "three").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
        put(&file, "", "one", "integration: z").unwrap();
        let put = fs::read_to_string(&file).unwrap();
        assert_eq!(put, before.replace("one: # first\n    integration: a", "one:\n    integration: z"));
        remove(&file, "one").unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            before.replace("  one: # first\n    integration: a\n", "")
        );
    }

    #[test]
    fn a_file_is_made_where_there_is_none_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("provost.yaml");
        let refused = add(&file, "one", "integration: a", |_| -> anyhow::Result<()> { bail!("no") });
        assert!(refused.is_err() && !file.exists());
        add(&file, "one", "integration: a", |_| Ok(())).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "instances:\n  one:\n    integration: a\n");
        if cfg!(unix) {
            assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        }
    }
}
