//! Events of a system, one run after the other. What one run reads is handed out in parts;
//! no event is lost, whatever happens between two runs.
//!
//! Each run covers the time from the end of the run before to its own start. A run that only
//! hands out what is left asks for nothing and so leaves the time alone.

mod people;
mod span;
mod state;
mod times;

use std::collections::HashSet;

use provost_core::{Attributes, Context, Event, Fault, Redactor, Trace};
use serde_json::{Value, json};

use crate::Instance;

pub use people::People;
pub use state::LastRun;

use span::Span;

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
    let events = instance
        .connector
        .events()
        .ok_or_else(|| Fault::unsupported(instance.connector.brand(), "does not tell of events"))?;
    let fetching = events.fetching()?;
    let most = command.most.unwrap_or(fetching.most).max(1);
    if !last.incidents.is_empty() {
        return Ok(hand_out(last, most, false));
    }
    let span = Span::after(&last, command, &fetching, instance.clock.now())?;
    let cx = Context { verb: None, trace: trace.clone() };
    let read = span.read(events, &cx, stored).await?;
    let seen: HashSet<String> = last.seen.iter().cloned().collect();
    span.remember(&mut last, &read);
    let new = only_new(read.events, seen);
    let people = command.people.as_ref();
    let incidents =
        new.into_iter().filter_map(|event| incident(event, people, instance.connector.redactor()));
    last.incidents = incidents.collect();
    Ok(hand_out(last, most, read.is_stopped))
}

/// The events that come for the first time.
fn only_new(events: Vec<Event>, mut seen: HashSet<String>) -> Vec<Event> {
    let is_new = |event: &Event| event.id.as_ref().is_none_or(|id| seen.insert(id.clone()));
    events.into_iter().filter(is_new).collect()
}

fn hand_out(mut last: LastRun, most: usize, is_stopped: bool) -> Fetched {
    let rest = last.incidents.split_off(most.min(last.incidents.len()));
    Fetched { incidents: std::mem::replace(&mut last.incidents, rest), last_run: last, is_stopped }
}

/// The event with the profile of the person it is about; `None` if nobody knows that person.
fn incident(event: Event, people: Option<&People>, redactor: &Redactor) -> Option<Value> {
    let mut attributes = event.attributes;
    if let (Some(people), Some(person)) = (people, &event.person) {
        let profile = people.get(person)?;
        attributes.extend(profile.clone());
        attributes.insert("UserProfile".to_owned(), Value::Object(profile.clone()));
    }
    let mut event = Value::Object(attributes);
    redactor.value(&mut event);
    Some(json!({"rawJSON": event.to_string()}))
}
