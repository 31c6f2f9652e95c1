//! The audit log as lines of text, for whoever keeps it or watches it elsewhere.

mod ocsf;

use provost_core::words;
use serde_json::Value;

use crate::{Chained, EventFilter, Store, StoreError};

pub use ocsf::SCHEMA as OCSF_VERSION;

words!(
    /// The forms of an export.
    ExportFormat {
        /// Every event word for word, with the hashes that prove it.
        Jsonl = "jsonl",
        /// What the Open Cybersecurity Schema Framework makes of it.
        Ocsf = "ocsf",
    }
);

/// How many events are read at once.
const PAGE: u64 = 500;

/// An event as a line, without the line's end.
pub fn export_line(format: ExportFormat, event: &Chained) -> String {
    match format {
        ExportFormat::Jsonl => verbatim(event),
        ExportFormat::Ocsf => ocsf::event(event).to_string(),
    }
}

/// The text of the event stands last and as it was hashed, so that it can be cut out again.
fn verbatim(event: &Chained) -> String {
    let Chained { previous, logged } = event;
    format!(
        r#"{{"seq":{},"previous":{},"hash":{},"event":{}}}"#,
        logged.seq,
        Value::from(previous.as_str()),
        Value::from(logged.hash.as_str()),
        logged.body
    )
}

/// The chosen events that are there when it begins, oldest first, page by page.
pub struct Export {
    store: Store,
    filter: EventFilter,
    format: ExportFormat,
    /// The number of the last event that was read.
    after: u64,
    /// The number of the last event that is wanted: what is written meanwhile is not.
    end: u64,
}

impl Export {
    /// Begins behind the event of this number; with 0 at the first one.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub async fn begin(
        store: &Store,
        filter: EventFilter,
        format: ExportFormat,
        after: u64,
    ) -> Result<Self, StoreError> {
        let end = store.head().await?.seq;
        Ok(Self { store: store.clone(), filter, format, after, end })
    }

    /// The next lines, each with its end; nothing when all were given.
    ///
    /// # Errors
    /// A store that cannot be read, an event that is none.
    pub async fn next_page(&mut self) -> Result<Option<String>, StoreError> {
        if self.after >= self.end {
            return Ok(None);
        }
        let events = self.store.chained_after(&self.filter, self.after, PAGE).await?;
        self.after = events.last().map_or(self.end, |last| last.logged.seq);
        let wanted = events.iter().filter(|event| event.logged.seq <= self.end);
        let text: String = wanted.map(|event| export_line(self.format, event) + "\n").collect();
        Ok((!text.is_empty()).then_some(text))
    }
}
