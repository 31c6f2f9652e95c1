//! The way to the provider.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::Settings;
use super::callback::cookie;
use super::flow::{self, Flow};
use super::metadata::Metadata;
use crate::console::encoded;
use crate::{App, Problem};

/// Sends a browser to the provider, with a cookie that knows what was asked.
pub(super) async fn start(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let log_in = app.log_in.as_ref().ok_or_else(unknown)?;
    let now = app.store.now();
    let metadata = log_in.metadata(now).await.map_err(|refusal| *refusal.problem)?;
    let flow = Flow::begin(&next(query.as_deref().unwrap_or_default()), now, &*app.random);
    let sealed = flow.seal(&app.vault, &*app.random).ok_or_else(|| Problem::bug("nothing can be sealed"))?;
    let cookie = cookie(log_in, &app, &sealed, flow::LASTS);
    let address = address(&log_in.settings, &metadata, &flow);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&address)).into_response())
}

/// Where nothing is configured.
pub(super) fn unknown() -> Problem {
    Problem::not_found("this server knows no identity provider").hint("sign in with an API key")
}

/// Where somebody wants to go.
fn next(query: &str) -> String {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("next=")).unwrap_or_default();
    percent_encoding::percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The question (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636, section 4.3).
fn address(settings: &Settings, metadata: &Metadata, flow: &Flow) -> String {
    let fields = [
        ("response_type", "code"),
        ("client_id", &settings.client_id),
        ("redirect_uri", &settings.redirect()),
        ("scope", &settings.scope()),
        ("state", &flow.state),
        ("nonce", &flow.nonce),
        ("code_challenge", &flow.challenge()),
        ("code_challenge_method", "S256"),
    ];
    let pairs = fields.map(|(name, value)| format!("{name}={}", encoded(value)));
    let address = &metadata.authorization;
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_read_from_the_query() {
        for (query, expected) in [
            ("", ""),
            ("next=%2Fruns%3Fa%3Db", "/runs?a=b"),
            ("a=b&next=/runs&next=/other", "/runs"),
            ("nextt=/runs", ""),
            ("next=%FF", "\u{fffd}"),
        ] {
            assert_eq!(next(query), expected, "{query}");
        }
    }
}
