//! From an operation of a manifest to a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use provost_mapper::{Template, TemplateError};
use provost_net::{Body, Request, Url};

use super::HttpConnector;
use super::names::Names;
use crate::manifest::Call;

/// Everything but the unreserved characters of RFC 3986, section 2.3. A value in a path
/// can so neither end its segment nor begin a query.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl HttpConnector {
    /// Fills a request's templates. `names` is what they see besides `params`. Headers
    /// and parts of the query are left out whose value turns out to be empty.
    pub(super) fn request(&self, call: &Call, names: &Names) -> Result<Request, TemplateError> {
        let view = self.view(names);
        let mut url = below(&self.base, &call.path.text(&view, escape_segment)?);
        for (name, value) in &call.query {
            let name = name.text(&view, str::to_owned)?;
            let text = value.text(&view, str::to_owned)?;
            if !text.is_empty() || is_literal(value) {
                url.query_pairs_mut().append_pair(&name, &text);
            }
        }
        let mut headers = self.headers.clone();
        for (name, value) in &call.headers {
            headers.push((name.clone(), value.text(&view, str::to_owned)?));
        }
        headers.retain(|(_, value)| !value.is_empty());
        let body = call.body.as_ref().map(|body| body.value(&view)).transpose()?.map(Body::Json);
        Ok(Request { method: call.method.clone(), url, headers, body })
    }
}

/// The base and a path, joined with exactly one slash; the base alone where there is no path.
/// A path may carry a query.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    if !path.is_empty() {
        let base = base.path().trim_end_matches('/');
        url.set_path(&format!("{base}/{}", path.trim_start_matches('/')));
    }
    url.set_query(query);
    url
}

/// Whether a value stands there as it is. An empty one is meant to be sent.
fn is_literal(value: &Template) -> bool {
    !value.source().contains("{{")
}

/// Percent-encodes a value for a path. `.` and `..`, which would walk up the path however
/// they are written (WHATWG URL, 4.4), are encoded twice, so that they find nothing.
fn escape_segment(value: &str) -> String {
    match value {
        "." | ".." => value.replace('.', "%252E"),
        _ => utf8_percent_encode(value, SEGMENT).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_segment() {
        let cases = [
            ("a/b?c#d", "a%2Fb%3Fc%23d"),
            ("ann@example.com", "ann%40example.com"),
            ("Zoë", "Zo%C3%AB"),
            ("%2e", "%252e"),
        ];
        for (value, expected) in cases {
            assert_eq!(escape_segment(value), expected);
        }
        let mut url = Url::parse("https://h/api/now").expect("valid");
        url.set_path(&format!("/api/now/users/{}", escape_segment("a/../b")));
        assert_eq!(url.path(), "/api/now/users/a%2F..%2Fb");
        url.set_path(&format!("/api/now/users/{}", escape_segment("..")));
        assert_eq!(url.path(), "/api/now/users/%252E%252E");
    }
}
