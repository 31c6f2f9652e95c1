//! How many lines ended how, at which instances.

use std::collections::HashMap;
use std::time::Duration;

use provost_core::VendorRecord;

use crate::output::{BAD, Cell, GOOD, SKIPPED, result, table};

/// How many different ends are told apart; systems may give any code.
const KINDS: usize = 200;

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Kind {
    instance: String,
    end: End,
    /// Why it was skipped, or the code with which it failed.
    why: String,
}

/// In the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum End {
    Before,
    Done(&'static str),
    Skipped,
    Failed,
}

/// The counts of a run.
#[derive(Default)]
pub(super) struct Summary {
    kinds: HashMap<Kind, u64>,
    /// Lines that have ended everywhere.
    pub(super) lines: u64,
    /// Records that were printed.
    pub(super) records: u64,
    pub(super) failed: u64,
}

impl Summary {
    pub(super) fn record(&mut self, record: &VendorRecord) {
        let code = || record.error_code.as_ref().map_or("no code".to_owned(), ToString::to_string);
        let (end, why) = match (record.success, record.skipped) {
            (false, _) => (End::Failed, code()),
            (true, true) => (End::Skipped, record.reason.clone()),
            (true, false) => (End::Done(result(record).0), String::new()),
        };
        self.records += 1;
        self.failed += u64::from(!record.success);
        self.count(record.instance_name.as_str(), end, why);
    }

    /// A line that went nowhere.
    pub(super) fn nowhere(&mut self) {
        self.records += 1;
        self.failed += 1;
        self.lines += 1;
        self.count("", End::Failed, "the line cannot be carried out".to_owned());
    }

    pub(super) fn before(&mut self, instance: &str) {
        self.count(instance, End::Before, String::new());
    }

    fn count(&mut self, instance: &str, end: End, why: String) {
        let mut kind = Kind { instance: instance.to_owned(), end, why };
        if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
            "for other reasons".clone_into(&mut kind.why);
        }
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// The table of the end; nothing where there was nothing to do.
    pub(super) fn table(&self) -> Option<String> {
        let mut kinds: Vec<(&Kind, &u64)> = self.kinds.iter().collect();
        kinds.sort();
        let row = |(kind, count): (&Kind, &u64)| {
            let (word, style) = match kind.end {
                End::Before => ("finished before", GOOD),
                End::Done(word) => (word, GOOD),
                End::Skipped => ("skipped", SKIPPED),
                End::Failed => ("failed", BAD),
            };
            vec![
                kind.instance.as_str().into(),
                Cell(word.to_owned(), Some(style)),
                count.to_string().into(),
                kind.why.as_str().into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = kinds.into_iter().map(row).collect();
        (!rows.is_empty()).then(|| table(&["instance", "result", "count", "note"], &rows))
    }

    /// How much it was, and how long it took.
    pub(super) fn pace(&self, elapsed: Duration) -> String {
        let (lines, s) = (self.lines, if self.lines == 1 { "" } else { "s" });
        let seconds = elapsed.as_secs_f64();
        if seconds < 10.0 {
            return format!("{lines} line{s} in {} ms", elapsed.as_millis());
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = lines as f64 / seconds;
        format!("{lines} line{s} in {seconds:.0} s, {rate:.0} a second")
    }
}
