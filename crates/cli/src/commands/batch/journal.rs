//! What is done, so that an interrupted batch can go on: the numbers of lines and the names of
//! instances, and nothing about people.
//!
//! A line is noted before its record is printed. Whatever ends the program in between, no
//! finished line is run again.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::hash::Hasher as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use crate::args::BatchArgs;
use crate::output::Hinted;

/// The first word of every journal.
const SIGNATURE: &str = "provost-batch-1";

/// A journal that is written to; nothing where there is none, as for standard input.
pub(super) struct Journal {
    file: Option<(PathBuf, File)>,
    /// The lines that were finished before, each with its instance.
    pub(super) before: Arc<HashSet<(u64, String)>>,
}

impl Journal {
    /// # Errors
    /// A journal of another input, one that nobody said to go on with, files that cannot be
    /// read or written.
    pub(super) fn open(arguments: &BatchArgs) -> anyhow::Result<Self> {
        let is_stdin = arguments.file == Path::new("-");
        if arguments.dry_run || (is_stdin && arguments.journal.is_none()) {
            return Ok(Self { file: None, before: Arc::default() });
        }
        let path = arguments.journal.clone().unwrap_or_else(|| {
            let mut name = arguments.file.clone().into_os_string();
            name.push(".done");
            name.into()
        });
        let head = format!("{SIGNATURE} {}", if is_stdin { 0 } else { fingerprint(&arguments.file)? });
        let before = match File::open(&path) {
            Ok(file) => read(&path, file, &head, arguments.resume)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => HashSet::new(),
            Err(error) => return Err(error).with_context(|| format!("could not read `{}`", path.display())),
        };
        let file = OpenOptions::new().append(true).create(true).open(&path);
        let mut file = file.with_context(|| format!("could not write `{}`", path.display()))?;
        // The line before may be half a one. A new one makes both harmless.
        writeln!(file, "{}", if before.is_empty() { head.as_str() } else { "" })
            .with_context(|| format!("could not write `{}`", path.display()))?;
        Ok(Self { file: Some((path, file)), before: Arc::new(before) })
    }

    /// Notes that a line is done at an instance.
    pub(super) fn note(&mut self, number: u64, instance: &str) -> anyhow::Result<()> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        // One write of a whole line: it is there or it is not, also after a kill.
        file.write_all(format!("{number} {instance}\n").as_bytes())
            .with_context(|| format!("could not write `{}`", path.display()))
    }

    /// Takes the journal of a batch away that is whole; where it is if it stays.
    pub(super) fn end(self, is_whole: bool) -> Option<PathBuf> {
        let (path, file) = self.file?;
        drop(file);
        (!is_whole || std::fs::remove_file(&path).is_err()).then_some(path)
    }
}

fn read(path: &Path, file: File, head: &str, is_resumed: bool) -> anyhow::Result<HashSet<(u64, String)>> {
    let mut lines = BufReader::new(file).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    if !is_resumed {
        return Err(Hinted::new(format!("an earlier run was not finished: `{}` is there", path.display()))
            .hint("go on with --resume, or remove that file to begin anew")
            .into());
    }
    if first != head {
        return Err(Hinted::new(format!("`{}` is of another input", path.display()))
            .hint("the file was changed since; remove the journal to begin anew")
            .into());
    }
    let done = |line: String| {
        let (number, instance) = line.split_once(' ')?;
        Some((number.parse().ok()?, instance.to_owned()))
    };
    Ok(lines.filter_map(done).collect())
}

/// A number that changes with the file (FNV-1a, 64 bits). It guards against mistakes, not
/// against people.
fn fingerprint(file: &Path) -> anyhow::Result<u64> {
    let read = || -> std::io::Result<u64> {
        let mut input = File::open(file)?;
        let (mut hasher, mut buffer) = (Fnv(0xcbf2_9ce4_8422_2325), vec![0; 64 * 1024]);
        loop {
            match input.read(&mut buffer)? {
                0 => return Ok(hasher.finish()),
                length => hasher.write(&buffer[..length]),
            }
        }
    };
    read().with_context(|| format!("could not read `{}`", file.display()))
}

struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
