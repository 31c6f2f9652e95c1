//! Pages: `limit`, `after`, and the links to this page and the next.

use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::refusal::Refusal;
use crate::serve::{Asked, reply};
use crate::table::Place;

/// What may stand in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which page is asked for.
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) after: Place,
}

impl Page {
    /// Reads `limit` and `after`.
    ///
    /// # Errors
    /// A limit that is no number from 1, or a cursor that was not given out.
    pub(super) fn of(asked: &Asked, default: usize, largest: usize) -> Result<Self, Refusal> {
        let invalid = |name: &str, words: &str| Refusal::invalid(name, vec![format!("{name}: {words}")]);
        let limit = match asked.get("limit") {
            None => default,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| *limit > 0)
                .ok_or_else(|| invalid("limit", "The value must be a whole number from 1"))?,
        };
        let after = match asked.get("after") {
            None => 0,
            Some(text) => Place::from_str_radix(text, 16).map_err(|_| invalid("after", "Invalid cursor"))?,
        };
        Ok(Self { limit: limit.min(largest), after })
    }

    /// The answer with the first rows after the cursor, and a link to the next page if
    /// there are more.
    pub(super) fn answer<R>(
        &self,
        asked: &Asked,
        rows: impl Iterator<Item = (Place, R)>,
        show: impl Fn(R) -> Value,
    ) -> Response {
        let mut rows = rows.peekable();
        let mut shown = Vec::new();
        let mut last = self.after;
        while let Some((place, row)) = rows.next_if(|_| shown.len() < self.limit) {
            shown.push(show(row));
            last = place;
        }
        let next = rows.peek().is_some().then_some(last);
        listed(asked, shown, next)
    }
}

/// A list with its links.
pub(super) fn listed(asked: &Asked, shown: Vec<Value>, next: Option<Place>) -> Response {
    let response = reply::json(StatusCode::OK, reply::JSON, &Value::Array(shown));
    let response = reply::with(response, "link", &link(asked, asked.get("after"), "self"));
    match next {
        Some(next) => reply::with(response, "link", &link(asked, Some(&format!("{next:x}")), "next")),
        None => response,
    }
}

fn link(asked: &Asked, after: Option<&str>, relation: &str) -> String {
    let others = asked.query().iter().filter(|(name, _)| name != "after");
    let pairs = others.map(|(name, value)| (name.as_str(), value.as_str()));
    let pairs = after.map(|after| ("after", after)).into_iter().chain(pairs);
    let encoded = |text| utf8_percent_encode(text, PLAIN);
    let query: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("<{}{}{mark}{}>; rel=\"{relation}\"", asked.origin(), asked.path(), query.join("&"))
}
