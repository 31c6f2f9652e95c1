//! The id that a system gave to a request: what its vendor asks for when somebody complains.

use http::HeaderMap;

/// The headers that hold it, those that mean one vendor first: what any server, or a proxy on
/// the way, may add comes after them.
const HEADERS: [&str; 23] = [
    "x-okta-request-id",
    "x-github-request-id",
    "x-slack-req-id",
    "x-zm-trackingid",
    "x-sfdc-request-id",
    "x-redlock-request-id",
    "opc-request-id",
    "atl-request-id",
    "atl-traceid",
    "x-arequestid",
    "x-ms-request-id",
    "x-goog-request-id",
    "x-amzn-requestid",
    "x-amzn-request-id",
    "x-amz-request-id",
    // Microsoft Graph; `client-request-id` is only what it was sent.
    "request-id",
    // ServiceNow.
    "x-transaction-id",
    "x-request-id",
    "x-requestid",
    "x-correlation-id",
    "x-correlationid",
    "x-trace-id",
    "cf-ray",
];

/// Longer ones are cut.
const MOST: usize = 200;

/// The id in the headers of an answer: at most 200 printable characters.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    HEADERS.iter().find_map(|name| {
        let value = headers.get(*name)?.as_bytes();
        let is_printable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
        let id: String = value.iter().copied().filter(is_printable).map(char::from).take(MOST).collect();
        Some(id.trim().to_owned()).filter(|id| !id.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn id(headers: &[(&'static str, &[u8])]) -> Option<String> {
        let header = |(name, value): &(&'static str, &[u8])| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value).expect("a header's value"))
        };
        request_id(&headers.iter().map(header).collect())
    }

    #[test]
    fn the_header_that_means_one_vendor_wins() {
        assert_eq!(id(&[("content-type", b"text/html")]), None);
        assert_eq!(
            id(&[("x-request-id", b"proxy"), ("x-okta-request-id", b"okta")]).as_deref(),
            Some("okta")
        );
        assert_eq!(id(&[("cf-ray", b"8f-FRA"), ("request-id", b"graph")]).as_deref(), Some("graph"));
        assert_eq!(id(&[("x-slack-req-id", b" "), ("x-request-id", b"a b")]).as_deref(), Some("a b"));
    }

    #[test]
    fn an_id_is_printable_and_short() {
        assert_eq!(id(&[("x-request-id", b"a\tb\xffc")]).as_deref(), Some("abc"));
        let long = [b'x'; 5000];
        assert_eq!(id(&[("x-request-id", &long)]).map(|id| id.len()), Some(MOST));
    }
}
