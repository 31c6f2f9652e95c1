//! What is seen of a batch: records as they come, the line on the terminal, the end.
//!
//! One printer takes the ends of all instances, on a thread of its own: a reader of ours that
//! is slow keeps no answer of a system waiting. What is finished is noted in the journal
//! before anybody reads of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use provost_core::{VendorRecord, Verb};
use provost_engine::Outcome;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::{interval, sleep};

use super::journal::Journal;
use super::lanes::Ended;
use super::summary::Summary;
use crate::args::{Format, Global};
use crate::output::{self, progress};
use crate::streams::Problems;

/// How often the line on the terminal is written, and how often the journal is saved.
const AGAIN: Duration = Duration::from_millis(500);
/// How long ends are gathered: to be woken for each costs more than to print it.
const PAUSE: Duration = Duration::from_millis(1);
/// How many ends are taken at once.
const AT_ONCE: usize = 1024;
/// How many different pieces of advice are given.
const ADVICE: usize = 20;

/// A record with the number of its line.
#[derive(Serialize)]
struct Numbered<'a> {
    line: u64,
    #[serde(flatten)]
    record: &'a VendorRecord,
}

/// The printer.
pub(crate) struct Printer {
    format: Format,
    verbose: bool,
    journal: Option<Journal>,
    verb: Verb,
    /// How many lines there are, where that is known.
    lines: Option<u64>,
    connecting: Arc<AtomicUsize>,
    begun: Instant,
    /// Lines that earlier runs have finished.
    before: u64,
    summary: Summary,
    problems: Problems,
    hints: Vec<(String, String)>,
    text: Vec<u8>,
}

impl Printer {
    pub(super) fn new(
        format: Format,
        verbose: bool,
        journal: Option<Journal>,
        verb: Verb,
        lines: Option<u64>,
        connecting: Arc<AtomicUsize>,
    ) -> Self {
        Self {
            format,
            verbose,
            journal,
            verb,
            lines,
            connecting,
            begun: Instant::now(),
            before: 0,
            summary: Summary::default(),
            problems: Problems::default(),
            hints: Vec::new(),
            text: Vec::new(),
        }
    }

    /// The same for a batch that a server has carried out: so many lines, begun then.
    pub(crate) fn of_server(global: &Global, format: Format, verb: Verb, lines: u64, begun: Instant) -> Self {
        let mut summary = Summary::default();
        summary.lines = lines;
        Self { begun, summary, ..Self::new(format, global.verbose, None, verb, None, Arc::default()) }
    }

    /// Prints until nothing more can come.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub(super) async fn print_all(mut self, mut ends: mpsc::Receiver<Ended>) -> anyhow::Result<Self> {
        let (mut taken, mut clock) = (Vec::with_capacity(AT_ONCE), interval(AGAIN));
        let is_seen = progress::is_seen();
        clock.tick().await;
        loop {
            tokio::select! {
                count = ends.recv_many(&mut taken, AT_ONCE) => {
                    if count == 0 {
                        return Ok(self);
                    }
                    self.note(&taken)?;
                    taken.drain(..).for_each(|ended| self.take(ended));
                    self.flush();
                    sleep(PAUSE).await;
                }
                _ = clock.tick() => {
                    self.journal.as_ref().map_or(Ok(()), Journal::save)?;
                    if is_seen && self.connecting.load(Ordering::Relaxed) == 0 {
                        progress::tell(&self.progress());
                    }
                }
            }
        }
    }

    /// Notes what is finished: what failed is tried again by the next run.
    fn note(&mut self, ends: &[Ended]) -> anyhow::Result<()> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.note(ends.iter().filter_map(|ended| match ended {
            Ended::At(line, outcome) if outcome.record.success => {
                Some((line.number, outcome.record.instance_name.as_str()))
            }
            _ => None,
        }))
    }

    fn take(&mut self, ended: Ended) {
        match ended {
            Ended::At(line, outcome) => {
                self.told(line.number, &outcome);
                self.summary.lines += u64::from(line.ends());
            }
            Ended::Before(line, instance) => {
                self.summary.before(&instance);
                let is_last = u64::from(line.ends());
                self.before += is_last;
                self.summary.lines += is_last;
            }
            Ended::Nowhere(number, flaw) => {
                let record = VendorRecord {
                    success: false,
                    error_message: flaw,
                    ..VendorRecord::new("".into(), "".into(), self.verb)
                };
                self.went_nowhere(number, &record);
            }
        }
    }

    fn told(&mut self, line: u64, outcome: &Outcome) {
        self.record(line, &outcome.record);
        self.tell(line, outcome);
        self.summary.record(&outcome.record);
    }

    fn went_nowhere(&mut self, line: u64, record: &VendorRecord) {
        self.record(line, record);
        self.complain(line, record);
        self.summary.nowhere();
    }

    /// Prints what a server tells of a line. That of an instance without a name went nowhere.
    pub(crate) fn take_from_server(&mut self, line: u64, outcome: &Outcome) {
        let lines = self.summary.lines;
        match outcome.record.instance_name.as_str() {
            "" => self.went_nowhere(line, &outcome.record),
            _ => self.told(line, outcome),
        }
        // They were counted by the server.
        self.summary.lines = lines;
        self.flush();
    }

    fn record(&mut self, line: u64, record: &VendorRecord) {
        if self.format == Format::Jsonl {
            // Writing to memory does not fail, and a record is JSON.
            let _ = serde_json::to_writer(&mut self.text, &Numbered { line, record });
            self.text.push(b'\n');
        }
    }

    fn flush(&mut self) {
        if let Some((b'\n', text)) = self.text.split_last() {
            output::say(&String::from_utf8_lossy(text));
            self.text.clear();
        }
    }

    /// What is said about a line besides its record.
    fn tell(&mut self, line: u64, outcome: &Outcome) {
        let instance = outcome.record.instance_name.as_str();
        if self.verbose {
            self.flush();
            output::tell_steps(&format!("line {line}, {instance}"), &outcome.trace);
        }
        if !outcome.record.success {
            self.complain(line, &outcome.record);
        }
        for hint in &outcome.hints {
            let hint = (instance.to_owned(), hint.clone());
            if self.hints.len() < ADVICE && !self.hints.contains(&hint) {
                self.hints.push(hint);
            }
        }
    }

    /// People see failures as they come; programs see them in the records.
    fn complain(&mut self, line: u64, record: &VendorRecord) {
        if self.format == Format::Table {
            let place = match record.instance_name.as_str() {
                "" => format!("line {line}"),
                instance => format!("line {line}, {instance}"),
            };
            self.problems.tell(&place, &output::note(record));
        }
    }

    fn progress(&self) -> String {
        progress::of_lines(self.summary.lines, self.lines, self.before, self.begun.elapsed())
    }

    /// Prints how everything ended; the result says whether nothing failed.
    ///
    /// # Errors
    /// A journal that cannot be closed.
    pub(crate) fn finish(mut self, is_whole: bool) -> anyhow::Result<bool> {
        progress::clear();
        if let Some(journal) = self.journal.take() {
            if is_whole { journal.close() } else { journal.save() }?;
        }
        self.problems.finish();
        for (instance, hint) in &self.hints {
            output::hint(&format!("{instance}: {hint}"));
        }
        if let Some(table) = self.summary.table() {
            if self.format == Format::Table { output::say(&table) } else { output::tell_styled(&table) }
        }
        output::tell(&self.summary.pace(self.begun.elapsed()));
        Ok(self.summary.failed == 0)
    }
}
