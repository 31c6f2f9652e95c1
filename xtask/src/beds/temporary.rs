//! A file of the system that is there for a while, unless somebody had it already.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// It is removed when it is dropped; nothing is, where the file was there.
pub(super) struct Temporary(Option<PathBuf>);

impl Temporary {
    /// Everybody may read and run it.
    pub(super) fn put(path: &Path, text: &str) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match File::options().write(true).create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Self(None)),
            Err(error) => Err(error),
            Ok(mut file) => {
                let put = Self(Some(path.to_owned()));
                file.write_all(text.as_bytes())?;
                file.set_permissions(Permissions::from_mode(0o755))?;
                Ok(put)
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // It fails where somebody else removed it.
            let _ = fs::remove_file(path);
            // Folders that were made for it are empty now. The first that is not ends this.
            let _ = path.ancestors().skip(1).try_for_each(fs::remove_dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn path_of(test: &str) -> PathBuf {
        std::env::temp_dir().join(format!("provost-temporary-{test}-{}", std::process::id()))
    }

    #[test]
    fn a_script_answers_until_it_is_dropped() {
        let path = path_of("made");
        let script = Temporary::put(&path, "#!/bin/sh\nexit 101\n").expect("it can be written");
        // Not run by its name, which fails for a moment where a test beside this one forks.
        let status = Command::new("sh").arg(&path).status().expect("a shell");
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        drop(script);
        assert_eq!((status.code(), mode & 0o777), (Some(101), 0o755));
        assert!(!path.exists());
    }

    #[test]
    fn the_folders_that_were_made_for_it_go_too_but_no_other() {
        let folder = path_of("of-a-folder");
        let other = folder.join("other");
        let put = Temporary::put(&folder.join("one/two/file"), "text").expect("it can be written");
        fs::write(&other, "somebody's").expect("it can be written");
        drop(put);
        let there = (folder.join("one").exists(), other.exists());
        fs::remove_dir_all(&folder).expect("it can be removed");
        assert_eq!(there, (false, true));
    }

    #[test]
    fn a_file_that_is_there_stays_as_it_is() {
        let path = path_of("there");
        fs::write(&path, "somebody's").expect("it can be written");
        drop(Temporary::put(&path, "ours").expect("nothing is to be done"));
        let text = fs::read_to_string(&path);
        let _ = fs::remove_file(&path);
        assert_eq!(text.expect("it is there still"), "somebody's");
    }
}
