//! Access tokens: `/oauth_token.do`.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Options;
use crate::serve::{Asked, reply};
use crate::tokens::{LIFETIME, Tokens};

/// Answers a request for a token: client credentials, or a user's name and password.
pub(super) fn answer(asked: &Asked, options: &Options, tokens: &Tokens, now: Timestamp) -> Response {
    let form = asked.form();
    let get = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let client = options.client.as_ref().map(|(id, secret)| (Some(id.as_str()), Some(secret.as_str())));
    if client.is_none_or(|client| client != (get("client_id"), get("client_secret"))) {
        return refused("invalid_client", "access_denied");
    }
    let is_user = (get("username"), get("password")) == (Some(&options.user), Some(&options.password));
    match get("grant_type") {
        Some("client_credentials") => given(tokens, now, None),
        Some("password") if is_user => given(tokens, now, Some(tokens.give(now))),
        Some("password") => refused("server_error", "access_denied"),
        _ => refused("unsupported_grant_type", "the grant type must be client_credentials or password"),
    }
}

fn given(tokens: &Tokens, now: Timestamp, refresh: Option<String>) -> Response {
    let mut body = json!({
        "access_token": tokens.give(now),
        "scope": "useraccount",
        "token_type": "Bearer",
        "expires_in": LIFETIME,
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    reply::json(StatusCode::OK, reply::JSON, &body)
}

fn refused(error: &str, description: &str) -> Response {
    let body: Value = json!({"error": error, "error_description": description});
    reply::json(StatusCode::UNAUTHORIZED, reply::JSON, &body)
}
