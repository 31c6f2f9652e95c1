//! The time of which a run reads the events, and where the next run goes on.

use jiff::Timestamp;
use provost_core::{Attributes, Context, Event, Events, Fault, FaultKind, Fetching, PageToken, Window};

use super::{FetchCommand, LastRun, times};

/// No list of events has so many pages; one that goes on does not end.
const MOST_PAGES: usize = 100_000;

/// A span of time.
pub(super) struct Span {
    since: String,
    until: String,
    /// When `until` is, where that is known.
    end: Option<Timestamp>,
    /// The page to go on with, where a run before was stopped.
    next: Option<String>,
}

/// What was read of a span.
#[derive(Default)]
pub(super) struct Read {
    pub(super) events: Vec<Event>,
    /// The page that was not read any more.
    pub(super) next: Option<String>,
    /// Whether the system wanted to be left alone.
    pub(super) is_stopped: bool,
}

impl Span {
    /// What is left of a span that was stopped or, if there is none, the time from the end
    /// of the last one to now.
    pub(super) fn after(
        last: &LastRun,
        command: &FetchCommand,
        fetching: &Fetching,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let format = &fetching.time_format;
        if let (Some(next), Some(until)) = (&last.next, &last.time) {
            let since = last.since.clone().unwrap_or_else(|| until.clone());
            return Ok(Self {
                since,
                until: until.clone(),
                end: until.parse().ok(),
                next: Some(next.clone()),
            });
        }
        let until = times::written(format, now)?;
        let since = if let Some(time) = &last.time {
            time.clone()
        } else {
            let first = command.first.as_deref().unwrap_or(&fetching.first);
            times::written(format, times::before(now, first)?)?
        };
        Ok(Self { since, end: until.parse().ok(), until, next: None })
    }

    /// All pages, or those before the one at which the system wanted to be left alone.
    pub(super) async fn read(
        &self,
        events: &dyn Events,
        cx: &Context,
        stored: &Attributes,
    ) -> Result<Read, Fault> {
        let window = Window { since: &self.since, until: &self.until, stored };
        let mut read = Read { next: self.next.clone(), ..Read::default() };
        for number in 0..MOST_PAGES {
            let token = read.next.take().map(PageToken);
            match events.page(cx, &window, token.as_ref()).await {
                Ok(page) => {
                    read.events.extend(page.items);
                    read.next = page.next.map(|token| token.0);
                    if read.next.is_none() {
                        return Ok(read);
                    }
                }
                Err(fault) if fault.kind == FaultKind::RateLimited => {
                    return Ok(Read { next: token.map(|token| token.0), is_stopped: true, ..read });
                }
                // The page of a run before may be there no longer: the span is read anew.
                Err(fault) if number == 0 && token.is_some() && self.begins_anew_after(&fault) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(Fault::new(FaultKind::BadAnswer, "the events come on pages without end"))
    }

    /// Whether the system knows nothing of the page, and the whole span is known.
    fn begins_anew_after(&self, fault: &Fault) -> bool {
        self.since != self.until && matches!(fault.kind, FaultKind::NotFound | FaultKind::InvalidValue)
    }

    /// Notes where the next run goes on.
    pub(super) fn remember(self, last: &mut LastRun, new: &[Event], next: Option<String>, is_stopped: bool) {
        if is_stopped && next.is_none() {
            last.time = Some(self.since);
            return;
        }
        let at_end = new.iter().filter(|event| self.is_at_end(event)).filter_map(|event| event.id.clone());
        // While a span goes on, what was seen before it still counts.
        if self.next.is_none() && next.is_none() {
            last.seen.clear();
        }
        last.seen.extend(at_end);
        last.since = next.is_some().then_some(self.since);
        last.time = Some(self.until);
        last.next = next;
    }

    /// Whether the next span could hold the event too. Ends are told in seconds, events more
    /// precisely; where a time cannot be read it could be any.
    fn is_at_end(&self, event: &Event) -> bool {
        match (event.time, self.end) {
            (Some(time), Some(end)) => time >= end,
            _ => true,
        }
    }
}
