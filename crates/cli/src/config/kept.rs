//! What an instance keeps from one command to the next: files beside `provost.yaml`, in
//! `.provost/<instance>/`.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use provost_core::dashed;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::folder_of;
use super::lock::Lock;

/// The folder of what is kept.
const FOLDER: &str = ".provost";

/// A file of JSON that is read and replaced as a whole.
pub(crate) struct Kept {
    file: PathBuf,
}

impl Kept {
    /// The file of this name of an instance whose configuration is in the folder. Names are
    /// told apart as the configuration does it.
    pub(crate) fn of_instance(folder: &Path, instance: &str, name: &str) -> Self {
        Self { file: folder.join(FOLDER).join(file_name(&dashed(instance))).join(name) }
    }

    /// A file that somebody named.
    pub(crate) fn at(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    /// Waits until nobody else uses the file; its folder is made.
    ///
    /// # Errors
    /// A folder that cannot be made or written in.
    pub(crate) fn lock(&self) -> anyhow::Result<Lock> {
        let folder = folder_of(&self.file);
        fs::create_dir_all(folder).with_context(|| format!("could not make `{}`", folder.display()))?;
        Lock::take(&self.file)
    }

    /// What it says; the default where it is not there or empty.
    ///
    /// # Errors
    /// A file that cannot be read, or holds something else.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> anyhow::Result<T> {
        let failed = || format!("could not read `{}`", self.file.display());
        let text = match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
            read => read.with_context(failed)?,
        };
        if text.trim().is_empty() {
            return Ok(T::default());
        }
        serde_json::from_str(&text).with_context(failed)
    }

    /// Replaces it in one step. It is for its owner only.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, value: &impl Serialize) -> anyhow::Result<()> {
        let failed = || format!("could not write `{}`", self.file.display());
        let mut draft = tempfile::NamedTempFile::new_in(folder_of(&self.file)).with_context(failed)?;
        let text = serde_json::to_string_pretty(value).with_context(failed)?;
        writeln!(draft, "{text}").with_context(failed)?;
        draft.as_file().sync_all().with_context(failed)?;
        draft.persist(&self.file).with_context(failed)?;
        Ok(())
    }
}

/// A name of which no file system makes something else.
fn file_name(instance: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || c == '-';
    instance
        .chars()
        .map(|c| if is_safe(c) { c.to_string() } else { format!("%{:x}", u32::from(c)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for (name, expected) in [("okta-prod", "okta-prod"), ("../x", "%2e%2e%2fx"), ("é", "%e9")] {
            assert_eq!(file_name(name), expected);
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::of_instance(folder.path(), "Okta_Prod", "store.json");
        assert_eq!(kept.read::<Vec<u8>>().unwrap(), Vec::<u8>::new());
        let _lock = kept.lock().unwrap();
        kept.write(&[1_u8, 2]).unwrap();
        let again = Kept::of_instance(folder.path(), "okta-prod", "store.json");
        assert_eq!(again.read::<Vec<u8>>().unwrap(), [1, 2]);
        fs::write(folder.path().join(".provost/okta-prod/store.json"), "{").unwrap();
        assert!(again.read::<Vec<u8>>().is_err());
    }
}
