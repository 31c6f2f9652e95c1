//! Requests that another site made somebody's browser send.

use axum::http::{HeaderMap, Method, header};

/// Whether a request that changes something comes from our own pages, as the browser says it
/// (W3C Fetch Metadata; RFC 6454). Browsers send one of the two with everything but a plain
/// look at a page.
pub(super) fn is_own(method: &Method, headers: &HeaderMap) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str());
            origin.split_once("://").map(|(_, host)| host) == host && host.is_some()
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_send_nothing() {
        for (method, given, expected) in [
            (Method::GET, vec![], true),
            (Method::POST, vec![], false),
            (Method::POST, vec![("sec-fetch-site", "same-origin")], true),
            (
                Method::POST,
                vec![("sec-fetch-site", "cross-site"), ("origin", "http://h:1"), ("host", "h:1")],
                false,
            ),
            (Method::POST, vec![("sec-fetch-site", "none")], false),
            (Method::POST, vec![("origin", "http://h:1"), ("host", "h:1")], true),
            (Method::POST, vec![("origin", "http://h:2"), ("host", "h:1")], false),
            (Method::DELETE, vec![("origin", "null"), ("host", "h:1")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &given {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(is_own(&method, &headers), expected, "{method} {given:?}");
        }
    }
}
