//! Events of a system, one run after the other. What one run reads is handed out in parts;
//! no event is lost, whatever happens between two runs.
//!
//! Each run covers the time from the end of the run before to its own start. A run that only
//! hands out what is left asks for nothing and so leaves the time alone.

mod people;
mod state;
mod times;

use std::collections::HashSet;

use jiff::Timestamp;
use provost_core::{
    Attributes, Code, Context, Event, Events, Fault, FaultKind, Fetching, PageToken, Trace, Window,
};
use serde_json::{Value, json};

use crate::Instance;

pub use people::People;
pub use state::LastRun;

/// No list of events has so many pages; one that goes on does not end.
const MOST_PAGES: usize = 100_000;

/// What a run is asked.
#[derive(Debug, Default)]
pub struct FetchCommand {
    /// How far back the first run looks; the instance's setting where it is not said.
    pub first: Option<String>,
    /// How many events are handed out; the instance's setting where it is not said.
    pub most: Option<usize>,
    /// Whose events count; everybody's where it is not said.
    pub people: Option<People>,
}

/// What a run gives.
#[derive(Debug, PartialEq)]
pub struct Fetched {
    /// What is handed out, each `{"rawJSON": text of an event}`.
    pub incidents: Vec<Value>,
    /// What the next run is told, once these are safe.
    pub last_run: LastRun,
    /// Whether the system wanted to be left alone; the next run goes on from there.
    pub is_stopped: bool,
}

/// Runs once, after a run that ended with this state. `stored` is what the instance keeps
/// for its commands.
///
/// # Errors
/// What kept the events from being read; the state of before holds on.
pub async fn fetch(
    instance: &Instance,
    trace: &Trace,
    command: &FetchCommand,
    stored: &Attributes,
    mut last: LastRun,
) -> Result<Fetched, Fault> {
    let events = instance.connector.events().ok_or_else(|| unsupported(instance))?;
    let fetching = events.fetching()?;
    let most = command.most.unwrap_or(fetching.most).max(1);
    if !last.incidents.is_empty() {
        return Ok(hand_out(last, most, false));
    }
    let span = Span::after(&last, command, &fetching, instance.clock.now())?;
    let cx = Context { verb: None, trace: trace.clone() };
    let read = span.read(events, &cx, stored).await?;
    let mut seen: HashSet<String> = last.seen.iter().cloned().collect();
    let is_new = |event: &Event| event.id.as_ref().is_none_or(|id| seen.insert(id.clone()));
    let new: Vec<Event> = read.events.into_iter().filter(is_new).collect();
    let at_seam = new.iter().filter(|event| span.is_at_end(event)).filter_map(|event| event.id.clone());
    let at_seam: Vec<String> = at_seam.collect();
    match span.next {
        // The same span goes on, so that what was seen before it still counts.
        Some(_) => last.seen.extend(at_seam),
        None if read.is_stopped && read.next.is_none() => {}
        None => last.seen = at_seam,
    }
    last.incidents = new.into_iter().filter_map(|event| incident(event, command.people.as_ref())).collect();
    let is_untouched = read.is_stopped && read.next.is_none();
    last.time = Some(if is_untouched { span.since.clone() } else { span.until });
    last.since = read.next.is_some().then_some(span.since);
    last.next = read.next;
    Ok(hand_out(last, most, read.is_stopped))
}

fn hand_out(mut last: LastRun, most: usize, is_stopped: bool) -> Fetched {
    let rest = last.incidents.split_off(most.min(last.incidents.len()));
    Fetched { incidents: std::mem::replace(&mut last.incidents, rest), last_run: last, is_stopped }
}

/// The event with the profile of the person it is about; `None` if nobody knows that person.
fn incident(event: Event, people: Option<&People>) -> Option<Value> {
    let mut attributes = event.attributes;
    if let (Some(people), Some(person)) = (people, &event.person) {
        let profile = people.get(person)?;
        attributes.extend(profile.clone());
        attributes.insert("UserProfile".to_owned(), Value::Object(profile.clone()));
    }
    Some(json!({"rawJSON": Value::Object(attributes).to_string()}))
}

/// The time of which a run reads the events.
struct Span {
    since: String,
    until: String,
    /// When `until` is, where that is known.
    end: Option<Timestamp>,
    /// The page to go on with, where a run before was stopped.
    next: Option<String>,
}

/// What was read of a span.
#[derive(Default)]
struct Read {
    events: Vec<Event>,
    /// The page that was not read any more.
    next: Option<String>,
    is_stopped: bool,
}

impl Span {
    fn after(
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
        let since = match &last.time {
            Some(time) => time.clone(),
            None => {
                let first = command.first.as_deref().unwrap_or(&fetching.first);
                times::written(format, times::before(now, first)?)?
            }
        };
        Ok(Self { since, end: until.parse().ok(), until, next: None })
    }

    /// All pages, or those before the one at which the system wanted to be left alone.
    async fn read(&self, events: &dyn Events, cx: &Context, stored: &Attributes) -> Result<Read, Fault> {
        let window = Window { since: &self.since, until: &self.until, stored };
        let mut read = Read { next: self.next.clone(), ..Read::default() };
        for _ in 0..MOST_PAGES {
            let token = read.next.clone().map(PageToken);
            match events.page(cx, &window, token.as_ref()).await {
                Ok(page) => {
                    read.events.extend(page.items);
                    read.next = page.next.map(|token| token.0);
                }
                Err(fault) if fault.kind == FaultKind::RateLimited => {
                    return Ok(Read { is_stopped: true, ..read });
                }
                Err(fault) => return Err(fault),
            }
            if read.next.is_none() {
                return Ok(read);
            }
        }
        Err(Fault::new(FaultKind::BadAnswer, "the events come on pages without end"))
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

fn unsupported(instance: &Instance) -> Fault {
    let message = format!("{} does not tell of events", instance.connector.brand());
    Fault::new(FaultKind::Unsupported, message).with_code(Code::Number(501))
}
