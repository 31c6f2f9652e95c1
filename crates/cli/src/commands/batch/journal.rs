//! The journal: which lines are finished at which instances, so that no kill makes a batch
//! begin anew.
//!
//! It begins with what the run is, goes on with a line for each finished task, and closes
//! when the run came to its end. It holds line numbers and names of instances, and nothing
//! of what the lines say. Whoever writes a record writes here first.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::output::Hinted;

/// The last line of a run that came to its end.
const CLOSED: &str = "\"closed\"";

/// What a run is: a journal of another one says nothing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Heading {
    /// The digest of the input.
    pub(super) sha256: String,
    /// How many lines the input has.
    pub(super) lines: u64,
    /// The command for lines that name none.
    pub(super) command: String,
    pub(super) allow_enable: bool,
    /// How the input is read.
    pub(super) format: String,
}

/// What is finished, by instance.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Finished(HashMap<String, Vec<u64>>);

impl Finished {
    pub(super) fn contains(&self, line: u64, instance: &str) -> bool {
        let (word, bit) = place(line);
        self.0.get(instance).and_then(|words| words.get(word)).is_some_and(|bits| bits & bit != 0)
    }

    /// The last line that is finished at an instance; 0 if none is.
    pub(super) fn last(&self, instance: &str) -> u64 {
        let words = self.0.get(instance).map_or(&[][..], Vec::as_slice);
        let last = words.iter().enumerate().rfind(|(_, bits)| **bits != 0);
        last.map_or(0, |(word, bits)| word as u64 * 64 + u64::from(bits.ilog2()))
    }

    fn add(&mut self, line: u64, instance: String) {
        let (word, bit) = place(line);
        let words = self.0.entry(instance).or_default();
        words.resize(words.len().max(word + 1), 0);
        words[word] |= bit;
    }
}

/// Where a line is among bits.
fn place(line: u64) -> (usize, u64) {
    (usize::try_from(line / 64).unwrap_or(usize::MAX - 1), 1 << (line % 64))
}

/// A journal that is written to. Nobody else can do so meanwhile.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    text: Vec<u8>,
}

/// Where the journal of a file is, if nothing else is said.
pub(super) fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".journal");
    name.into()
}

impl Journal {
    /// Begins a journal.
    ///
    /// # Errors
    /// One that is there and not closed, or that cannot be written.
    pub(super) fn begin(path: &Path, heading: &Heading) -> anyhow::Result<Self> {
        let mut journal = Self::lock(path, true)?;
        if let Kept { heading: Some(_), is_closed: false, .. } = journal.read()? {
            return Err(Hinted::new(format!(
                "`{}` is the journal of a run that did not end",
                path.display()
            ))
            .hint("`--resume` goes on with that run; delete the journal to begin anew")
            .into());
        }
        journal.truncate(0)?;
        journal.head(heading)?;
        Ok(journal)
    }

    /// Opens the journal of an earlier run to go on with it.
    ///
    /// # Errors
    /// None that is there, one of another run.
    pub(super) fn resume(path: &Path, heading: &Heading) -> anyhow::Result<(Self, Finished)> {
        let mut journal = Self::lock(path, false)?;
        let earlier = journal.read()?;
        if let Some(difference) = earlier.heading.as_ref().and_then(|earlier| difference(earlier, heading)) {
            let message = format!("`{}` is the journal of another run: {difference}", path.display());
            return Err(Hinted::new(message)
                .hint("delete it, or name another with --journal, to begin anew")
                .into());
        }
        journal.truncate(earlier.whole)?;
        if earlier.heading.is_none() {
            journal.head(heading)?;
        }
        Ok((journal, earlier.finished))
    }

    fn lock(path: &Path, create: bool) -> anyhow::Result<Self> {
        let opened = File::options().read(true).write(true).create(create).truncate(false).open(path);
        let file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !create => {
                return Err(Hinted::new(format!("there is no journal `{}`", path.display()))
                    .hint("no run of this file was begun, or it had another --journal; leave out --resume to begin")
                    .into());
            }
            opened => opened.with_context(|| format!("could not open the journal `{}`", path.display()))?,
        };
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(Hinted::new(format!("another run has the journal `{}`", path.display()))
                .hint("wait for it, or name another journal with --journal")
                .into());
        }
        Ok(Self { file, path: path.to_owned(), text: Vec::new() })
    }

    fn read(&mut self) -> anyhow::Result<Kept> {
        let mut kept = Kept::default();
        let (mut lines, mut line) = (BufReader::new(&self.file), String::new());
        let failed = || format!("could not read the journal `{}`", self.path.display());
        while lines.read_line(&mut line).with_context(failed)? > 0 && line.ends_with('\n') {
            let taken = kept.take(&line);
            taken
                .ok_or_else(|| Hinted::new(format!("`{}` is no journal of a batch", self.path.display())))?;
            line.clear();
        }
        Ok(kept)
    }

    fn head(&mut self, heading: &Heading) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(heading)?;
        line.push(b'\n');
        self.append(&line)
    }

    /// Notes finished tasks. When this returns, a kill does not lose them.
    pub(super) fn note<'a>(&mut self, tasks: impl Iterator<Item = (u64, &'a str)>) -> anyhow::Result<()> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        for task in tasks {
            serde_json::to_writer(&mut text, &task)?;
            text.push(b'\n');
        }
        self.append(&text)?;
        self.text = text;
        Ok(())
    }

    /// Notes that the run came to its end.
    pub(super) fn close(mut self) -> anyhow::Result<()> {
        self.append(format!("{CLOSED}\n").as_bytes())?;
        self.save()
    }

    /// Hands what is noted to the disk, in case the machine goes down.
    pub(super) fn save(&self) -> anyhow::Result<()> {
        self.file.sync_data().with_context(|| self.failed())
    }

    fn append(&mut self, text: &[u8]) -> anyhow::Result<()> {
        self.file.write_all(text).with_context(|| self.failed())
    }

    fn truncate(&mut self, length: u64) -> anyhow::Result<()> {
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::End(0)));
        cut.map(drop).with_context(|| self.failed())
    }

    fn failed(&self) -> String {
        format!("could not write the journal `{}`", self.path.display())
    }
}

