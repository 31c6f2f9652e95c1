//! Lists that come in pages: where the next one is, and how it is asked for.
//!
//! A token is what the kind of paging needs: a number, the system's own cursor, a whole
//! address. Numbers carry a mark of the page before, so that a system that gives the same
//! page for ever is noticed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use http::header::LINK;
use provost_core::{Fault, PageToken};
use provost_net::{Request, Url};
use serde_json::Value;

use super::answer::{Reply, bad_answer, in_object, in_reply, is_truthy, text};
use super::names::Seen;
use super::steps::At;
use crate::manifest::{PageKind, Paging};

/// Makes a request one for this page.
pub(super) fn turn(
    page: &Paging,
    base: &Url,
    request: &mut Request,
    At { token, size }: At<'_>,
) -> Result<(), Fault> {
    let number = |first: u64| token.map_or(first, |token| numbered(token).0);
    let (name, value) = match &page.kind {
        PageKind::Offset(name) => (name, Some(number(0).to_string())),
        // From the first item on is what a server gives unasked, and some break when asked.
        PageKind::Index(name) => (name, token.map(|token| numbered(token).0.to_string())),
        PageKind::Number(name, first) => (name, Some(number(*first).to_string())),
        PageKind::Cursor(name, _) | PageKind::After(name, _) => (name, token.map(str::to_owned)),
        PageKind::Link(_) | PageKind::Url(_) => match token {
            Some(token) => return follow(base, request, token),
            None => (&String::new(), None),
        },
    };
    if let Some(value) = value {
        set(&mut request.url, name, &value);
    }
    if let Some((name, usual)) = &page.size {
        let size = size.map_or(*usual, |size| (size as u64).min(*usual));
        set(&mut request.url, name, &size.to_string());
    }
    Ok(())
}

/// Goes to an address that the system gave, if it is the system's own: credentials go along.
fn follow(base: &Url, request: &mut Request, address: &str) -> Result<(), Fault> {
    let url = base.join(address).ok().filter(|url| url.origin() == base.origin());
    let foreign = || {
        bad_answer(
            200,
            "the next page is said to be at another host, where no credentials are sent".to_owned(),
        )
        .with_hint("set `url` to the address that the API itself uses")
    };
    request.url = url.ok_or_else(foreign)?;
    Ok(())
}

/// Sets a parameter of a query, in the place of one of the same name.
fn set(url: &mut Url, name: &str, value: &str) {
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(known, _)| known != name).map(|(n, v)| (n.into(), v.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
}

/// What is known of a page when the next one is looked for.
pub(super) struct Turned<'a> {
    pub(super) reply: &'a Reply,
    pub(super) items: &'a [Value],
    pub(super) seen: Seen<'a>,
    pub(super) token: Option<&'a str>,
}

/// How many items there are in all, where the system says it.
pub(super) fn total(page: &Paging, turned: &Turned) -> Option<u64> {
    match in_reply(page.total.as_ref()?, turned.reply, turned.seen) {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Where the next page is; `None` after the last.
///
/// # Errors
/// A page that leads back to itself.
pub(super) fn next(page: &Paging, turned: &Turned) -> Result<Option<PageToken>, Fault> {
    if is_last(page, turned) {
        return Ok(None);
    }
    let next = match &page.kind {
        PageKind::Offset(_) => return after(page, turned, 0, turned.items.len() as u64),
        PageKind::Index(_) => return after(page, turned, 1, turned.items.len() as u64),
        PageKind::Number(_, first) => return after(page, turned, *first, 1),
        PageKind::Cursor(_, place) | PageKind::Url(place) => {
            text(&in_reply(place, turned.reply, turned.seen))
        }
        PageKind::After(_, place) => {
            turned.items.last().and_then(|item| text(&in_object(place, "item", item)?))
        }
        PageKind::Link(relation) => link(turned.reply, relation),
    };
    match next {
        Some(next) if Some(next.as_str()) == turned.token => Err(endless()),
        next => Ok(next.map(PageToken)),
    }
}

/// Whether the manifest's own sign of the last page is there.
fn is_last(page: &Paging, turned: &Turned) -> bool {
    let Some(last) = &page.last else { return false };
    let mut names = turned.seen.names.clone();
    names.insert("count".to_owned(), turned.items.len().into());
    is_truthy(&in_reply(last, turned.reply, Seen { names: &names, ..turned.seen }))
}

/// The page after one that is found by its number. Only an empty page, or the total, is the
/// end: a system may give fewer items than it is asked for.
fn after(page: &Paging, turned: &Turned, first: u64, step: u64) -> Result<Option<PageToken>, Fault> {
    let (at, mark) = turned.token.map_or((first, 0), numbered);
    let seen = match page.kind {
        PageKind::Number(..) => None,
        _ => Some(at - first + turned.items.len() as u64),
    };
    let is_last = seen.zip(total(page, turned)).is_some_and(|(seen, total)| seen >= total);
    if turned.items.is_empty() || is_last {
        return Ok(None);
    }
    let own = mark_of(turned.items);
    if own == mark { Err(endless()) } else { Ok(Some(PageToken(format!("{}#{own}", at + step)))) }
}

/// The number and the mark in a token.
fn numbered(token: &str) -> (u64, u64) {
    let (number, mark) = token.split_once('#').unwrap_or((token, ""));
    (number.parse().unwrap_or(0), mark.parse().unwrap_or(0))
}

fn mark_of(items: &[Value]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for item in items {
        item.to_string().hash(&mut hasher);
    }
    hasher.finish().max(1)
}

fn endless() -> Fault {
    bad_answer(200, "the system gives the same page of its list again and again".to_owned())
        .with_hint("does the system know the way of paging that the manifest names?")
}

/// The target of the `Link` header with this relation.
fn link(reply: &Reply, relation: &str) -> Option<String> {
    let headers = reply.headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
    headers.flat_map(links).find(|(_, known)| *known == relation).map(|(target, _)| target.to_owned())
}

/// The links of a header: targets and relations.
fn links(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let relation = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("rel="))?;
        Some((target, relation.trim_end_matches([',', ' ']).trim_matches('"')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_have_targets_and_relations() {
        let header = r#"<https://h/a?after=1,2;x>; rel="self", <https://h/b>; title="n"; rel=next"#;
        let found: Vec<_> = links(header).collect();
        assert_eq!(found, [("https://h/a?after=1,2;x", "self"), ("https://h/b", "next")]);
    }

    #[test]
    fn a_parameter_is_set_once() {
        let mut url = Url::parse("https://h/x?a=1&offset=0").expect("an address");
        set(&mut url, "offset", "2 0");
        assert_eq!(url.query(), Some("a=1&offset=2+0"));
    }
}
