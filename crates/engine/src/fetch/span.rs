//! The time of which a run reads the events, and where the next run goes on.

use jiff::Timestamp;
use provost_core::{Attributes, Context, Event, Events, Fault, FaultKind, Fetching, PageToken, Window};

use super::{FetchCommand, LastRun, times};

/// No list of events has so many pages; one that goes on does not end.
const MOST_PAGES: usize = 100_000;

/// The text for a first span that means nothing, the original's.
const FIRST: &str = "First fetch timestamp parameter is not in the correct format.";
const OVERLAP: &str = "The overlap of two fetches is not in the correct format.";

/// A span of time.
pub(super) struct Span {
    since: String,
    until: String,
    /// From when on the next span could hold an event too, where that is known.
    seam: Option<Timestamp>,
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
            let seam = earlier(until, fetching)?.map(|(_, seam)| seam);
            return Ok(Self { since, until: until.clone(), seam, next: Some(next.clone()) });
        }
        let until = times::written(format, now)?;
        let since = if let Some(time) = &last.time {
            earlier(time, fetching)?.map_or_else(|| time.clone(), |(written, _)| written)
        } else {
            let first = command.first.as_deref().unwrap_or(&fetching.first);
            times::written(format, times::before(now, first).ok_or_else(|| unreadable(FIRST))?)?
        };
        let seam = earlier(&until, fetching)?.map(|(_, seam)| seam);
        Ok(Self { since, until, seam, next: None })
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
    pub(super) fn remember(self, last: &mut LastRun, read: &Read) {
        if read.is_stopped && read.next.is_none() {
            last.time.get_or_insert(self.since);
            return;
        }
        let at_seam = read.events.iter().filter(|event| self.is_at_seam(event));
        let at_seam: Vec<String> = at_seam.filter_map(|event| event.id.clone()).collect();
        // While a span goes on, what was seen before it still counts.
        if self.next.is_none() && read.next.is_none() {
            last.seen.clear();
        }
        last.seen.extend(at_seam);
        last.since = read.next.is_some().then_some(self.since);
        last.time = Some(self.until);
        last.next.clone_from(&read.next);
    }

    /// Whether the next span could hold the event too. Ends are told in seconds, events more
    /// precisely; where a time cannot be read it could be any.
    fn is_at_seam(&self, event: &Event) -> bool {
        match (event.time, self.seam) {
            (Some(time), Some(seam)) => time >= seam,
            _ => true,
        }
    }
}

/// A time less the overlap: as the system writes it, and as it is. `None` for a time that
/// cannot be read, which has no overlap.
fn earlier(time: &str, fetching: &Fetching) -> Result<Option<(String, Timestamp)>, Fault> {
    let Ok(time) = time.parse::<Timestamp>() else { return Ok(None) };
    let seam = match &fetching.overlap {
        Some(overlap) => times::before(time, overlap).ok_or_else(|| unreadable(OVERLAP))?,
        None => time,
    };
    Ok(Some((times::written(&fetching.time_format, seam)?, seam)))
}

fn unreadable(message: &str) -> Fault {
    Fault::new(FaultKind::Configuration, message).with_hint("for example `12 hours` or `7 days`")
}