/// What a journal holds.
#[derive(Default)]
struct Kept {
    heading: Option<Heading>,
    finished: Finished,
    is_closed: bool,
    /// How long the part is that can be gone on with: without its end, and without a line
    /// that was cut off.
    whole: u64,
}

impl Kept {
    /// Takes the next line; `None` if it is none of a journal.
    fn take(&mut self, line: &str) -> Option<()> {
        self.is_closed = line.trim_end() == CLOSED;
        if self.is_closed {
            return Some(());
        }
        match &self.heading {
            None => self.heading = Some(serde_json::from_str(line).ok()?),
            Some(heading) => {
                let (number, instance) = serde_json::from_str(line).ok()?;
                if number > heading.lines {
                    return None;
                }
                self.finished.add(number, instance);
            }
        }
        self.whole += line.len() as u64;
        Some(())
    }
}

/// In what two runs differ.
fn difference(earlier: &Heading, now: &Heading) -> Option<&'static str> {
    [
        (earlier.sha256 != now.sha256, "the input has changed since then"),
        (earlier.command != now.command, "its `--command` was another one"),
        (earlier.allow_enable != now.allow_enable, "its `--allow-enable` was another one"),
        (earlier.format != now.format, "its `--format` was another one"),
    ]
    .into_iter()
    .find_map(|(differs, what)| differs.then_some(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading() -> Heading {
        Heading {
            sha256: "0".repeat(64),
            lines: 100,
            command: "iam-create-user".to_owned(),
            allow_enable: true,
            format: "jsonl".to_owned(),
        }
    }

    fn refusal<T>(result: anyhow::Result<T>) -> String {
        result.err().expect("it is refused").to_string()
    }

    #[test]
    fn a_run_goes_on_where_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.jsonl.journal");
        assert!(refusal(Journal::resume(&path, &heading())).contains("there is no journal"));
        let mut journal = Journal::begin(&path, &heading()).unwrap();
        journal.note([(7, "crm"), (64, "a \"b\"\n")].into_iter()).unwrap();
        assert!(refusal(Journal::resume(&path, &heading())).contains("another run has"));
        drop(journal);
        assert!(refusal(Journal::begin(&path, &heading())).contains("did not end"));
        let mut torn = File::options().append(true).open(&path).unwrap();
        torn.write_all(b"[8,\"c").unwrap();
        drop(torn);
        let (mut journal, finished) = Journal::resume(&path, &heading()).unwrap();
        let is_finished = |line, instance| finished.contains(line, instance);
        assert!(is_finished(7, "crm") && is_finished(64, "a \"b\"\n") && !is_finished(8, "crm"));
        assert_eq!((finished.last("crm"), finished.last("a \"b\"\n"), finished.last("hr")), (7, 64, 0));
        assert!(!is_finished(7, "hr") && !is_finished(1_000_000, "crm"));
        journal.note([(8, "crm")].into_iter()).unwrap();
        journal.close().unwrap();
        let (journal, finished) = Journal::resume(&path, &heading()).unwrap();
        assert!(finished.contains(8, "crm") && finished.contains(7, "crm"));
        journal.close().unwrap();
        drop(Journal::begin(&path, &heading()).expect("a closed one is begun anew"));
        let (_, finished) = Journal::resume(&path, &heading()).unwrap();
        assert_eq!(finished, Finished::default());
    }

    #[test]
    fn the_journal_of_another_run_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(Journal::begin(&path, &heading()).unwrap());
        for (other, expected) in [
            (Heading { sha256: "1".repeat(64), ..heading() }, "the input has changed"),
            (Heading { command: "iam-disable-user".to_owned(), ..heading() }, "`--command`"),
            (Heading { allow_enable: false, ..heading() }, "`--allow-enable`"),
            (Heading { format: "csv".to_owned(), ..heading() }, "`--format`"),
        ] {
            assert!(refusal(Journal::resume(&path, &other)).contains(expected), "{expected}");
        }
        for text in [
            "hm\n",
            "{}\n",
            "{\"sha256\":\"\",\"lines\":1,\"command\":\"\",\"allow-enable\":true,\"format\":\"\"}\n[2,\"a\"]\n",
        ] {
            std::fs::write(&path, text).unwrap();
            assert!(refusal(Journal::resume(&path, &heading())).contains("no journal of a batch"), "{text}");
        }
    }
}
