//! The system log.

use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use provost_scim::Filter;
use serde_json::Value;

use super::directory::Directory;
use super::event::Event;
use super::page::{Page, listed};
use super::refusal::Refusal;
use super::search;
use crate::serve::Asked;

/// How many events a page has.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;
/// How far back the log goes when the request does not say.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What of the log is asked for.
struct Wanted<'a> {
    since: Timestamp,
    until: Option<Timestamp>,
    filter: Option<Filter>,
    words: Option<&'a str>,
}

/// A page of the log. Without an end, the page has a link to the next even when there is
/// nothing more yet: whoever follows it later sees what happened since.
pub(super) fn answer(asked: &Asked, directory: &Directory, now: Timestamp) -> Result<Response, Refusal> {
    let wanted = Wanted::parse(asked, now)?;
    let page = Page::of(asked, PAGE, LARGEST_PAGE)?;
    let is_backwards = asked.get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("DESCENDING"));
    if is_backwards {
        let events =
            directory.events_after(0).rev().filter(|event| page.after == 0 || event.number < page.after);
        return Ok(page.answer(asked, events.filter_map(|event| wanted.shown(event)), |event| event));
    }
    let events = directory.events_after(page.after);
    let found: Vec<(u64, Value)> =
        events.filter_map(|event| wanted.shown(event)).take(page.limit.saturating_add(1)).collect();
    let has_more = found.len() > page.limit;
    let last = found.iter().take(page.limit).next_back().map_or(page.after, |(number, _)| *number);
    let shown = found.into_iter().take(page.limit).map(|(_, event)| event).collect();
    Ok(listed(asked, shown, (has_more || wanted.until.is_none()).then_some(last)))
}

impl<'a> Wanted<'a> {
    fn parse(asked: &'a Asked, now: Timestamp) -> Result<Self, Refusal> {
        let moment = |name: &str| match asked.get(name) {
            None => Ok(None),
            Some(text) => text
                .parse::<Timestamp>()
                .map(Some)
                .map_err(|_| Refusal::invalid(name, vec![format!("{name}: Must be a valid date-time")])),
        };
        let filter = asked.get("filter").filter(|text| !text.is_empty());
        Ok(Self {
            since: moment("since")?.unwrap_or(now - WEEK),
            until: moment("until")?,
            filter: filter.map(|text| search::parse(text, search::EVENTS)).transpose()?,
            words: asked.get("q"),
        })
    }

    /// The event with its number, if it is asked for.
    fn shown(&self, event: &Event) -> Option<(u64, Value)> {
        let is_in_time =
            event.published >= self.since && self.until.is_none_or(|until| event.published < until);
        if !is_in_time {
            return None;
        }
        let shown = event.to_json();
        let is_found = self.filter.as_ref().is_none_or(|filter| search::finds_event(filter, &shown));
        let has_words = self.words.is_none_or(|words| {
            let text = shown.to_string().to_lowercase();
            words.to_lowercase().split_whitespace().all(|word| text.contains(word))
        });
        (is_found && has_words).then_some((event.number, shown))
    }
}
