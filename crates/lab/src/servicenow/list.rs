//! Lists of rows: what is found, which page of it, and the links to the others.

use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::columns::TABLES;
use super::holds::sort;
use super::instance::Instance;
use super::query::Query;
use super::record::Record;
use super::shown::Shower;
use crate::serve::{Asked, reply};

/// How many rows a page has when the request does not say.
const PAGE: usize = 10_000;

/// Answers with the rows of a table that a request asks for.
pub(super) fn answer(asked: &Asked, instance: &Instance, table: usize, finds_nothing: bool) -> Response {
    let query = Query::parse(&text(asked), &TABLES[table]);
    let limit = number(asked, "sysparm_limit").unwrap_or(PAGE);
    let offset = number(asked, "sysparm_offset").unwrap_or(0);
    let (total, rows) = if query.has_invalid_part && finds_nothing {
        (0, Vec::new())
    } else {
        page(instance, table, &query, offset, limit)
    };
    let shower = Shower::of(asked, instance);
    let shown: Vec<Value> = rows.into_iter().map(|record| shower.show(record)).collect();
    let response = reply::json(StatusCode::OK, reply::JSON, &json!({"result": shown}));
    let response = if asked.is_true("sysparm_no_count") {
        response
    } else {
        reply::with(response, "x-total-count", &total.to_string())
    };
    if asked.is_true("sysparm_suppress_pagination_header") {
        return response;
    }
    reply::with(response, "link", &links(asked, total, offset, limit))
}

/// The query, and the pairs that are conditions themselves. They are put together as they
/// are, so that a `^` in a value begins a further condition, as there.
fn text(asked: &Asked) -> String {
    let pairs = asked.query().iter().filter(|(name, _)| !name.starts_with("sysparm_"));
    let conditions = pairs.map(|(name, value)| format!("{name}={value}"));
    let query = asked.get("sysparm_query").map(str::to_owned);
    conditions.chain(query).collect::<Vec<_>>().join("^")
}

fn number(asked: &Asked, name: &str) -> Option<usize> {
    asked.get(name)?.parse().ok()
}

/// How many rows are found, and those of the page.
fn page<'a>(
    instance: &'a Instance,
    table: usize,
    query: &Query,
    offset: usize,
    limit: usize,
) -> (usize, Vec<&'a Record>) {
    let all = instance.table(table);
    let is_everything = query.alternatives.iter().any(Vec::is_empty) && query.order.is_empty();
    if is_everything {
        return (all.count(), all.rows().skip(offset).take(limit).collect());
    }
    let index = all.rows().next().and_then(|record| query.index(record));
    let mut rows: Vec<&Record> = match index {
        Some((column, value)) => all.found(column, &value).map(|(_, record)| record).collect(),
        None => all.rows().collect(),
    };
    rows.retain(|record| query.holds(instance, record));
    sort(instance, &mut rows, &query.order);
    (rows.len(), rows.into_iter().skip(offset).take(limit).collect())
}

/// The `Link` header: first, previous, next and last page.
fn links(asked: &Asked, total: usize, offset: usize, limit: usize) -> String {
    let step = limit.max(1);
    let last = total.saturating_sub(1) / step * step;
    let pages = [
        Some(("first", 0)),
        (offset > 0).then(|| ("prev", offset.saturating_sub(step))),
        (offset.saturating_add(step) < total).then(|| ("next", offset + step)),
        Some(("last", last)),
    ];
    let links = pages.into_iter().flatten().map(|(relation, offset)| link(asked, relation, offset));
    links.collect::<Vec<_>>().join(",")
}

fn link(asked: &Asked, relation: &str, offset: usize) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let others = asked.query().iter().filter(|(name, _)| name != "sysparm_offset");
    let pairs = others.map(|(name, value)| format!("{name}={}", encoded(value)));
    let query: Vec<String> = pairs.chain([format!("sysparm_offset={offset}")]).collect();
    format!("<{}{}?{}>;rel=\"{relation}\"", asked.origin(), asked.path(), query.join("&"))
}
