//! The page between the provider and the console.

use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};

/// A page that goes on to another one.
///
/// It is a page and not a redirect, because the cookie of a session is `SameSite=Strict`: a
/// redirect still belongs to the click at the provider, so that the browser would follow it
/// without the cookie that came with it, and whoever has just signed in would be asked to sign
/// in. What a page of ours refreshes to is asked for by ourselves. Scripts are not needed.
pub(super) fn go_on(next: &str, cookies: [String; 2]) -> Response {
    let next = escaped(next);
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" \
         content=\"0;url={next}\">\n<title>Signed in</title>\n<p>You are signed in. <a href=\"{next}\">Go on</a></p>\n"
    );
    let [one, other] = cookies;
    let headers = [(header::SET_COOKIE, one), (header::SET_COOKIE, other)];
    // The address of this page holds the code, which is nobody's business.
    let quiet = [(header::REFERRER_POLICY, "no-referrer")];
    let mut response = (quiet, Html(page)).into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn escaped(text: &str) -> String {
    const ENTITIES: [(char, &str); 5] =
        [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")];
    let entity = |letter| ENTITIES.iter().find(|(known, _)| *known == letter).map(|(_, entity)| *entity);
    text.chars().fold(String::new(), |mut text, letter| {
        match entity(letter) {
            Some(entity) => text.push_str(entity),
            None => text.push(letter),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_within_their_quotes() {
        assert_eq!(escaped("/a?b=\"><script>'&"), "/a?b=&quot;&gt;&lt;script&gt;&#39;&amp;");
    }
}
