//! What a server needs for one run only: a folder, in memory where that can be.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::folders::{apps, beds};
use super::group::Group;

const MEMORY: &str = "/dev/shm";
const PREFIX: &str = "provost-bed-";

/// What is stopped in the end: first the server, then its folder is removed.
pub(super) struct Running {
    _group: Group,
    _folder: Option<RunFolder>,
}

impl Running {
    pub(super) fn new(group: Group, folder: Option<RunFolder>) -> Self {
        Self { _group: group, _folder: folder }
    }
}

/// It is removed when it is dropped.
pub(super) struct RunFolder(PathBuf);

impl RunFolder {
    /// An empty folder. What runs before this one left, because they were killed, goes.
    pub(super) fn make(name: &str) -> anyhow::Result<Self> {
        let parent =
            Some(Path::new(MEMORY)).filter(|memory| memory.is_dir()).map_or_else(beds, Path::to_owned);
        remove_those_left(&parent);
        let folder = Self(parent.join(format!("{PREFIX}{}-{name}", std::process::id())));
        fs::create_dir_all(&folder.0).with_context(|| format!("could not make `{}`", folder.0.display()))?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.0.join(name);
        fs::write(&path, text).with_context(|| format!("could not write `{}`", path.display()))?;
        Ok(path)
    }

    /// Writes a file of `xtask/beds` with its holes filled; `{run}` is the folder.
    pub(super) fn fill(&self, name: &str, holes: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
        let text =
            fs::read_to_string(apps().join(name)).with_context(|| format!("could not read `{name}`"))?;
        let text = text.replace("{run}", &self.0.to_string_lossy());
        self.write(name, &holes.iter().fold(text, |text, (hole, value)| text.replace(hole, value)))
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // What a process that ends this moment still writes is left to the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn remove_those_left(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_left = entry.file_name().to_str().and_then(maker).is_some_and(|id| !is_alive(id));
        if is_left {
            // It fails where another run is at it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The process that made the folder of this name.
fn maker(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

fn is_alive(id: u32) -> bool {
    Path::new("/proc").join(id.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lasts_as_long_as_its_run() {
        let folder = RunFolder::make("of-a-test").expect("a folder");
        let path = folder.path().to_owned();
        folder.write("file", "text").expect("a file");
        remove_those_left(path.parent().expect("it is in a folder"));
        assert!(path.join("file").exists());
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn every_hole_of_a_file_is_filled() {
        let folder = RunFolder::make("of-a-test-of-holes").expect("a folder");
        let path = folder.fill("smb.conf", &[("{address}", "127.0.0.99")]).expect("it is in `xtask/beds`");
        let text = fs::read_to_string(path).expect("it was written");
        let key = format!("tls keyfile = {}/key.pem\n", folder.path().display());
        assert!(text.contains("interfaces = 127.0.0.99/8\n") && text.contains(&key), "{text}");
        assert!(!text.contains('{'), "{text}");
    }

    #[test]
    fn what_a_killed_run_left_goes_and_nothing_else() {
        let parent = std::env::temp_dir().join(format!("provost-left-{}", std::process::id()));
        let (left, other) = (parent.join(format!("{PREFIX}{}-slapd", u32::MAX)), parent.join("other"));
        for folder in [&left, &other] {
            fs::create_dir_all(folder).expect("a folder");
        }
        remove_those_left(&parent);
        let there = (left.exists(), other.exists());
        fs::remove_dir_all(&parent).expect("it can be removed");
        assert_eq!(there, (false, true));
    }
}
