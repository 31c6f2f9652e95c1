//! What people and programs see of a batch: records, failures, progress, and the sum.

use std::collections::{BTreeMap, HashSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use provost_core::VendorRecord;
use serde_json::{Map, Value, json};

use super::journal::Journal;
use super::worker::Ended;
use crate::args::{Format, Global};
use crate::output::{self, Cell, Hints, progress, tell_steps};

/// What is shown of a batch.
pub(super) struct Shown {
    format: Format,
    verbose: bool,
    journal: Journal,
    begun: Instant,
    count: u64,
    /// How many ended how, by instance.
    sums: BTreeMap<(String, String), u64>,
    failed: bool,
    hints: Hints,
}

impl Shown {
    pub(super) fn new(global: &Global, journal: Journal) -> Self {
        Self {
            format: global.output,
            verbose: global.verbose,
            journal,
            begun: Instant::now(),
            count: 0,
            sums: BTreeMap::new(),
            failed: false,
            hints: Hints::default(),
        }
    }

    pub(super) fn done_before(&self) -> Arc<HashSet<(u64, String)>> {
        Arc::clone(&self.journal.before)
    }

    /// Notes and prints an ending.
    ///
    /// # Errors
    /// The journal cannot be written: going on could repeat what is done.
    pub(super) fn take(&mut self, ending: Ended) -> anyhow::Result<()> {
        let Ended { number, outcome } = ending;
        let record = &outcome.record;
        self.journal.note(number, record.instance_name.as_str())?;
        self.count += 1;
        self.failed |= !record.success;
        let key = (record.instance_name.to_string(), word(record));
        *self.sums.entry(key).or_default() += 1;
        if self.verbose {
            tell_steps(&format!("line {number} {}", record.instance_name), &outcome.trace);
        }
        match self.format {
            Format::Table | Format::Markdown if !record.success => {
                let code = record.error_code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
                output::complain(
                    format!("line {number} {}", record.instance_name).trim_end(),
                    &format!("{code}{}", record.error_message.trim()),
                );
                self.hints.tell(record.instance_name.as_str(), &outcome.hints);
            }
            Format::Table | Format::Markdown => {}
            _ => output::say(&numbered(number, record).to_string()),
        }
        Ok(())
    }

    /// Writes how far it is, over the line before.
    pub(super) fn progress(&self) {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "it is for people")]
        let rate = self.count as f64 / seconds;
        progress::tell(&format!("{} done, {rate:.0} a second, {seconds:.0} s", self.count));
    }

    /// Prints the sum; the exit status says whether anything failed.
    pub(super) fn finish(self, is_stopped: bool) -> ExitCode {
        progress::clear();
        let before = self.journal.before.len();
        let rows: Vec<Vec<Cell>> = self
            .sums
            .iter()
            .map(|((instance, word), count)| {
                vec![instance.as_str().into(), word.as_str().into(), count.to_string().into()]
            })
            .collect();
        if matches!(self.format, Format::Table | Format::Markdown) {
            output::say(&output::table(&["instance", "result", "count"], &rows));
        }
        if before > 0 {
            output::tell(&format!("{before} were done before."));
        }
        if let Some(path) = self.journal.end(!is_stopped)
            && is_stopped
        {
            output::hint(&format!("go on with --resume; {} has what is done", path.display()));
        }
        ExitCode::from(u8::from(self.failed || is_stopped))
    }
}

/// How a line ended, in a few words.
fn word(record: &VendorRecord) -> String {
    if !record.success {
        let code = record.error_code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
        return format!("failed{code}");
    }
    if record.skipped {
        // The id in a dry run's reason would make a row for everybody.
        let reason = record.reason.split(" account ").next().unwrap_or_default();
        return format!("skipped: {}", reason.trim_end_matches('.'));
    }
    output::past(record.action).to_owned()
}

/// A record with the number of its line before it.
fn numbered(number: u64, record: &VendorRecord) -> Value {
    let mut members = Map::from_iter([("line".to_owned(), json!(number))]);
    if let Value::Object(record) = json!(record) {
        members.extend(record);
    }
    Value::Object(members)
}
